import { domainToASCII } from "node:url";
import { relayMarketplace } from "#app/connectors/shopify/imports.ts";

/** `proxy`: a marketplace's relay, never to be written to by email. */
export type AddressKind = "ok" | "missing" | "malformed" | "proxy";

// What mail servers take without quoting. Letters beyond ASCII before the @ need SMTPUTF8, which the provider has not.
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;

/** Whether a mail may go to this address. Says nothing about whether anybody reads it. */
export function classifyAddress(address: string | null): AddressKind {
  const trimmed = address?.trim();
  if (!trimmed) return "missing";
  if (relayMarketplace(trimmed)) return "proxy";
  return sendableAddress(trimmed) ? "ok" : "malformed";
}

/**
 * The address in the form it can be sent to (a domain in another script as punycode), or null when it has no form that
 * mail servers take.
 */
export function sendableAddress(address: string): string | null {
  const trimmed = address.trim();
  const at = trimmed.lastIndexOf("@");
  const local = trimmed.slice(0, at);
  const domain = domainToASCII(trimmed.slice(at + 1));
  const fits = at > 0 && local.length <= 64 && local.length + 1 + domain.length <= 254;
  return fits && LOCAL.test(local) && DOMAIN.test(domain) ? `${local}@${domain}` : null;
}
