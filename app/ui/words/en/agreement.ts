// The data processing agreement, word for word as it is accepted. A change of a word is a new version (features/trust/records.ts).
import { held } from "#app/ui/words/en/held.ts";

const processed = (["buyer", "purchase", "staff"] as const).map((kind) => held[kind].join(", "));

export const agreement = {
  title: "Data processing agreement",
  intro:
    "Between you, the merchant who installs Aftercare (the controller), and us, who run this installation of it (the processor). It applies for as long as the app is installed and until your data is deleted, and follows Article 28 of the General Data Protection Regulation (GDPR).",
  sections: [
    [
      "1. What is processed, and why",
      `We process personal data of your buyers on your behalf for one purpose: to send them messages about products they bought from you, and to show you what became of those messages. Of a buyer: ${processed[0]}. Of an order: ${processed[1]}. Of your team: ${processed[2]}. From these are made the messages themselves and codes by which an address or an order is known again. No payment card data and no special categories of data are processed.`,
    ],
    [
      "2. Your instructions",
      "We process these data only on your documented instructions. Your settings, triggers and templates in the app are those instructions. We tell you if we believe that one of them breaks data protection law.",
    ],
    [
      "3. Confidentiality",
      "Everybody who may have access to the data is bound to confidentiality. Access is limited to those who need it for their work.",
    ],
    [
      "4. Security",
      "We keep the measures that the app's Trust page lists as kept, in particular encryption of personal data with a key of your shop's own, separation of shops in the database, and a log of privileged actions. We may replace a measure by one that protects at least as well.",
    ],
    [
      "5. Sub-processors",
      "You agree in general to the companies that the Trust page lists. We announce a new one or a replacement there at least 30 days before it happens. You may object within that time; if we can't agree, you may end this agreement by uninstalling the app before the change. We bind every sub-processor to the duties of this agreement and answer for it as for ourselves.",
    ],
    [
      "6. Transfers to other countries",
      "The Trust page says where each company processes data. Where that is outside the European Economic Area and no adequacy decision covers it, we rely on the European Commission's standard contractual clauses.",
    ],
    [
      "7. Rights of buyers",
      "The app lets you see, export, correct and erase what is held on a buyer. Requests that reach us directly are passed on to you and are not answered without you. Requests that come through Shopify are carried out within Shopify's time limits.",
    ],
    [
      "8. Breaches",
      "When we learn of a breach of personal data, we tell you without undue delay, at the latest within 72 hours after it is confirmed: what happened, which data and buyers it concerns, what we are doing and what you should do. A person of ours does this by email to your store's contact address; the Trust page shows when the app does it by itself. We help you with the notices you owe to authorities and buyers.",
    ],
    [
      "9. Help",
      "We help you with data protection impact assessments and with questions of authorities, as far as they concern this processing.",
    ],
    [
      "10. Deletion",
      "When you uninstall the app, all personal data of your shop are deleted within 48 hours. Data in backups become unreadable when the backups of your shop's key run out, on the date that the receipt states. A signed receipt without personal data is kept as evidence.",
    ],
    [
      "11. Evidence and audits",
      "The Trust page shows the evidence for these duties and hands it over as a file that you can check. Where that is not enough, you or an auditor you name may inspect the processing after notice of 30 days, in business hours, at most once a year unless an authority asks for it or a breach has happened.",
    ],
    [
      "12. Precedence",
      "Where this agreement and other terms between us differ about personal data, this agreement counts.",
    ],
  ] as [title: string, body: string][],
};
