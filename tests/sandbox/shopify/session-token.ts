import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

export interface SessionClaims {
  iss: string;
  dest: string;
  aud: string;
  sub: string;
  exp: number;
  nbf: number;
  iat: number;
  jti: string;
  sid: string;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const sign = (text: string, secret: string) => createHmac("sha256", secret).update(text).digest("base64url");

/** The token App Bridge hands to the app: HS256 with the app's secret, good for a minute. */
export function makeSessionToken(options: {
  shop: string;
  userId: string;
  apiKey: string;
  apiSecret: string;
  now: Date;
  seconds?: number | undefined;
}): string {
  const iat = Math.floor(options.now.getTime() / 1000);
  const claims: SessionClaims = {
    iss: `https://${options.shop}/admin`,
    dest: `https://${options.shop}`,
    aud: options.apiKey,
    sub: options.userId,
    exp: iat + (options.seconds ?? 60),
    nbf: iat,
    iat,
    jti: randomUUID(),
    sid: randomUUID(),
  };
  const text = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${text}.${sign(text, options.apiSecret)}`;
}

/** The claims of a token that is ours, of this shop and still valid; else undefined. */
export function readSessionToken(
  token: string,
  options: { shop: string; apiKey: string; apiSecret: string; now: Date },
): SessionClaims | undefined {
  const [head, body, signature, ...more] = token.split(".");
  if (!head || !body || !signature || more.length > 0) return undefined;
  const given = Buffer.from(signature);
  const right = Buffer.from(sign(`${head}.${body}`, options.apiSecret));
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  const claims = JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as SessionClaims;
  const seconds = options.now.getTime() / 1000;
  const valid =
    claims.aud === options.apiKey &&
    claims.dest === `https://${options.shop}` &&
    claims.exp > seconds - 10 &&
    claims.nbf < seconds + 10;
  return valid ? claims : undefined;
}
