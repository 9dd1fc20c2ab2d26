import type { RecordState } from "#app/connectors/domains.ts";

export const domain = {
  title: "Sending domain",
  add: {
    title: "Send from your own domain",
    body: "You need access to the place where your domain is managed, to add a few records there. It takes about ten minutes; nothing changes for your website or your other mail.",
    domain: "Your domain",
    domainHelp: "The one in your shop's address, such as example.com.",
    localPart: "Sender address",
    action: "Add domain",
    sharedTitle: "Until your domain is verified",
    shared: (cap: number) =>
      `Mails leave from our shared domain. They carry your shop's name, and replies go to you. At most ${cap} leave in 24 hours; the rest wait their turn.`,
  },
  states: { verified: "Verified", pending: "Not verified yet", failed: "Not found" } satisfies Record<
    RecordState,
    string
  >,
  recordStates: { verified: "Found", pending: "Waiting", failed: "Wrong or missing" } satisfies Record<
    RecordState,
    string
  >,
  added: "Domain added",
  removed: "Domain removed",
  checked: "Checked",
  overview: {
    title: "Verification",
    dkim: "DKIM",
    dkimHelp: "Signs your mails, so that nobody can pass theirs off as yours.",
    spf: "SPF",
    spfHelp: "Says who may send for you.",
    dmarc: "DMARC",
    dmarcHelp: "Says what mail services shall do with mails that are not from you. Large ones expect it.",
    dmarcStates: {
      present: (policy: string) => `Found (${policy})`,
      missing: "Missing",
      invalid: "Not readable",
      unknown: "Could not be looked up",
      unlooked: "Not looked up yet",
    },
  },
  verified: (address: string) => `Your mails leave from ${address}.`,
  pending: (cap: number) =>
    `Add the records below where your domain is managed, then check. Until they are found, mails leave from our shared domain, at most ${cap} in 24 hours.`,
  failed: "The records were not found in time. Compare them with what you entered, then check again.",
  checkedAt: (when: string) => `Last looked: ${when}`,
  check: "Check the records",
  checking: "Looking at your domain's records. This can take a minute.",
  stillWaiting:
    "Not found yet. Some providers need an hour, a few a day or two. You can leave this page and come back.",
  records: {
    title: "Records to add",
    titleFound: "Your records",
    body: "Copy each into your domain's settings. Many providers add the domain to the name by themselves: then the short name is the right one.",
    purposes: { DKIM: "DKIM", SPF: "SPF", MX: "SPF, for bounces", DMARC: "DMARC" },
    name: "Name",
    value: "Value",
    priority: "Priority",
    copy: (what: string, purpose: string) => `Copy ${what} of the ${purpose} record`,
    whole: (host: string) => `In full: ${host}`,
  },
  dmarcAdvice: {
    title: "Recommended",
    body: "Your domain has no DMARC record that can be read. This one is enough for mail services and changes nothing for your other mail.",
  },
  address: { title: "Sender address", label: "Mails leave from", saved: "Sender address saved" },
  remove: {
    action: "Remove domain",
    title: "Remove this domain?",
    body: "Mails leave from our shared domain again, with its limit. Adding the domain later means adding new records.",
    confirm: "Remove domain",
  },
};
