import type { Kept, Protection } from "#app/features/privacy/holdings.ts";
import type { DataClass } from "#app/features/privacy/register.ts";
import { RETENTION, type Retention } from "#app/features/privacy/retention.ts";

import { held, told } from "#app/ui/words/en/held.ts";

type KindWords = { title: string; what: string; why: string };

const days = (count: number) => (count === 1 ? "1 day" : `${count.toLocaleString("en")} days`);
const and = (parts: string[]) =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
const counted = (count: number, one: string, many: string) =>
  count === 1 ? `1 ${one}` : `${count.toLocaleString("en")} ${many}`;

export const holdings = {
  title: "What we hold",
  intro:
    "Everything Aftercare keeps for your store: what it is, why, and for how long. The numbers are counted as you open this page.",
  people: "About people",
  things: "About your store",
  held: "Held",
  oldest: "Oldest",
  kept: "Kept for",
  why: "Why",
  nothing: "Nothing",
  records: (count: number) => counted(count, "record", "records"),
  protection: {
    sealed: "Encrypted",
    hashed: "Fingerprint only",
    partly: "Partly encrypted",
    plain: "Not personal, not encrypted",
  } satisfies Record<Protection, string>,
  plainPersonal: "Protected by access",
  kinds: {
    buyer: {
      title: "Names and email addresses of buyers",
      what: `${told(held.buyer)} on an order. No phone number, no street, no payment details: those are never read.`,
      why: "To send the message about what was bought, and to greet the buyer by name.",
    },
    mail: {
      title: "Mails as they were sent",
      what: `${told(held.mail)}.`,
      why: "So you can see what a buyer got, and so a mail that was interrupted can be repeated unchanged.",
    },
    index: {
      title: "Fingerprints of addresses and orders",
      what: `${told(held.index)}, with your store's own key. They can be compared, but not turned back.`,
      why: "To write to nobody twice, never again to an address that bounced or called a mail spam, and to keep what was erased from coming back. Those last two stay as long as Aftercare is installed.",
    },
    purchase: {
      title: "What was ordered",
      what: `${told(held.purchase)}.`,
      why: "To decide which message is sent and when, and to stop it when an order is cancelled or refunded.",
    },
    payload: {
      title: "Events from Shopify that are being read",
      what: `${told(held.payload)}, until it has been taken in.`,
      why: "So that nothing is lost when something goes wrong. Those that could not be read wait for a second try.",
    },
    request: {
      title: "Privacy requests in progress",
      what: `${told(held.request)}, until it has been answered.`,
      why: "To find the buyer's data and give it out, correct it or erase it.",
    },
    credential: {
      title: "Access to your store",
      what: `${told(held.credential)}.`,
      why: "Shopify asks for them each time. They are deleted the moment you uninstall.",
    },
    staff: {
      title: "Your team",
      what: `${told(held.staff)}. No names.`,
      why: "So you can see who did what, and so we can reach you.",
    },
    setup: {
      title: "Your triggers, templates and settings",
      what: "What you wrote and chose.",
      why: "It is what Aftercare does for you.",
    },
    product: {
      title: "Products",
      what: "Title, type, vendor, tags, collections and pictures of products that were ordered.",
      why: "To match triggers, and to show the product in a message.",
    },
    record: {
      title: "What happened when",
      what: "Numbers, states and times of everything above, without anybody's name.",
      why: "To show you what was sent and why, and to prove it.",
    },
  } satisfies Record<DataClass, KindWords>,
  /** What is kept so long, where a kind has several times. */
  parts: {
    buyer: "With an order",
    mail: "Mails",
    records: "Orders and their messages",
    audit: "Activity",
    inbox: "Notices from Shopify",
    export: "Answers to requests",
    evidence: "Requests and receipts",
    platform: "What the app needs to run",
    answered: "Requests in progress",
    shop: "What stays until you uninstall",
  } satisfies Record<Kept, string>,
  part: (rows: string, time: string) => `${rows}, kept ${time.charAt(0).toLowerCase()}${time.slice(1)}`,
  time: (kind: Kept, kept: Retention): string => {
    switch (kind) {
      case "buyer":
        return `${days(kept.buyer)} after the order's last event, ${days(kept.marketplaceBuyer)} for marketplaces`;
      case "mail":
        return `${days(kept.mail)} after sending, ${days(kept.marketplaceMail)} for marketplaces`;
      case "records":
        return `${days(kept.records)} after the order's last event`;
      case "audit":
        return days(kept.audit);
      case "inbox":
        return `${days(RETENTION.inbox.days)} at most`;
      case "export":
        return days(RETENTION.export.days);
      case "evidence":
        return `${RETENTION.evidence.days / 365} years, as proof of what was done`;
      case "platform":
        return "As long as it is needed";
      case "answered":
        return "Until it has been answered";
      case "shop":
        return "As long as Aftercare is installed";
    }
  },
  chart: {
    title: "Orders held, by month",
    body: "An order first loses its buyer, and is later deleted whole.",
    withBuyer: "With name and address",
    without: "Without their buyer",
    before: (month: string) => `${month} or earlier`,
    caption: "Orders held, by the month they were placed in",
    month: "Month",
    empty: "No orders yet.",
  },
  needs: {
    title: "Why Aftercare may read it",
    body: "What Shopify protects is asked for only for what you have switched on.",
    used: "In use",
    unused: "Not in use",
    never: "Never read",
    kinds: {
      customer: "Order, language, country and region",
      name: "Name",
      email: "Email address",
      phone: "Phone number",
      address: "Street address",
      read_customers: "Customer tags and business buyers",
    },
    noTrigger: "No trigger is live, so no buyer is written to.",
    notAllowed: "Not allowed by your store, and no trigger needs it.",
    allowedUnused: "Allowed by your store, but no trigger needs it now.",
  },
  form: {
    title: "How long it is kept",
    body: "What is older is erased every night. Shortening a time erases what is then past it; it can't be brought back.",
    unit: "days",
    range: (min: number, max: number) => `Between ${min} and ${max} days.`,
    fields: {
      buyer: "Names and email addresses of buyers",
      marketplaceBuyer: "Names and addresses, marketplace orders",
      mail: "Mails as they were sent",
      marketplaceMail: "Mails, marketplace orders",
      records: "Orders and their messages",
      audit: "Activity of your team",
    } satisfies Record<keyof Retention, string>,
    help: {
      buyer:
        "Counted from the order's last event: delivered, shipped or placed. Never while a message still waits.",
      marketplaceBuyer: "Amazon, TikTok Shop, eBay and others end it 30 days after delivery.",
      mail: "Counted from when it was sent.",
      marketplaceMail: "",
      records: "Then the order is deleted with all that belongs to it.",
      audit: "Who changed what, on the page Activity.",
    } satisfies Record<keyof Retention, string>,
    saved: "Times saved",
    confirm: {
      title: "Keep data for a shorter time?",
      erases: (what: string) => `The next nightly sweep erases ${what}. This can't be undone.`,
      nothing: "Nothing is past the new times now, so nothing is erased at once.",
      action: "Save and erase",
      save: "Save",
      failed: "We could not count what would be erased. Please try again.",
    },
    expiring: (counts: { buyers: number; mails: number; orders: number; audits: number }): string =>
      and(
        [
          counts.buyers > 0 &&
            counted(counts.buyers, "buyer's name and address", "buyers' names and addresses"),
          counts.mails > 0 && counted(counts.mails, "mail", "mails"),
          counts.orders > 0 && counted(counts.orders, "order", "orders"),
          counts.audits > 0 && counted(counts.audits, "entry of your activity", "entries of your activity"),
        ].filter((part) => part !== false),
      ),
  },
  storage: {
    title: "Where it is stored",
    region: "Region",
    regionUnknown: "Not stated by whoever runs this installation",
    encryption: "Encryption",
    encryptionBody:
      "AES-256, under a key that is your store's alone. Without it, even a copy of the database tells no name.",
    backups: "Backups",
    backupsBody: (keep: number, keys: number) =>
      `Made daily, encrypted, deleted after ${days(keep)}. Copies of keys live ${days(keys)}: so long after an erased store's key is destroyed, its data can't be read from any backup.`,
    backupsNone: "None are made by Aftercare itself here",
    lastBackup: "Last backup",
    lastDrill: "Restore rehearsed",
    never: "Not yet",
  },
  sweeps: {
    title: "Erased because its time was up",
    last: (when: string) => `Last looked through ${when}.`,
    none: "Not looked through yet. It is done every night.",
    empty: "Nothing of your store was past its time so far.",
    counts: (counts: Record<string, number>): string => {
      const names: Record<string, [one: string, many: string]> = {
        "orders.buyer": ["buyer's name and address", "buyers' names and addresses"],
        "messages.mail": ["mail's text", "mails' texts"],
        orders: ["order", "orders"],
        messages: ["message record", "message records"],
        audit_events: ["entry of activity", "entries of activity"],
        privacy_exports: ["answer to a request", "answers to requests"],
      };
      const told = Object.entries(names).flatMap(([key, [one, many]]) =>
        counts[key] ? [counted(counts[key], one, many)] : [],
      );
      const rest = Object.entries(counts).reduce((sum, [key, rows]) => (key in names ? sum : sum + rows), 0);
      return and(rest > 0 ? [...told, counted(rest, "detail of them", "details of them")] : told);
    },
  },
};
