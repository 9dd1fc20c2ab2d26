import type { EvidenceFacts, EvidenceName, ReadingState } from "#app/features/trust/evidence.ts";
import type { RetentionClass } from "#app/features/privacy/retention.ts";

/** Writes a moment as the reader's page does. */
type Date = (at: string) => string;
type Lines = { [Name in EvidenceName]: (facts: EvidenceFacts[Name], date: Date) => string };

const count = (n: number, one: string, many: string) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
const list = (names: string[]) => names.join(", ");

const classes: Record<RetentionClass, string> = {
  buyer: "names and addresses",
  mail: "mails",
  records: "orders",
  audit: "activity",
  inbox: "webhooks",
  export: "exports",
  evidence: "receipts",
  platform: "the installation's own",
};

const lines: Lines = {
  purposes: ({ templates, messages }) =>
    messages === 0
      ? `${count(templates, "template", "templates")}; no message has been made yet.`
      : `${count(templates, "template", "templates")}, each with one purpose. ${count(messages, "message", "messages")}, each about one order.`,
  messageRecords: ({ messages, attempts, newest }, date) =>
    newest
      ? `${count(messages, "message", "messages")} and ${count(attempts, "attempt", "attempts")} on record, the newest of ${date(newest)}.`
      : "No message has been made yet.",
  releases: ({ live, unreviewed, altered, newest }, date) =>
    altered > 0
      ? `${count(altered, "live release is", "live releases are")} not what was approved. Nothing of it is sent.`
      : live === 0
        ? "Nothing is live."
        : unreviewed > 0
          ? `${unreviewed} of ${count(live, "live trigger", "live triggers")} went live before there were reviews, and nobody has reviewed them.`
          : `${count(live, "live trigger", "live triggers")}, each reviewed, the last ${newest ? `on ${date(newest)}` : ""}.`,
  register: ({ tables, columns, personal, unlisted }) =>
    unlisted > 0
      ? `${count(unlisted, "column", "columns")} of the database are not on the list.`
      : `${columns} columns in ${tables} tables are on the list; ${personal} of them hold personal data or a key to it.`,
  encryption: ({ columns, looked, open, keyId }) =>
    keyId === null
      ? "This shop has no key."
      : open > 0
        ? `${count(open, "value", "values")} of ${looked} are not encrypted under this shop's key.`
        : `On, with AES-256-GCM in ${columns} columns. ${count(looked, "value", "values")} looked at just now, all under key ${keyId}.`,
  tokens: ({ held, open }) =>
    held === 0
      ? "No token is held."
      : open > 0
        ? `${count(open, "token", "tokens")} of ${held} are not encrypted.`
        : `${count(held, "token is", "tokens are")} held, encrypted.`,
  keyring: ({ keyId, older }) =>
    older === 0
      ? `All keys lie under the newest key, ${keyId}.`
      : `${count(older, "key", "keys")} still lie under an older key than ${keyId}.`,
  databaseWall: ({ tables, walled }) =>
    `${walled} of ${tables} tables that name a shop are walled off by the database itself.`,
  databaseRole: ({ plain }) =>
    plain
      ? "The app's login can't look past that wall."
      : "The app's login could look past the wall between shops.",
  databaseConnection: ({ version, sameMachine, privateAddress }) =>
    sameMachine
      ? "The database runs on the same machine; nothing leaves it."
      : [
          version
            ? `Connected to the database with ${version}`
            : "Connected to the database without encryption",
          privateAddress ? "at a private address." : "at a public address.",
        ].join(", "),
  address: ({ https, refusesHttp }) =>
    `The app's address ${https ? "is https" : "is plain http"}; ${refusesHttp ? "plain HTTP is refused." : "outside production plain HTTP is allowed."}`,
  environment: ({ name, https }) =>
    name === null
      ? "The databases carry no mark of their environment yet."
      : `The databases are marked as those of “${name}”, and refuse any other; the address is ${https ? "https" : "plain http"}.`,
  auditTrail: ({ entries, newest, verifiedAt, broken, overdue }, date) => {
    if (!newest) return "Nothing has been recorded yet.";
    const recorded = `${count(entries, "entry", "entries")}, the newest of ${date(newest)}.`;
    if (broken) return `${recorded} A check found the chain broken.`;
    if (verifiedAt && overdue) return `${recorded} Not verified since ${date(verifiedAt)}.`;
    return verifiedAt ? `${recorded} Verified ${date(verifiedAt)}.` : `${recorded} Not verified yet.`;
  },
  configuration: ({ changes, unreviewed, newest }, date) =>
    newest === null
      ? "Nothing has been noted yet."
      : changes === 0
        ? `Unchanged since ${date(newest)}.`
        : `${count(changes, "change", "changes")} noted, the newest on ${date(newest)}${unreviewed > 0 ? `; ${unreviewed} not reviewed yet.` : ", all reviewed."}`,
  sweep: ({ at, deletedAt, rows }, date) =>
    at === null
      ? "No sweep has run yet."
      : deletedAt === null
        ? `Last swept ${date(at)}; nothing of this shop was past its time so far.`
        : `Last swept ${date(at)}. Of this shop ${count(rows, "row was", "rows were")} deleted ${date(deletedAt)}.`,
  oldest: ({ classes: held, overdue }, date) => {
    const some = held.filter(({ at }) => at !== null);
    if (some.length === 0) return "Nothing is held yet.";
    const parts = some.map(
      ({ class: name, at, days }) =>
        `${classes[name]} since ${date(at ?? "")}${days ? ` (kept ${count(days, "day", "days")})` : ""}`,
    );
    const late = overdue > 0 ? ` ${count(overdue, "item is", "items are")} past their time.` : "";
    return `Oldest: ${parts.join("; ")}.${late}`;
  },
  purge: ({ at, hours, keyBackupsGoneAt, drillAt, drillPassed }, date) =>
    [
      at
        ? `Last purge of a shop in this installation ${date(at)}, done ${hours < 1 ? "less than an hour" : `${Math.ceil(hours)} hours`} after the uninstall.`
        : "No shop has been purged in this installation yet.",
      keyBackupsGoneAt ? `Backups of its key run out ${date(keyBackupsGoneAt)}.` : "",
      drillAt === null
        ? "No rehearsal has run yet."
        : drillPassed
          ? `Last rehearsed ${date(drillAt)}: nothing was left.`
          : `The rehearsal of ${date(drillAt)} failed.`,
    ]
      .filter((sentence) => sentence !== "")
      .join(" "),
  requests: ({ open, overdue, nextDue }, date) =>
    open === 0 || !nextDue
      ? "No request is open."
      : `${count(open, "request is", "requests are")} open, the next due ${date(nextDue)}${overdue > 0 ? `; ${overdue} overdue.` : "."}`,
  backups: ({ configured, at, rehearsedAt }, date) =>
    configured
      ? [
          at ? `Last backup ${date(at)}.` : "No backup has been made yet.",
          rehearsedAt ? `Restore last rehearsed ${date(rehearsedAt)}.` : "No restore has been rehearsed yet.",
        ].join(" ")
      : "No place for backups is set up.",
  scopes: ({ asked, granted, beyond }) =>
    beyond.length > 0
      ? `Granted without being needed: ${list(beyond)}.`
      : granted.length === 0
        ? `Asked for: ${list(asked)}. Shopify has not told yet what is granted.`
        : `Granted: ${list(granted)}. Nothing beyond what is needed.`,
  fields: ({ fields, payment }) =>
    `${count(fields, "personal field is", "personal fields are")} read from an order; ${payment === 0 ? "none is" : `${payment} are`} about payment.`,
  dependencies: ({ checkedAt, state, packages, serious }, date) =>
    checkedAt === null
      ? "Not checked yet for this version."
      : state === "unknown"
        ? `The advisory service could not be reached on ${date(checkedAt)}.`
        : serious > 0
          ? `${count(serious, "serious vulnerability", "serious vulnerabilities")} known on ${date(checkedAt)}.`
          : `${count(packages, "package", "packages")} checked ${date(checkedAt)}: no serious vulnerability known.`,
  suppliers: ({ names, unnamed, unannounced }) =>
    `${list(names)}${unnamed ? ", and a hosting company that is not named yet." : "."}${unannounced.length > 0 ? ` Not announced in time: ${list(unannounced)}.` : ""}`,
  supplierReview: ({ at }, date) =>
    at ? `Sub-processors reviewed ${date(at)}.` : "No review of the sub-processors has been recorded yet.",
  region: ({ region }) => (region ? `Data is stored in: ${region}.` : "The region has not been named yet."),
  policies: ({ privacy, security }, date) =>
    [
      privacy
        ? `Privacy policy reviewed ${date(privacy)}.`
        : "The privacy policy has no recorded review yet.",
      security
        ? `Security policy reviewed ${date(security)}.`
        : "The security policy has no recorded review yet.",
    ].join(" "),
  securityContact: ({ expires, https }, date) =>
    https
      ? `security.txt is served and valid until ${date(expires)}.`
      : "security.txt counts only over https, and the app's address is plain http.",
  logs: ({ redacted, open }) =>
    open > 0
      ? `A line made just now let ${open} of ${redacted} kinds of fields through.`
      : `A line made just now blanked all ${redacted} kinds of fields that could hold a person or a token.`,
};

export const evidence = {
  lines,
  states: {
    good: "As promised",
    none: "Nothing yet",
    bad: "Not as promised",
    unknown: "Not known",
    off: "Not set up",
    due: "Due",
  } satisfies Record<ReadingState, string>,
  unread: "This could not be read just now.",
};
