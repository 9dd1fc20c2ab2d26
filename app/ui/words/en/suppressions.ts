import type { ImportFault, SuppressionKind, SuppressionReason } from "#app/features/messages/suppressions.ts";

export const suppressions = {
  title: "Opt-outs",
  intro:
    "Addresses that get no messages. Who opted out still gets safety warnings; where mail bounced or was called spam, nothing goes any more.",
  kept: (days: number) =>
    `An address is shown for ${days} days, as long as you keep buyers. After that, and when a customer asks to be erased, only a keyed hash is left: it still keeps messages away, but can't be read or downloaded. Download the list in time if you need it elsewhere.`,
  tabs: { "/app/suppressions": "Opt-outs", "/app/suppressions/unreached": "Not reached" },
  resource: { singular: "entry", plural: "entries" },
  columns: { address: "Address", reason: "Why", since: "Since", action: "Action" },
  reasons: {
    unsubscribed: "Unsubscribed",
    manual: "Added by you",
    bounced: "Bounced",
    complained: "Marked as spam",
    suppressed: "Refused by our mail service",
  } satisfies Record<SuppressionReason, string>,
  unknownReason: "Unclear",
  kinds: { opted_out: "Only warnings", undeliverable: "Nothing" } satisfies Record<SuppressionKind, string>,
  gone: "No longer held",
  filter: {
    label: "Show",
    all: "All entries",
    opted_out: "Opted out",
    undeliverable: "Can't be reached",
  },
  message: "The message",
  newer: "Newer entries",
  older: "Older entries",
  empty: {
    title: "Nobody has opted out",
    body: "Every mail carries an unsubscribe link. Who uses it, and whose mail bounces, shows here.",
  },
  nothingFound: { title: "No entries of this kind", body: "Choose another kind to see more." },
  find: {
    title: "Add or find an address",
    address: "Email address",
    help: "For a buyer who asked you by phone, mail or chat.",
    add: "Add",
    find: "Find",
    added: "Added. Only warnings go there from now on.",
    known: "It was on the list already.",
    free: (address: string) => `${address} isn't on the list.`,
    found: (address: string) => `${address} is on the list`,
  },
  lift: {
    action: "Take off",
    accessible: (address: string) => `Take off: ${address}`,
    title: "Take this address off the list?",
    bodies: {
      opted_out: "Only when the buyer asked for it. Messages skipped meanwhile aren't sent.",
      undeliverable:
        "Only when the address works again, such as after a full mailbox. Mails that bounce harm how your others arrive. Messages skipped meanwhile aren't sent.",
    } satisfies Record<SuppressionKind, string>,
    why: "Why",
    whyHelp: "Stays in the activity log. Name nobody.",
    confirm: "Take off",
    done: "Taken off the list",
  },
  files: {
    title: "Lists from and for elsewhere",
    help: "A CSV file with a column named email, at most 50,000 rows. A column named reason may say unsubscribed, manual, bounced, complained or suppressed; without it entries count as added by you.",
    import: "Import a list",
    drop: "Choose a CSV file",
    hint: "or drop it here",
    reading: "Reading the file",
    export: "Download CSV",
    name: "aftercare-opt-outs.csv",
    leftOut: (count: number) =>
      count === 1
        ? "1 entry is left out: its address is no longer held."
        : `${count} entries are left out: their addresses are no longer held.`,
    failed: "The download failed. Please try again.",
    notRead: "The file could not be read. Please try again: rows that were taken in already do no harm.",
    added: (count: number) => (count === 1 ? "1 address added" : `${count} addresses added`),
    known: (count: number) => `${count} were on the list already.`,
    bad: (count: number) => (count === 1 ? "1 row was not taken in:" : `${count} rows were not taken in:`),
    line: (line: number) => `Line ${line}`,
    faults: {
      no_address: "no address",
      not_an_address: "not an email address",
      unknown_reason: "a reason that we don't know",
    } satisfies Record<ImportFault, string>,
    badName: "rows-not-taken-in.csv",
    saveBad: "Download these line numbers",
    more: (count: number) => `and ${count} more`,
    unread: (line: number) =>
      `From line ${line} on nothing was read: the file is too long, or a quotation mark is never closed. Send the rest as another file.`,
  },
  unreached: {
    title: "Not reached",
    intro: "Buyers who should have had a message and didn't get it. Reach them another way where it matters.",
    columns: { order: "Order", why: "Why", due: "Due", links: "Open" },
    resource: { singular: "message", plural: "messages" },
    order: "Order in Shopify",
    empty: {
      title: "Everybody was reached",
      body: "When a message can't be delivered, its order shows here.",
    },
    name: "aftercare-not-reached.csv",
    newer: "Newer messages",
    older: "Older messages",
  },
};
