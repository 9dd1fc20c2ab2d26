export const help = {
  title: "Help",
  how: {
    title: "How it works",
    steps: [
      [
        "A buyer orders",
        "Shopify tells us at once. Each product in the order is compared with your triggers.",
      ],
      [
        "The clock starts",
        "With the payment, the shipping or the delivery of that very product, as the trigger says.",
      ],
      [
        "Only what was approved",
        "Trigger, text and rules are looked at in a review before anything is sent, and again whenever you change them.",
      ],
      ["The message waits", "You can see it under Messages, read it, and cancel it."],
      [
        "We check again",
        "Just before it leaves: was the order cancelled, the product refunded, the trigger stopped? Then nothing is sent.",
      ],
      [
        "It is sent once",
        "Never twice, whatever goes wrong on the way. What the mail service answered is kept with it.",
      ],
    ] as [title: string, body: string][],
  },
  faq: {
    title: "Questions",
    items: [
      [
        "Why did a buyer get no message?",
        "Open Messages and search for the order. A message that was stopped says why. If there is none, no trigger that was live fitted the order, or its clock has not started: a trigger that waits for the delivery needs the delivery to be reported, or its fallback to pass.",
      ],
      [
        "Do older orders get messages when a trigger goes live?",
        "Only if you say so in the review: it tells how many paid orders are not delivered yet, and you choose whether they get it.",
      ],
      [
        "What happens when I change a template or a trigger?",
        "Nothing, until it is reviewed: buyers go on getting what was approved. In the review you choose whether messages that wait move to the new text or stay with the old. What was sent stays as it was, word for word.",
      ],
      [
        "How do I undo a change that is live?",
        "Open the trigger and choose “Roll back to this” beside an earlier release: it is live again at once, and what waits is sent with it. “Stop” ends the trigger and cancels what waits.",
      ],
      [
        "Can a buyer get the same message twice?",
        "Not for the same order. A trigger can also be limited to once per buyer and product, so that a second order brings no second message.",
      ],
      [
        "Two triggers fit one order. Does the buyer get two mails?",
        "If they fall due close to each other they are put into one mail. How close is up to you, under Settings.",
      ],
      [
        "Is this marketing?",
        "No. The mails explain what a buyer bought: use, care, warnings, delivery, answers to questions. Please keep offers out of them; the law treats those differently.",
      ],
      [
        "Why do mails not come from my own address?",
        "Until your domain is verified they leave from our shared domain, with your name, and replies go to you. Add your domain under Settings.",
      ],
      [
        "What happens to the data when I uninstall?",
        "Sending stops at once. Then you usually have a day to change your mind: install Aftercare again and choose to keep everything. After that all of it is erased, at the latest 48 hours after you uninstalled.",
      ],
    ] as [question: string, answer: string][],
  },
  contact: {
    title: "Contact",
    body: "Write to us in any language. The name of the order or of the trigger helps us find the place.",
    action: "Write to support",
    privacy: "Privacy policy",
    security: "Security",
  },
};
