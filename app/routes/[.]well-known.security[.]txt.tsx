import { securityTxt } from "#app/features/trust/security-txt.ts";
import { systemClock } from "#app/platform/clock.ts";
import { env } from "#app/platform/env.ts";

/** Where whoever found a vulnerability looks first (RFC 9116). */
export function loader() {
  const { SHOPIFY_APP_URL, SUPPORT_EMAIL } = env();
  const text = securityTxt({ appUrl: SHOPIFY_APP_URL, email: SUPPORT_EMAIL, now: systemClock() });
  return new Response(text, {
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "public, max-age=3600" },
  });
}
