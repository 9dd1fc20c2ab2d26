import type { ProtectedField, Shop } from "#tests/sandbox/shopify/types.ts";

// Level 1 covers whole objects; level 2 single fields of them. Country and region of an address belong to level 1.
const OBJECTS = new Set([
  "Order",
  "OrderConnection",
  "Customer",
  "CustomerConnection",
  "Fulfillment",
  "Refund",
]);

const FIELDS: Record<string, ProtectedField> = {
  "Order.email": "email",
  "Order.phone": "phone",
  "Customer.email": "email",
  "Customer.defaultEmailAddress": "email",
  "Customer.phone": "phone",
  "Customer.defaultPhoneNumber": "phone",
  "Customer.firstName": "name",
  "Customer.lastName": "name",
  "Customer.displayName": "name",
  "MailingAddress.firstName": "name",
  "MailingAddress.lastName": "name",
  "MailingAddress.name": "name",
  "MailingAddress.company": "name",
  "MailingAddress.phone": "phone",
  "MailingAddress.address1": "address",
  "MailingAddress.address2": "address",
  "MailingAddress.city": "address",
  "MailingAddress.zip": "address",
  "MailingAddress.latitude": "address",
  "MailingAddress.longitude": "address",
  "MailingAddress.formatted": "address",
  "MailingAddress.formattedArea": "address",
};

const SEE = "See https://shopify.dev/docs/apps/launch/protected-customer-data for more details.";

/** Why the field stays null for this app in this shop; undefined when it may be read. */
export function protectedReason(shop: Shop, parent: string, field: string, type: string): string | undefined {
  if (OBJECTS.has(type) && !shop.protectedData.includes("customer")) {
    return `This app is not approved to access the ${type.replace("Connection", "")} object. ${SEE}`;
  }
  const needed = FIELDS[`${parent}.${field}`];
  if (needed && !shop.protectedData.includes(needed)) {
    return `This app is not approved to use the ${field} field. ${SEE}`;
  }
  return undefined;
}
