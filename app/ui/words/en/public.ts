import type { RetentionClass } from "#app/features/privacy/retention.ts";
import { held, told, type PersonalClass } from "#app/ui/words/en/held.ts";

const days = (count: number) => {
  const years = count / 365;
  if (!Number.isInteger(years)) return `${count} days`;
  return years === 1 ? "1 year" : `${years} years`;
};

export const publicPages = {
  home: "Aftercare",
  nav: { privacy: "Privacy", security: "Security" },
  contact: "Questions about this page:",
  reviewed: (at: string) => `Last reviewed ${at}.`,
  unreviewed: "No review of this page has been recorded yet.",
  privacy: {
    title: "Privacy",
    lead: "What Aftercare holds, why, for how long, and who else sees it.",
    who: {
      title: "Who is responsible",
      body: "Aftercare works on behalf of the shops that install it. If you bought something and got a message about it, the shop is responsible for your data and we process it for them. Ask the shop, or write to us and we pass it on.",
    },
    use: {
      title: "What it is used for",
      body: "For one thing: a message about a product that was bought, sent at the right moment. Data is never sold, never used for advertising, and no profile of a buyer is made. No payment card data is collected.",
    },
    reads: {
      title: "What is read from an order",
      body: "Of a buyer, Shopify is asked for these personal fields and for no others. Besides come what was bought, the order's tags, whether a company bought, and the parcels with their numbers.",
      kinds: {
        customer: "The order",
        name: "Name",
        email: "Email address",
        phone: "Phone number",
        address: "Address",
      },
      notRead: "not read",
    },
    holds: {
      title: "What is held",
      body: "Everything that says something about a person, or opens a way to it:",
      classes: {
        buyer: ["Buyers", `${told(held.buyer)}, encrypted.`],
        mail: ["Mails", `${told(held.mail)}, encrypted.`],
        index: [
          "Keyed hashes",
          `${told(held.index)}, to know it again. They tell nothing without the shop's key.`,
        ],
        purchase: ["Orders", `${told(held.purchase)}.`],
        payload: ["Incoming notices", `${told(held.payload)}, encrypted until it is read.`],
        request: ["Privacy requests", `${told(held.request)}, encrypted.`],
        credential: ["Access tokens", `${told(held.credential)}, encrypted.`],
        staff: ["The shop's people", `${told(held.staff)}. The last two are encrypted.`],
      } satisfies Record<PersonalClass, [name: string, what: string]>,
    },
    keeps: {
      title: "How long it is kept",
      body: "Deleted by the app itself, every day:",
      data: "Data",
      time: "Kept for",
      classes: {
        buyer: "Names and addresses of buyers",
        mail: "Mails as they were sent",
        records: "Orders without their buyer",
        audit: "Log of activity",
        inbox: "Incoming notices",
        export: "Exports for buyers",
        evidence: "Requests and receipts",
        platform: "Data of the installation itself",
      } satisfies Record<RetentionClass, string>,
      forDays: days,
      choice: (usual: number, min: number, max: number) =>
        `${days(usual)}; a shop may choose ${days(min)} to ${days(max)}`,
      marketplace: (count: number) => `at most ${days(count)} after delivery for orders of a marketplace`,
      always: "as long as the installation stands",
    },
    leaves: {
      title: "When a shop uninstalls",
      body: (grace: number, hours: number) =>
        `Access tokens are deleted and sending stops in the same moment. ${grace > 0 ? `After ${grace} hours, in which a shop may come back, everything else is deleted` : "Everything else is deleted at once"}; all of it within ${hours} hours of uninstalling. What remains is a signed receipt without personal data.`,
    },
    rights: {
      title: "Your rights",
      body: (count: number) =>
        `You can ask to see, correct or erase what is held on you, and object to it. Ask the shop you bought from: it can do all of this inside the app, and requests that come through Shopify are carried out within ${count} days. You may also complain to a data protection authority.`,
    },
    others: {
      title: "Who else receives data",
      body: "These companies process data for us. Changes are announced at least 30 days before.",
      where: "Where",
      region: (region: string) => `Data is stored in: ${region}.`,
    },
    cookies: {
      title: "Cookies",
      body: "The app sets no cookies for tracking, and these pages set none at all.",
    },
  },
  security: {
    title: "Security",
    lead: "How data is protected, and how to tell us when it is not.",
    report: {
      title: "Report a vulnerability",
      body: "Write to this address. Say what you found and how to see it again; please keep others' data out of the report, and give us time to mend it before you publish. A person answers, keeps you informed until it is mended, and names you if you wish. Whoever looks in good faith, without harming data or service, has nothing to fear from us.",
      file: "The same for machines:",
    },
    promises: {
      title: "What we promise",
      body: "Each promise is tied to the code that keeps it and to the tests that prove it. Where this installation does not keep one, or nothing has shown it yet, it says so. Merchants see the evidence for their shop inside the app.",
      attested:
        "These can't be proved by software. A named person has to vouch for each, and again every year; where nobody has, it says so.",
    },
  },
};
