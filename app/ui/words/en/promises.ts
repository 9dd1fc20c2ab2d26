import type { CommitmentId, Group, Missing, Status } from "#app/features/trust/commitments.ts";

/** A promise, and how it is kept (or what there is of it so far). */
type Row = { promise: string; how: string };

const data = {
  D1: {
    promise: "Only data that a feature needs is collected, and you can see what, why and for how long.",
    how: "Every column of the database is on one list with its class and purpose; a column that is missing from the list can't be released. “What we hold” is made from that list.",
  },
  D2: {
    promise:
      "Names, email addresses, mails and credentials are encrypted with AES-256, each shop under a key of its own.",
    how: "Buyers' names and email addresses, mails, requests, notices from Shopify, tokens, and your contact address are encrypted before they reach the database, so its backups hold only ciphertext of them. What was ordered, parcel numbers, tags and Shopify's numbers of people are not: the wall between shops and the database's own access protect them. A value that is moved to another row, column or shop no longer opens.",
  },
  D3: {
    promise: "Every connection is encrypted with TLS 1.2 or newer.",
    how: "Pages are refused over plain HTTP in production, and services outside are reached over HTTPS alone.",
  },
  D4: {
    promise: "Access tokens are stored encrypted and never leave the server.",
    how: "Tokens are decrypted only for the request that needs them and are sent to nobody but the platform that issued them. No page shows one.",
  },
  D5: {
    promise: "Every class of data has a time after which it is deleted.",
    how: "You choose the times within bounds. A daily sweep deletes what is past its time and leaves a signed receipt.",
  },
  D6: {
    promise: "When you uninstall, everything is deleted within 48 hours.",
    how: "Tokens go and sending stops in the same moment. The rest follows after a short grace, the shop's key first, and ends with a signed receipt.",
  },
  D7: {
    promise: "Requests about buyers' data that come through Shopify are answered in time, with evidence.",
    how: "Each request is recorded with its deadline the moment it arrives, is shown under Requests, and ends with a receipt.",
  },
  D8: {
    promise: "When a marketplace connection is revoked, its data is deleted at once.",
    how: "The orders of one connection can already be erased without touching the rest.",
  },
  D9: {
    promise: "Deleting an analytics workspace disconnects its sources and deletes what was set up.",
    how: "No analytics source is connected and no analytics data is held.",
  },
  D10: {
    promise: "A buyer's request to see or correct their data can be answered from inside the app.",
    how: "Under Requests you start an export, a correction or an erasure for a buyer yourself.",
  },
  D11: {
    promise: "Backups are encrypted and short-lived, and restoring one brings nothing erased back.",
    how: "Every erasure is also written to a journal outside the database. After a restore it is repeated before anything is shown or sent.",
  },
  D12: {
    promise: "No payment card data is collected or stored.",
    how: "Shopify is asked for named fields alone, and none of them is about payment. A test fails when one is added.",
  },
  D13: {
    promise:
      "Buyers' data is not sold, not profiled, and used for nothing but the message about their order.",
    how: "It goes to nobody but the sub-processors that are listed. The app has no advertising and no analytics of buyers.",
  },
  D14: {
    promise: "You can see in which region data is stored.",
    how: "The region is part of the installation's configuration and is shown on the Trust page and in the privacy policy.",
  },
  D15: {
    promise: "The database can't be reached from the internet, and connections to it are encrypted.",
    how: "The database itself walls shops off from each other, and the app refuses to start with a login that could look past that wall.",
  },
  D16: {
    promise: "Names and email addresses are read only for what you switched on.",
    how: "While no message is switched on, names and addresses of the orders that arrive are not kept. Whatever a condition needs beyond the order itself is an optional permission, asked for where you first use it.",
  },
};

const messaging = {
  M1: {
    promise: "A message is only ever about the buyer's own order, and is never marketing.",
    how: "Each template has one of five purposes: instructions, warnings, delivery, care, questions. A message can't exist without its order.",
  },
  M2: {
    promise: "A person reviews trigger, content, purpose and sending rules before anything is automated.",
    how: "What is saved is a draft. A review shows it against what is live and asks these four questions; only what was approved is sent, and a change needs a new review. A shop can ask for a second person, who did not write it.",
  },
  M3: {
    promise: "A marketplace's rules for writing to buyers are kept by construction.",
    how: "Orders of marketplaces are recognised and their buyers are never written to by email.",
  },
  M4: {
    promise: "Every message leaves a record: order, trigger, template version, state, times and errors.",
    how: "The record is written with the message itself and holds each attempt and what the mail service answered.",
  },
  M5: {
    promise: "Automation can be paused, handled by hand, restored, and is reviewed before it goes on.",
    how: "Sending can be paused by you and pauses by itself when the store refuses access. An earlier approved release is restored in one step.",
  },
};

const access = {
  A1: {
    promise: "Only people on an allowlist get into the support panel, by Google sign-in.",
    how: "There is no support panel, so none of our staff can look into a shop through the app.",
  },
  A2: {
    promise: "The support panel needs a second factor.",
    how: "There is no support panel.",
  },
  A3: {
    promise: "Staff see masked data by default; looking behind the mask needs a reason and is logged.",
    how: "There is no support panel.",
  },
  A4: {
    promise:
      "Privileged actions go to a log that can't be changed unnoticed, and you see every access to your shop.",
    how: "An entry is written together with the change it tells of, and Activity shows all of them. You sign in through Shopify. Our staff has no way into a shop; what one of us does by command is marked there as ours.",
  },
  A5: {
    promise: "Staff access is reviewed on a schedule and removed at once when it is no longer needed.",
    how: "There is no support panel.",
  },
  A6: {
    promise: "The app asks for the smallest permissions that work.",
    how: "Every permission has a reason in plain words. A test fails when one is asked for that nothing needs.",
  },
};

const change = {
  S1: {
    promise: "Secrets never lie in the source, and keys can be changed without interruption.",
    how: "Keys and secrets come from the environment alone. What older keys wrapped stays readable until it is wrapped anew.",
  },
  S2: {
    promise: "Development and production are separate, and one can't start with the other's secrets.",
    how: "The app checks its whole configuration at the start and refuses to run with one that is wrong.",
  },
  S3: {
    promise: "Dependencies are watched for known vulnerabilities; a serious one stops a release.",
    how: "Every package that runs in production is compared with the advisory service before a release. When the service can't be reached, that is shown as unknown and stops the release too.",
  },
  S4: {
    promise: "You know every company that processes data for us, and hear of changes beforehand.",
    how: "The list of sub-processors is made from what is configured. A change is announced there and by mail at least 30 days before it happens. A person reviews the companies at least once a year.",
  },
  S5: {
    promise: "Changes to what matters are recorded: who, when, before and after.",
    how: "Changes you make, and each review of them, are under Activity. Changes of permissions, addresses, hosting and storage are noted by the app itself when it starts, and reviewed by a named person.",
  },
  S6: {
    promise: "Logs hold no personal data and no secrets.",
    how: "Log lines carry ids, never people. Fields that could hold a person or a token are blanked whatever is in them, and error messages of others are not repeated.",
  },
  S7: {
    promise: "What is sent is what was approved; a mismatch is refused and opens an incident.",
    how: "A release's fingerprint is already checked whenever it is used; of an altered one nothing is sent, and you and we are told at once.",
  },
};

const incidents = {
  I1: {
    promise: "A documented process for incidents runs inside the product.",
    how: "Until then incidents are handled by people, outside the app.",
  },
  I2: {
    promise: "Sending, tokens and keys can be stopped or replaced by one button.",
    how: "You can pause sending of your own shop at any time.",
  },
  I3: {
    promise: "Which shops and which data an incident touches can be computed.",
    how: "The list of what is held is already complete.",
  },
  I4: {
    promise: "Affected merchants are told by email at the latest 72 hours after an incident is confirmed.",
    how: "The agreement binds us to it already. Until the app does it, a person does, by email to your store's contact address.",
  },
  I5: {
    promise: "Evidence is preserved, and a review is written before an incident is closed.",
    how: "Until then people see to it.",
  },
  I6: {
    promise: "Policies are reviewed at least once a year, and you see when.",
    how: "Each review is recorded with its date. One that is more than a year old is shown as overdue.",
  },
  I7: {
    promise: "Whoever finds a vulnerability finds how to report it, and gets an answer.",
    how: "The way is on the public page about security and in the file where researchers look for it. Reports reach a person, who answers and keeps the reporter informed.",
  },
};

const organisation = {
  O1: {
    promise: "Passwords have at least 12 characters; accounts are personal and never shared.",
    how: "A named person has to vouch for it, once a year.",
  },
  O2: {
    promise: "Devices with access are protected, and the network is watched for intruders.",
    how: "A named person has to vouch for it, once a year.",
  },
  O3: {
    promise: "Screens lock, desks are clear, and people are trained in security.",
    how: "A named person has to vouch for it, once a year.",
  },
  O4: {
    promise: "Security updates are installed at once, and production is watched.",
    how: "A named person has to vouch for it, once a year.",
  },
};

export const promises = {
  rows: { ...data, ...messaging, ...access, ...change, ...incidents, ...organisation } satisfies Record<
    CommitmentId,
    Row
  > as Record<CommitmentId, Row>,
  groups: {
    data: "Data",
    messaging: "Messages",
    access: "Access",
    change: "Secrets, changes and suppliers",
    incidents: "Incidents",
    organisation: "Our organisation",
  } satisfies Record<Group, string>,
  title: "Promises",
  show: "Show",
  all: "All",
  shown: (which: string, count: number) => `${which} (${count})`,
  standing: (kept: number, of: number) => `${kept} of ${of} kept`,
  vouched: (attested: number, of: number) => `${attested} of ${of} attested`,
  organisationBody:
    "No software can prove these. A named person has to vouch for each, and again every year.",
  waits: {
    support: "Comes with the support panel.",
    marketplaces: "Comes with the first marketplace. Today the app works with your Shopify orders alone.",
    analytics: "Comes with analytics. Today the app has none.",
    incidents: "Comes with the incident desk.",
    reviews: "Comes with reviewed releases.",
    desk: "Comes with the desk for messages by hand.",
  } satisfies Record<Missing, string>,
  notSetUp: "Whoever runs this installation has not set up what this needs.",
  status: {
    kept: "Kept",
    attention: "Needs attention",
    unknown: "Not known just now",
    unexercised: "Built, not exercised yet",
    not_here: "Not in this installation",
    due: "Review due",
    not_offered: "Not yet offered",
    attested: "Attested",
    attestation_due: "Attestation due",
  } satisfies Record<Status, string>,
  attested: (by: string, at: string, until: string) => `Attested by ${by} on ${at}, valid until ${until}.`,
  overdue: (by: string, until: string) => `${by} attested this until ${until}. It has to be renewed.`,
  unattested: "Nobody has attested this yet.",
};
