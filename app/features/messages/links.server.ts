// Guarantee: a link in a mail is ours, says what it is for, and names nobody: it holds the ids of a shop and of a row, signed.
import { openSigner } from "#app/platform/crypto/signing.ts";
import { isId } from "#app/platform/db/ids.ts";
import { env } from "#app/platform/env.ts";

/** What a link is for, and whose row it leads to: `unsubscribe` a message, `helped` a section of one, `alerts` an address for alerts. */
export type LinkKind = "unsubscribe" | "helped" | "alerts";
export type LinkTarget = { shopId: string; id: string };

/** The address without a target, which mails that nobody got by an order carry: it leads to the page of links that are over. */
export const linkTo = (kind: LinkKind, token = ""): string =>
  `${env().SHOPIFY_APP_URL}/${kind}?link=${token}`;

/**
 * The address of a link, the same at every call. What it is for is in the query, which no log keeps.
 */
export async function signLink(kind: LinkKind, target: LinkTarget): Promise<string> {
  const { signature } = (await openSigner()).sign(textOf(kind, target));
  const ids = Buffer.from((target.shopId + target.id).replaceAll("-", ""), "hex");
  return linkTo(kind, Buffer.concat([ids, Buffer.from(signature, "base64url")]).toString("base64url"));
}

/** Where a link leads; null when it is none of ours, or of another kind. Reads no database. */
export async function readLink(kind: LinkKind, token: string): Promise<LinkTarget | null> {
  if (!/^[\w-]{128}$/.test(token)) return null;
  const bytes = Buffer.from(token, "base64url");
  const id = (at: number) =>
    bytes.toString("hex", at, at + 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  const target = { shopId: id(0), id: id(16) };
  if (!isId(target.shopId) || !isId(target.id)) return null;
  const signer = await openSigner();
  const signature = bytes.subarray(32).toString("base64url");
  return signer.verify(textOf(kind, target), { keyId: signer.keyId, signature }) ? target : null;
}

const textOf = (kind: LinkKind, { shopId, id }: LinkTarget) => `aftercare link|${kind}|${shopId}|${id}`;
