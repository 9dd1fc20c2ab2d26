// What personal data we hold, told once: “What we hold”, the privacy policy and the agreement are made from this list.
import type { DATA_CLASSES, DataClass } from "#app/features/privacy/register.ts";

/** Classes of data that say something about a person. */
export type PersonalClass = {
  [Kind in DataClass]: (typeof DATA_CLASSES)[Kind]["personal"] extends true ? Kind : never;
}[DataClass];

export const held: Record<PersonalClass, readonly string[]> = {
  buyer: ["first name", "last name", "email address"],
  mail: ["each message exactly as it was sent, with the buyer's address on it"],
  index: ["codes made of an email address, of a customer's number or of the number of an erased order"],
  purchase: [
    "order number",
    "products and quantities",
    "times of payment, shipping, delivery, cancellation and refund",
    "language, and time zone of the delivery",
    "parcel numbers with carrier and tracking link",
    "order and customer tags",
    "whether a company bought",
    "Shopify's customer number",
  ],
  payload: ["the raw notice of an order, a shipment or a mail"],
  request: ["whom a request is about"],
  credential: ["the tokens with which Aftercare may read orders and products"],
  staff: [
    "Shopify's number of whoever changed something",
    "the name of each of the store's staff who uses Aftercare, their role and the day they were last here",
    "the network address it was done from",
    "the store's contact address, and those that alerts go to",
  ],
};

/** As a sentence: "One, two and three". */
export function told(parts: readonly string[]): string {
  const text = parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
