// Guarantee: a notice leaves once; in doubt it is repeated unchanged under its key, or settled unknown. Never to an address that refuses
// mail, nor for a shop that has gone.
import { setTimeout as wait } from "node:timers/promises";
import { channels, classifyAddress } from "#app/connectors/registry.ts";
import type { Mail, SendOutcome } from "#app/connectors/channels.ts";
import { openRecipient } from "#app/features/messages/alerts.server.ts";
import { signLink } from "#app/features/messages/links.server.ts";
import { noticeMail } from "#app/features/messages/notices.mail.ts";
import type { NoticeFacts, NoticeKind, NoticeState } from "#app/features/messages/notices.ts";
import { noticeWords } from "#app/features/messages/notices.words.ts";
import { LONGEST_PAUSE_MS, learnPace, readPause, takeSlot } from "#app/features/messages/pace.server.ts";
import { isUndeliverable } from "#app/features/messages/suppress.server.ts";
import { findShopById, type Shop } from "#app/features/shops/shops.server.ts";
import { openVault, type Place } from "#app/features/vault/vault.server.ts";
import type { Clock } from "#app/platform/clock.ts";
import { seal, sha256, unseal } from "#app/platform/crypto/crypto.ts";
import { findPlatformKey } from "#app/platform/crypto/keystore.ts";
import type { Notice } from "#app/platform/db/generated/client.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import { env } from "#app/platform/env.ts";
import { AppError } from "#app/platform/errors.ts";
import { log, withLogContext } from "#app/platform/log.ts";

const ACCOUNT = "email:default";
const LEASE_SECONDS = 60;
const HOUR_MS = 3_600_000;
const place = (row: string): Place => ({ table: "notices", column: "frozen_sealed", row });

/** One round: sends one notice that is due, or repeats one in doubt. @returns whether there was any */
export async function noticeRound(clock: Clock, signal?: AbortSignal): Promise<boolean> {
  if ((await readPause(ACCOUNT)) > LONGEST_PAUSE_MS) return false;
  const claimed = await claimNotice(clock());
  if (!claimed) return false;
  await withLogContext({ message: claimed.id, shop: claimed.shopId ?? undefined }, async () => {
    const notice = claimed.state === "sending" ? claimed : await freezeNotice(claimed, clock());
    if (notice) await sendNotice(notice, clock, signal);
  });
  return true;
}

async function claimNotice(now: Date): Promise<Notice | null> {
  return forPlatform("notices", async (tx) => {
    const [row] = await tx.$queryRaw<{ id: string }[]>`
      UPDATE notices SET attempts = attempts + 1, next_at = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
      WHERE id = (
        SELECT id FROM notices
        WHERE state IN ('planned', 'sending') AND due_at <= ${now} AND next_at <= clock_timestamp()
        ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING id`;
    return row ? tx.notice.findUnique({ where: { id: row.id } }) : null;
  });
}

type Addressed = { to: string; shop: Shop | null; recipientIndex: string | null };

/** Decides whom it goes to and fixes its bytes; null when it goes to nobody. */
async function freezeNotice(notice: Notice, now: Date): Promise<Notice | null> {
  return forPlatform("notices", async (tx) => {
    const addressed = await address(tx, notice);
    if ("state" in addressed) {
      await settle(tx, notice, addressed, now);
      return null;
    }
    const { SUPPORT_EMAIL, MAIL_SHARED_DOMAIN, SHOPIFY_APP_HANDLE } = env();
    const mail = noticeMail({
      id: notice.id,
      kind: notice.kind as NoticeKind,
      facts: notice.facts as NoticeFacts,
      to: addressed.to,
      gathered: await listGathered(tx, notice),
      link: addressed.shop ? await linkOf(addressed.shop.id, notice) : null,
      shop: addressed.shop,
      sender: { domain: MAIL_SHARED_DOMAIN, support: SUPPORT_EMAIL, appHandle: SHOPIFY_APP_HANDLE },
    });
    const frozen = {
      state: "sending" satisfies NoticeState,
      idempotencyKey: `aftercare-notice-${notice.id}`,
      frozenSealed: await sealMail(notice, mail),
      payloadHash: sha256(channels.email.freeze([mail])),
      frozenAt: now,
      recipientIndex: addressed.recipientIndex,
    };
    const { count } = await tx.notice.updateMany({
      where: { id: notice.id, state: "planned" },
      data: frozen,
    });
    return count === 1 ? { ...notice, ...frozen } : null;
  });
}

async function address(tx: Tx, notice: Notice): Promise<Addressed | Ending> {
  if (!(notice.kind in noticeWords)) return { state: "failed", reason: "unknown_kind" };
  if (notice.shopId === null) return { to: env().SUPPORT_EMAIL, shop: null, recipientIndex: null };
  const shop = await findShopById(tx, notice.shopId);
  if (shop?.state !== "installed") return { state: "cancelled", reason: "uninstalled" };
  const to = await openRecipient(tx, shop, notice);
  if (to === null) return { state: "cancelled", reason: "recipient_gone" };
  if (!to || classifyAddress(to) !== "ok") return { state: "failed", reason: "no_address" };
  const recipientIndex = (await openVault(shop.id)).blindIndex("email", to);
  const suppressed = await isUndeliverable(tx, shop.id, recipientIndex);
  return suppressed ? { state: "failed", reason: "suppressed" } : { to, shop, recipientIndex };
}

/** What a daily summary tells, in the order in which it happened. */
async function listGathered(tx: Tx, notice: Notice): Promise<{ kind: NoticeKind; facts: NoticeFacts }[]> {
  if (notice.kind !== ("digest" satisfies NoticeKind)) return [];
  const rows = await tx.notice.findMany({ where: { digestId: notice.id }, orderBy: { id: "asc" } });
  return rows.flatMap(({ kind, facts }) =>
    kind in noticeWords ? [{ kind: kind as NoticeKind, facts: facts as NoticeFacts }] : [],
  );
}

async function linkOf(shopId: string, notice: Notice): Promise<string | null> {
  return notice.kind === ("alert_confirm" satisfies NoticeKind) && notice.recipientId
    ? signLink("alerts", { shopId, id: notice.recipientId })
    : null;
}

/** Under the shop's key, so that it ends with the shop; those to staff under one of the platform's. */
async function sealMail(notice: Notice, mail: Mail): Promise<Buffer<ArrayBuffer>> {
  const text = JSON.stringify(mail);
  if (notice.shopId) return (await openVault(notice.shopId)).seal(place(notice.id), text);
  return Buffer.from(seal(await staffKey(), `notices|frozen_sealed|${notice.id}`, text));
}

async function openMail(notice: Notice): Promise<Mail | null> {
  if (!notice.frozenSealed) return null;
  try {
    const text = notice.shopId
      ? (await openVault(notice.shopId)).open(place(notice.id), notice.frozenSealed)
      : unseal(await staffKey(), `notices|frozen_sealed|${notice.id}`, notice.frozenSealed).toString("utf8");
    return JSON.parse(text) as Mail;
  } catch (error) {
    // The shop's key is gone, and with it the mail.
    if (error instanceof AppError && error.code === "unavailable") return null;
    throw error;
  }
}

async function staffKey() {
  const key = await findPlatformKey("notices-1", true);
  if (!key) throw new AppError("internal", "the key for notices was not kept");
  return key;
}

async function sendNotice(notice: Notice, clock: Clock, signal?: AbortSignal): Promise<void> {
  const mail = await openMail(notice);
  const payload = mail && channels.email.freeze([mail]);
  if (payload === null || sha256(payload) !== notice.payloadHash)
    return end(notice, { state: "unknown", reason: "altered" }, clock());
  await wait(await takeSlot(ACCOUNT), undefined, { signal });
  // The provider forgets its keys after a day; an hour is kept for clocks that differ.
  const keyLasts = (channels.email.capabilities.idempotencyHours - 1) * HOUR_MS;
  if (notice.attempts > 1 && clock().getTime() > (notice.frozenAt?.getTime() ?? 0) + keyLasts)
    return end(notice, { state: "unknown", reason: "provider_silent" }, clock());
  const outcome = await channels.email.send({ idempotencyKey: notice.idempotencyKey ?? "", payload });
  await learnPace(ACCOUNT, outcome.pace, outcome.kind === "later" ? outcome.retryAfterMs : null);
  await record(notice, outcome, clock());
}

async function record(notice: Notice, outcome: SendOutcome, now: Date): Promise<void> {
  if (outcome.kind === "accepted")
    return end(notice, { state: "sent", reason: null, providerId: outcome.providerIds[0] ?? null }, now);
  log.warn({ outcome: outcome.kind, code: outcome.code, kind: notice.kind }, "notice not accepted");
  if (outcome.kind === "refused") return end(notice, { state: "failed", reason: "refused_by_provider" }, now);
  const asked = outcome.kind === "later" ? outcome.retryAfterMs : null;
  const backOff =
    Math.min(15 * 60_000, 1_000 * 2 ** Math.min(notice.attempts, 10)) * (0.75 + Math.random() / 2);
  await forPlatform(
    "notices",
    (tx) => tx.$executeRaw`
      UPDATE notices SET reason = ${outcome.code}, next_at = clock_timestamp() + make_interval(secs => ${(asked ?? backOff) / 1000})
      WHERE id = ${notice.id}::uuid AND state = 'sending'`,
  );
}

type Ending = { state: NoticeState; reason: string | null; providerId?: string | null };

const end = (notice: Notice, ending: Ending, now: Date) =>
  forPlatform("notices", (tx) => settle(tx, notice, ending, now));

/** Its bytes have done their work: what it said can be made again from its facts. */
async function settle(tx: Tx, notice: Notice, ending: Ending, now: Date): Promise<void> {
  await tx.notice.updateMany({
    where: { id: notice.id, state: { in: ["planned", "sending"] } },
    data: { ...ending, frozenSealed: null, settledAt: now },
  });
  // What it told has the same end.
  const { state, reason } = ending;
  await tx.notice.updateMany({
    where: { digestId: notice.id, state: "gathered" satisfies NoticeState },
    data: { state, reason, settledAt: now },
  });
}
