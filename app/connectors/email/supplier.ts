import type { Supplier } from "#app/connectors/channels.ts";

/**
 * Resend stores account data (metadata of mails, logs, API records) in the United States, from whichever region a domain is set up to send:
 * https://resend.com/docs/dashboard/domains/regions. Companies of its own: https://resend.com/legal/subprocessors
 */
export const resend: Supplier = {
  name: "Resend",
  website: "https://resend.com/legal/dpa",
  region: "United States",
};
