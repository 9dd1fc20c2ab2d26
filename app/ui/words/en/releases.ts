const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

export const releases = {
  title: (number: number, trigger: string) => `Release ${number} of ${trigger}`,
  name: (number: number) => `Release ${number}`,
  states: {
    in_review: "In review",
    live: "Live",
    superseded: "Replaced",
    withdrawn: "Withdrawn",
    returned: "Sent back",
  },
  standing: {
    draft: "Draft",
    in_review: "In review",
    live: (number: number) => `Live ${number}`,
    changed: "Changes not live",
  },

  /** On the trigger's page. */
  card: {
    title: "State",
    fresh: "A draft sends nothing. Save it, look at it in a review, and approve it.",
    draft: "Nothing of it is sent yet. A review asks whether it is right, and makes it live.",
    inReview: "It waits to be approved. Until then what is live stays as it is.",
    live: "What is live is what you see here.",
    changed: "What you see here is not live yet. Buyers go on getting what was approved.",
    before: "It was released before there were reviews, and nobody has reviewed it.",
    review: "Review changes",
    reviewFirst: "Review and go live",
    open: "Open the review",
    saveFirst: "Save first: a review is about what is saved.",
    stop: "Stop",
  },
  stopping: {
    title: (name: string) => `Stop ${name}?`,
    titleMany: (number: number) => `Stop ${count(number, "trigger", "triggers")}?`,
    body: (waiting: number) =>
      waiting === 0
        ? "Nobody gets it any more. No message waits to be sent. It can go live again after a review."
        : `Nobody gets it any more, and ${count(waiting, "message that waits is", "messages that wait are")} cancelled. It can go live again after a review.`,
    bodyMany:
      "Nobody gets them any more, and what waits is cancelled. They can go live again after a review.",
    confirm: "Stop",
    done: (waiting: number) =>
      waiting === 0
        ? "Stopped"
        : `Stopped. ${count(waiting, "waiting message is", "waiting messages are")} cancelled.`,
  },
  list: {
    title: "Releases",
    help: "Each is exactly what was approved, and never changes.",
    submitted: "Submitted",
    approved: "Approved",
    returned: "Sent back",
    rolledBack: (number: number) => `Rolled back to release ${number}`,
    unreviewed: "Released before there were reviews",
    rollBack: "Roll back to this",
    rollBackTo: (number: number) => `Roll back to this: release ${number}`,
    more: (number: number) => `Show ${number} older`,
  },
  rollingBack: {
    title: (number: number) => `Roll back to release ${number}?`,
    body: (waiting: number) =>
      `It is live again at once, exactly as it was approved.${waiting === 0 ? "" : ` ${count(waiting, "message that waits is", "messages that wait are")} sent with it.`} Your draft stays as it is.`,
    confirm: "Roll back",
    done: (number: number) => `Live again, as release ${number}`,
  },

  page: {
    first: "Nothing of this trigger is live: all of it is new.",
    compared: (number: number) => `Compared with release ${number}.`,
    same: "The same as what is live.",
    altered:
      "This release is not what was submitted: its content was changed in the database. Nothing of it is sent, and it can't be approved. Send the trigger for review anew.",
    waitsForOther: "It waits for somebody else",
    waitsForOtherBody:
      "You wrote some of it, and in your shop a release is approved by somebody who did not. Ask a colleague to open this page.",
    returnedTitle: "Sent back",
    unreviewed: "It went live before there were reviews, so nobody has answered these questions.",
    replaced: "Another release has taken its place.",
    withdrawn: "It was withdrawn before it was approved, or the trigger was stopped.",
    rolledBack: (number: number) => `It says again what release ${number} said, which was approved then.`,
    toTrigger: "Open the trigger",
    trigger: "Trigger",
    products: "Products",
    addedTo: { include: "Now also", exclude: "Now left out" },
    removedFrom: { include: "No longer", exclude: "No longer left out" },
    content: "Content",
    subject: "Subject",
    body: "Message",
    newLanguage: "New language",
    goneLanguage: "Language taken away",
    unchanged: "Unchanged",
    sameLines: (number: number) => `… ${count(number, "line", "lines")} unchanged`,
    added: "Added:",
    removed: "Removed:",
    was: "Before:",
    is: "Now:",
    preview: "How it arrives",
    previewHelp: "With an invented buyer.",
    previewFailed: "It can't be shown: the template has a mistake.",
    language: "Language",
    rules: "Sending rules",
    facts: {
      purpose: "Purpose",
      event: "Counts from",
      wait: "Then waits",
      atOnce: "not at all",
      time: "Time of day",
      anyTime: "any",
      fallback: "Without a delivery report",
      fallbackNever: "waits for ever",
      fallbackDays: (number: number) => `counts from ${count(number, "day", "days")} after shipping`,
      frequency: "How often",
      minimum: "Minimum quantity",
      leavesOut: "Leaves out",
      nothing: "nothing",
      priority: "Priority",
      template: "Template",
      fallbackLocale: "Language where a buyer's is missing",
    },
  },

  review: {
    title: "Your review",
    recorded: "The review",
    questions: {
      trigger: "It is the right trigger",
      content: "It is the right content",
      purpose: "It is the right purpose",
      rules: "These are the right sending rules",
    },
    lookAt: {
      trigger: "Do buyers of these products need this, and no others?",
      content: "Every language: true, complete, and safe to follow?",
      purpose: (purpose: string) =>
        `${purpose}, and nothing else? These buyers never subscribed: nothing in it may advertise.`,
      rules: "When it is sent, how often, and to whom it is not?",
    },
    waiting: (number: number) =>
      number === 0 ? "No message waits." : `${count(number, "message waits", "messages wait")} to be sent.`,
    stay: "They stay with what they were planned with",
    move: "They are sent with this release",
    include: (number: number) =>
      `Also send it for ${count(number, "paid order that is", "paid orders that are")} not delivered yet`,
    includeHelp: "Else it is for orders placed after you approve. Looks 60 days back.",
    nothingToInclude:
      "It is for orders placed after you approve. No paid order from before waits to be delivered.",
    note: "Note",
    noteHelp: "For your records, or what should be different if you send it back.",
    approve: "Approve and go live",
    sendBack: "Send back",
    approved: "Approved. It is live.",
    returned: "Sent back",
    by: "By",
    when: "When",
    answers: "Answered",
    allYes: "Right trigger, content, purpose and sending rules",
    choice: "Messages that waited",
    choices: { stay: "Stayed with the release before", move: "Moved to this one" },
    included: "Paid orders from before",
    includedYes: "Included",
    includedNo: "Left alone",
    submittedBy: "Submitted by",
    submittedAt: "Submitted",
    hash: "Fingerprint",
  },
};
