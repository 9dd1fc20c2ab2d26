import type { Aspect } from "#app/features/trust/configuration.server.ts";
import type { Policy } from "#app/features/trust/records.ts";
import type { SupplierRole } from "#app/features/trust/suppliers.server.ts";

export const trust = {
  title: "Trust",
  summary: {
    title: "What we promise, and how it stands",
    body: "Each promise below says how it is kept and what shows it, in your store or in the whole installation. Whatever can be measured was measured when you opened this page.",
    kept: (kept: number, promised: number) => `${kept} of ${promised} promises kept`,
    attention: (count: number) =>
      count === 1 ? "1 promise needs attention" : `${count} promises need attention`,
    more: {
      due: (count: number) => (count === 1 ? "1 review due" : `${count} reviews due`),
      unexercised: (count: number) => `${count} built, not exercised yet`,
      not_here: (count: number) => `${count} not in this installation`,
      unknown: (count: number) => `${count} can't be shown just now`,
    },
    notOffered: (count: number) => `${count} not yet offered`,
    attested: (attested: number, all: number) => `${attested} of ${all} attested by a person`,
  },
  glance: {
    encryption: "Encryption",
    requests: "Open requests",
    sweep: "Retention",
    auditTrail: "Activity log",
    purge: "Deletion",
    dependencies: "Dependencies",
    region: "Region",
  },
  pack: {
    title: "For a vendor review",
    body: "One file with every promise and its evidence for this shop, the receipts with their signatures and the key to check them, sub-processors, agreement and retention. It holds nothing of your buyers and no secrets.",
    action: "Download evidence pack",
    failed: "The file could not be made. Please try again.",
    file: (shop: string, day: string) => `aftercare-evidence-${shop}-${day}.zip`,
  },
  agreement: {
    title: "Data processing agreement",
    missing: "You have not accepted the agreement yet. The app works all the same.",
    renewed: (version: string) => `There is a newer version (${version}) to read and accept.`,
    accepted: (version: string, at: string) => `Version ${version}, accepted ${at}.`,
    acceptedBy: (version: string, at: string, by: string) =>
      `Version ${version}, accepted ${at} by ${by.charAt(0).toLowerCase()}${by.slice(1)}.`,
    version: (version: string) => `Version ${version}`,
    read: "Read and accept",
    reread: "Read it",
    accept: "Accept the agreement",
    done: "Agreement accepted",
  },
  rows: {
    proof: (tests: number) => (tests === 1 ? "Proved by 1 test" : `Proved by ${tests} tests`),
    code: "Kept by",
  },
  suppliers: {
    title: "Sub-processors",
    body: "Other companies that process data for us. Made from what is configured; where the mail service stores data is what it tells itself.",
    unnamed: "Not named yet",
    unnamedRegion: "Not named yet",
    region: "Data is stored in",
    receives: "Receives",
    why: "Why",
    since: "In use since",
    roles: {
      email: {
        name: "Email",
        receives:
          "The buyer's email address and the finished mail, which holds what your template takes: name, order number, products.",
        why: "Delivers the messages.",
      },
      hosting: {
        name: "Hosting and database",
        receives: "Everything that is stored. Personal data and tokens are encrypted before they are.",
        why: "Runs the app.",
      },
    } satisfies Record<SupplierRole, { name: string; receives: string; why: string }>,
    planned: "Planned changes",
    none: "No change is planned. One would be announced here at least 30 days before.",
    announcement: (from: string, announced: string) => `From ${from}. Announced ${announced}.`,
    shopify: "Shopify, where your orders come from, is your own processor and not ours.",
  },
  changes: {
    title: "Changes to what the app is built on",
    body: "Permissions, addresses, sign-in, mail, hosting and storage. The app notes a change itself when it starts; a named person reviews it.",
    none: "Nothing has changed.",
    aspects: {
      scopes: "Permissions",
      address: "Addresses",
      sign_in: "Sign-in",
      mail: "Mail service",
      hosting: "Hosting",
      storage: "Storage",
    } satisfies Record<Aspect, string>,
    before: "Before",
    after: "After",
    reviewed: (by: string, at: string) => `Reviewed by ${by} on ${at}`,
    unreviewed: "Not reviewed yet",
    nothing: "none",
  },
  policies: {
    title: "Policies",
    body: "What the public reads of us.",
    names: { privacy: "Privacy policy", security: "Security", suppliers: "Sub-processors" } satisfies Record<
      Policy,
      string
    >,
    reviewed: (at: string) => `Last reviewed ${at}`,
    never: "No review recorded yet",
    securityTxt: "security.txt",
  },
};
