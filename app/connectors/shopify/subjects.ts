// Looks for the person in any webhook of Shopify's, also in one that could not be read as what it claims to be.
import { z } from "zod";
import { id, optionalText } from "#app/connectors/shopify/fields.ts";
import { nobodys, type WebhookSubject } from "#app/connectors/subjects.ts";

const maybeId = id.nullish().catch(null);
const maybeText = optionalText.catch(null);

const body = z
  .looseObject({
    id: maybeId,
    order_id: maybeId,
    email: maybeText,
    contact_email: maybeText,
    customer: z.looseObject({ id: maybeId, email: maybeText }).nullish().catch(null),
  })
  .catch({ id: null, order_id: null, email: null, contact_email: null, customer: null });

/** Never throws. */
export function shopifySubject(topic: string, payload: unknown): WebhookSubject {
  const seen = body.parse(payload);
  const emails = [seen.email, seen.contact_email, seen.customer?.email].filter(
    (each) => typeof each === "string",
  );
  return {
    ...nobodys,
    orderId: (topic.startsWith("orders/") ? seen.id : seen.order_id) ?? null,
    customerId: seen.customer?.id ?? null,
    emails,
  };
}
