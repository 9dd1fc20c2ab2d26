import type { Supplier } from "#app/connectors/channels.ts";

/** Where it stores mails, whichever region it sends them from: https://resend.com/docs/dashboard/domains/regions */
export const resend: Supplier = {
  name: "Resend",
  website: "https://resend.com/legal/dpa",
  region: "United States",
};
