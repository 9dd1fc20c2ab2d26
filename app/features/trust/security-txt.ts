// /.well-known/security.txt as RFC 9116 wants it. Browser-safe.
import { DAY_MS } from "#app/features/trust/records.ts";

/** The RFC recommends less than a year; half of one, from the first of the month, so that the file changes monthly. */
const LASTS_DAYS = 180;

export function securityTxtExpires(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1) + LASTS_DAYS * DAY_MS);
}

/** Its lines, for the app at `appUrl`. */
export function securityTxt({ appUrl, email, now }: { appUrl: string; email: string; now: Date }): string {
  const at = (path: string) => new URL(path, appUrl).href;
  return [
    `Contact: mailto:${email}`,
    `Contact: ${at("/security")}`,
    `Expires: ${securityTxtExpires(now).toISOString()}`,
    "Preferred-Languages: en",
    `Canonical: ${at("/.well-known/security.txt")}`,
    `Policy: ${at("/security")}`,
    "",
  ].join("\n");
}
