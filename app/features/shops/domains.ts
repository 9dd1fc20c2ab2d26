import { z } from "zod";

// Nobody but these services can publish records there, so a merchant would wait for ever.
const MAIL_SERVICES = new Set(
  (
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.uk yahoo.de ymail.com icloud.com me.com " +
    "mac.com aol.com gmx.com gmx.de gmx.net web.de t-online.de freenet.de mail.com mail.ru yandex.com yandex.ru proton.me " +
    "protonmail.com zoho.com orange.fr free.fr laposte.net wanadoo.fr libero.it qq.com 163.com"
  ).split(" "),
);

const hostname =
  /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/** People paste whole addresses; what counts is the host. Letters beyond ASCII become their DNS form. */
function hostOf(text: string): string {
  const typed = text.trim().toLowerCase();
  const host = typed.includes("@") ? typed.slice(typed.lastIndexOf("@") + 1) : typed;
  const address = /^https?:\/\//.test(host) ? host : `http://${host}`;
  return URL.canParse(address) ? new URL(address).hostname.replace(/^www\./, "").replace(/\.$/, "") : typed;
}

export function isMailService(domain: string): boolean {
  return MAIL_SERVICES.has(domain);
}

export const domainDraftSchema = z.object({
  domain: z
    .string()
    .max(300, "Enter a domain such as example.com.")
    .transform(hostOf)
    .refine((domain) => hostname.test(domain), "Enter a domain such as example.com.")
    .refine((domain) => !isMailService(domain), "This belongs to a mail service. Use a domain of your own.")
    .refine(
      (domain) => !/(^|\.)(myshopify|shopify)\.com$/.test(domain),
      "This belongs to Shopify. Use a domain of your own.",
    ),
  /** What stands before the @. */
  localPart: z
    .string()
    .trim()
    .toLowerCase()
    .regex(
      /^[a-z0-9](?:[a-z0-9._+-]{0,62}[a-z0-9])?$/,
      "Use letters, digits, dots and dashes, such as hello.",
    )
    .refine((text) => !text.includes(".."), "Use letters, digits, dots and dashes, such as hello."),
});
export type DomainDraft = z.infer<typeof domainDraftSchema>;
