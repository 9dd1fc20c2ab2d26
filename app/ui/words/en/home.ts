import type { GuideStep } from "#app/features/shops/guide.server.ts";

type StepWords = { title: string; body: string; action: string };

const some = (count: number, what: string) => (count === 1 ? `1 ${what}` : `${count} ${what}s`);

export const home = {
  title: "Home",
  switch: {
    label: "Send messages to buyers",
    live: "Sending is on",
    paused: "Sending is off",
    stopped: "Sending is stopped",
    badgeLive: "Live",
    badgeStopped: "Stopped",
    badgePaused: "Paused",
    liveBody: "Every message leaves by itself when it is due.",
    reasons: {
      not_started:
        "Nothing leaves yet. New orders are planned as soon as a trigger is live, so you can look at what would be sent first.",
      merchant:
        "Somebody on your team switched it off. New orders are still planned; nothing leaves until you switch it on.",
      returned: "Nothing leaves until you switch it on. New orders are planned as soon as a trigger is live.",
      suspected:
        "Shopify refused our access to your store for a day, so we switched sending off. Check what is planned, then switch it on.",
      refused: "Shopify refuses our access to your store. Nothing leaves until that is mended.",
      other: "New orders are still planned; nothing leaves until you switch it on.",
    },
    restored: (when: string) =>
      `We restored our database from a backup of ${when}. Messages may have left since: look at those marked Unclear, and at what is due, then switch sending on again.`,
    on: {
      title: "Switch sending on?",
      body: (overdue: number) =>
        overdue === 0
          ? "From now on each message leaves by itself when it is due."
          : overdue === 1
            ? "1 message fell due while sending was off. It is checked again and leaves within minutes. Cancel it under Messages first if you don't want that."
            : `${overdue} messages fell due while sending was off. They are checked again and leave within minutes. Cancel those you don't want under Messages first.`,
      confirm: "Switch on",
      done: "Sending is on",
    },
    off: {
      title: "Switch sending off?",
      body: "Nothing leaves until you switch it on again. Messages that fall due meanwhile wait, and leave then. What a mail service already accepted can't be called back.",
      confirm: "Switch off",
      done: "Sending is off",
    },
  },
  refused: {
    title: "Shopify refuses our access to your store",
    body: "We can't read orders, so no messages are planned or sent. Opening this page usually renews the access. If this notice stays after you reload, uninstall Aftercare and install it again at once: you will be asked whether to keep your triggers, templates and messages.",
    action: "Reload",
  },
  returned: {
    title: "Welcome back",
    body: (kept: { triggers: number; templates: number; orders: number }) =>
      `Everything from before is still here: ${some(kept.triggers, "trigger")}, ${some(kept.templates, "template")}, and ${some(kept.orders, "order")} with what was sent for ${kept.orders === 1 ? "it" : "them"}. Sending stays off until you switch it on.`,
    keep: "Keep everything",
    kept: "Everything is kept",
    fresh: "Start fresh",
    question: {
      title: "Start fresh?",
      body: "Everything from before is erased for good: your triggers, templates, settings and sending domain, all orders with their messages, and the list of addresses we no longer write to. You begin as on the first day. The signed receipt for what was erased is then in the evidence pack, on Privacy’s Trust page.",
      confirm: "Erase and start fresh",
      done: "You start fresh",
    },
  },
  guide: {
    title: "Set up Aftercare",
    progress: (done: number, of: number) => `${done} of ${of} steps done`,
    dismiss: "Put the guide away",
    restore: "Show the set-up guide",
    optional: "Optional",
    doneLabel: "Done",
    todoLabel: "To do",
    ready: "You're ready. Nothing more is needed.",
    steps: {
      template: {
        title: "Write a template",
        body: "The text of a message: how to use a product, how to care for it, what to watch out for. Start from one of ours.",
        action: "Choose a template",
      },
      trigger: {
        title: "Make a trigger live",
        body: "Says who gets the message and when: for example, everyone who buys the espresso machine, one day after delivery. Then look at it in a review, and approve it.",
        action: "Create a trigger",
      },
      sender: {
        title: "Say who is writing",
        body: "Buyers see your name and can reply to you. The law in many countries asks for your name and address at the foot of the mail.",
        action: "Fill in sender and footer",
      },
      domain: {
        title: "Send from your own domain",
        body: "Mails from your own address are trusted more. Until then they leave from our shared domain, with your name and a daily limit.",
        action: "Add your domain",
      },
      sending: {
        title: "Switch sending on",
        body: "Nothing leaves before you do.",
        action: "Go to the switch",
      },
    } satisfies Record<GuideStep, StepWords>,
  },
  chart: {
    title: "Messages this week",
    today: "Today",
    summary: (sent: number, planned: number) =>
      `${sent} sent in the last 7 days, ${planned} planned for the next 3 days.`,
    tableCaption: "Messages by day",
    day: "Day",
    parts: { good: "Delivered", open: "Sent, no answer yet", bad: "Not delivered", planned: "Planned" },
    empty: "No messages this week",
    emptyBody: "They show here as soon as an order meets one of your triggers.",
  },
  numbers: {
    sentToday: "Sent today",
    sentWeek: "Sent in 7 days",
    delivered: "Delivered",
    waiting: "Waiting",
    next: (when: string) => `Next: ${when}`,
    noNext: "None planned",
    held: "Held while sending is off",
    ofAnswered: "Of those we have an answer for",
  },
  attention: {
    title: "Needs your attention",
    none: "Nothing needs your attention.",
    failed: (count: number) =>
      count === 1 ? "1 message could not be sent" : `${count} messages could not be sent`,
    failedBody: "See why, and try again.",
    unknown: (count: number) =>
      count === 1 ? "1 message may or may not have left" : `${count} messages may or may not have left`,
    unknownBody: "The mail service never said. We don't repeat them, so that nobody is written to twice.",
    bounced: (count: number) =>
      count === 1 ? "1 message did not reach its buyer" : `${count} messages did not reach their buyers`,
    bouncedBody: "The address doesn't exist, or its owner called the mail spam. We won't write there again.",
    capped: (count: number) =>
      count === 1 ? "1 message waits for the shared domain" : `${count} messages wait for the shared domain`,
    cappedBody:
      "Its limit for 24 hours is reached; they leave as it frees up. Your own domain has no such limit.",
    events: (count: number) =>
      count === 1
        ? "1 event from Shopify could not be read"
        : `${count} events from Shopify could not be read`,
    eventsBody: "They are kept. See why, and read them again.",
    domain: (domain: string) => `${domain} is not verified yet`,
    domainBody: "Until it is, mails leave from our shared domain.",
    view: "View",
  },
};
