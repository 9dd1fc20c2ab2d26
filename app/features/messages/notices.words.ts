// Every word of the mails we write to merchants and staff, in one place: another language is another table like this one.
import type { NoticeFacts, NoticeKind } from "#app/features/messages/notices.ts";

export type NoticeWords = {
  subject: string;
  /** One paragraph each. */
  lines: string[];
  /** A page of the app, by its path; without one, the notice's own link. */
  action?: { label: string; path?: string };
};

const day = (fact: string | number | undefined): string => {
  const date = new Date(fact ?? "");
  return Number.isNaN(date.getTime())
    ? ""
    : date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
};

const request = (facts: NoticeFacts, label: string) => ({ label, path: `/app/privacy/${facts.requestId}` });

export const noticeWords = {
  export_ready: (facts) => ({
    subject: "A customer’s data is ready for you to hand over",
    lines: [
      "A customer of yours asked what is stored about them, and Shopify passed that on to us. We have put together everything Aftercare holds on them.",
      `Please open it in the app and give it to your customer by ${day(facts.dueAt)}. Downloading it, or marking it as handed over, completes the request.`,
    ],
    action: request(facts, "Open the request"),
  }),
  export_waiting: (facts) => ({
    subject: `A customer still waits for their data: please answer by ${day(facts.dueAt)}`,
    lines: [
      "Some time ago a customer of yours asked what is stored about them. What Aftercare holds has been ready since, but nobody has downloaded it or marked it as handed over.",
      `The law gives you until ${day(facts.dueAt)}.`,
    ],
    action: request(facts, "Open the request"),
  }),
  erasure_done: (facts) => ({
    subject: "A customer’s data was erased",
    lines: [
      "Shopify asked us to erase a customer of yours. Their name, their address and the mails to them are gone from Aftercare; that a mail was sent, and when, is kept without the person.",
      facts.orders === 1 ? "It concerned one order." : `It concerned ${facts.orders} orders.`,
      "You need not do anything. The request keeps a signed receipt.",
    ],
    action: request(facts, "See the receipt"),
  }),
  request_unreadable: (facts) => ({
    subject: `A ${facts.kind} request can’t be read`,
    lines: [
      `Shopify sent a ${facts.kind} request whose content is not as documented. It is recorded (${facts.requestId}) and its webhook lies among the dead letters.`,
      `It has to be answered by ${day(facts.dueAt)}.`,
    ],
  }),
  request_failed: (facts) => ({
    subject: `A ${facts.kind} request could not be answered`,
    lines: [
      `The request ${facts.requestId} failed; the log tells why. It is tried again every hour until it works.`,
      `It has to be answered by ${day(facts.dueAt)}.`,
    ],
  }),
  uninstall_suspected: (facts) => ({
    subject: "Aftercare can’t reach your store any more",
    lines: [
      `Shopify has refused our access to ${facts.shop} since ${day(facts.since)}, as it does when an app was removed, but we were never told so.`,
      "Sending is off until this is settled. If you still use Aftercare, open it once in your Shopify admin: that renews the access. If you removed it, your data is erased once Shopify tells us so; to have it erased sooner, answer this mail.",
    ],
    action: { label: "Open Aftercare", path: "/app" },
  }),
  shop_unreachable: (facts) => ({
    subject: `${facts.shop} may have uninstalled without our being told`,
    lines: [
      `Shopify has refused our token for ${facts.shop} since ${day(facts.since)}, but no app/uninstalled has come. Sending is off, nothing is erased, and the merchant was asked.`,
      `Find out whether the app is still installed there. If the store has left: npm run purge:confirm -- --shop ${facts.shop} --by NAME. It counts as an uninstall from then on and is purged after the grace. If it has not, nothing need be done: the suspicion ends once its token works again.`,
    ],
  }),
  purge_alarm: (facts) => ({
    subject: `Purge of ${facts.shop} is late: ${facts.hours} hours since the uninstall`,
    lines: [
      `The data of ${facts.shop} has to be gone by ${String(facts.dueAt)}. The purge goes on by itself; look at the log and the queue now.`,
    ],
  }),
  purge_drill_failed: (facts) => ({
    subject: "The rehearsal of a purge failed",
    lines: [
      facts.places
        ? `The weekly rehearsal erased an invented store, and afterwards something was not as it must be in: ${facts.places}.`
        : "The weekly rehearsal of a purge did not come to its end; the log tells why.",
      `No merchant’s data was touched, but a real purge would fare the same. Look at it before the next one is due. Receipt: ${facts.receiptId}.`,
    ],
  }),
  purges_stopped: (facts) => ({
    subject: "Automatic purging has stopped: too many stores look uninstalled",
    lines: [
      `${facts.shops} stores came under suspicion within an hour. That is more likely a fault of ours or of Shopify’s than so many uninstalls, so nothing is purged by itself until a person has looked and lifted the hold: npm run purge:lift.`,
    ],
  }),
  audit_broken: (facts) => ({
    subject: "The audit log does not verify",
    lines: [
      `Chain ${facts.chain} breaks at entry ${facts.entry}. Preserve the database and its backups before anything else.`,
    ],
  }),
  release_broken: (facts) => ({
    subject: "A message is not what you approved: nothing of it is sent",
    lines: [
      `Before it sends, Aftercare compares every message with what was approved. Release ${facts.number} of one of your triggers is not the same any more, so its messages were stopped.`,
      "Please look at the release, and send the trigger for review anew. We were told as well and find out how this came about.",
    ],
    action: { label: "Open the release", path: `/app/releases/${facts.releaseId}` },
  }),
  release_altered: (facts) => ({
    subject: "A stored release does not match its hash",
    lines: [
      `Release ${facts.releaseId} of store ${facts.shop} is not what was approved. Nothing of it is sent, and the merchant was told.`,
      "Somebody or something changed it in the database, past the trigger that forbids it. Find out how before anything else; the audit log and the backups hold what it was.",
    ],
  }),
  subprocessors_change: (facts) => ({
    subject: `From ${day(facts.date)} a new company helps us run Aftercare`,
    lines: [
      `${facts.name} joins the companies that process data for us on ${day(facts.date)}. What it receives, and why, is on the Trust page.`,
      "If you object, please answer this mail before that day.",
    ],
    action: { label: "Open the Trust page", path: "/app/trust" },
  }),
  alert_confirm: () => ({
    subject: "Do you want Aftercare’s alerts?",
    lines: [
      "An owner of the store entered this address so that it hears of failures, pauses, privacy requests and reviews that wait.",
      "Nothing more is sent here until you confirm. If you do not want these mails, simply leave this one alone.",
    ],
    action: { label: "Confirm this address" },
  }),
  digest: (_, gathered) => ({
    subject:
      gathered.length === 1 ? "Today’s summary: one alert" : `Today’s summary: ${gathered.length} alerts`,
    lines: ["Since the last summary:", ...gathered.map(({ subject }) => `• ${subject}`)],
    action: { label: "Open Aftercare", path: "/app" },
  }),
} satisfies Record<NoticeKind, (facts: NoticeFacts, gathered: NoticeWords[]) => NoticeWords>;

/** What stands under a mail to a merchant. */
export const noticeFooter = (shop: string, support: string) =>
  `You get this mail because Aftercare is installed in ${shop}. Questions? Write to ${support}.`;
