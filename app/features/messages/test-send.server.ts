// Guarantee: a test mail goes to one address that a member of staff typed, is marked as a test, and a shop sends few of them.
import { setTimeout as wait } from "node:timers/promises";
import { channels, classifyAddress } from "#app/connectors/registry.ts";
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import { learnPace, takeSlot } from "#app/features/messages/pace.server.ts";
import { readSender, readSharedAllowance, type Sender } from "#app/features/messages/sender.server.ts";
import { isUndeliverable } from "#app/features/messages/suppress.server.ts";
import type { Shop } from "#app/features/shops/shops.server.ts";
import type { RenderedMail } from "#app/features/templates/templates.ts";
import { openVault } from "#app/features/vault/vault.server.ts";
import { forShop, type Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";

/** Test mails a shop may send within an hour: plenty for writing, too few to write to anybody else. */
export const TESTS_AN_HOUR = 20;

const HOUR_MS = 3_600_000;
/** A person waits for this: where the account is busier, they are asked to come back. */
const LONGEST_WAIT_MS = 10_000;

const refuse = (message: string, forPerson: string) => new AppError("conflict", message, { forPerson });

/**
 * Sends a rendered draft to an address of the shop's own choice.
 * @param templateId of the template it is a draft of; null when it was never saved
 * @throws AppError invalid for an address that can't be written to, conflict when there were too many, unavailable when
 * the provider did not take it
 */
export async function sendTest(
  shop: Shop,
  test: { to: string; mail: RenderedMail; templateId: string | null },
  actor: Actor,
  now: Date,
): Promise<void> {
  if (classifyAddress(test.to) !== "ok")
    throw new AppError("invalid", "not an address to test with", {
      forPerson: "Enter an email address of your own.",
    });
  const recipientIndex = (await openVault(shop.id)).blindIndex("email", test.to);
  const sender = await forShop(shop.id, (tx) =>
    claimTest(tx, shop, recipientIndex, test.templateId, actor, now),
  );

  const account = "email:default";
  const pause = await takeSlot(account);
  if (pause > LONGEST_WAIT_MS) throw busy("the account is busy");
  await wait(pause);
  const { subject, html, text } = test.mail;
  const id = newId();
  const payload = channels.email.freeze([
    {
      messageId: id,
      from: sender.from,
      to: test.to,
      replyTo: sender.replyTo,
      subject: `[Test] ${subject}`,
      html,
      text,
    },
  ]);
  const outcome = await channels.email.send({ idempotencyKey: `aftercare-test-${id}`, payload });
  await learnPace(
    account,
    outcome.pace,
    outcome.kind === "later" && outcome.httpStatus === 429 ? outcome.retryAfterMs : null,
  );
  if (outcome.kind === "accepted") return;
  log.warn({ outcome: outcome.kind, code: outcome.code }, "test mail not accepted");
  if (outcome.kind === "refused")
    throw refuse(
      `test refused: ${outcome.code}`,
      "Our email provider refused this mail. Check the sender in Settings and the address.",
    );
  throw busy(`test not accepted: ${outcome.code}`);
}

const busy = (message: string) =>
  new AppError("unavailable", message, {
    forPerson: "Our email provider is busy. Please try again in a minute.",
  });

/** Counts this test among the hour's, unless something speaks against it. */
async function claimTest(
  tx: Tx,
  shop: Shop,
  recipientIndex: string,
  templateId: string | null,
  actor: Actor,
  now: Date,
): Promise<Sender> {
  // Two clicks at once count as two.
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`test-send|${shop.id}`}, 0))::text`;
  if (await isUndeliverable(tx, shop.id, recipientIndex))
    throw refuse("suppressed address", "Mails to this address bounced or were refused. Use another one.");
  const sent = await tx.auditEvent.count({
    where: { shopId: shop.id, action: "template.tested", at: { gt: new Date(now.getTime() - HOUR_MS) } },
  });
  if (sent >= TESTS_AN_HOUR)
    throw refuse(
      "too many tests",
      `You have sent ${TESTS_AN_HOUR} test emails within an hour. Please wait a little.`,
    );
  const sender = await readSender(tx, shop);
  if (sender.shared && (await readSharedAllowance(tx, shop.id, now)) === 0)
    throw refuse(
      "shared domain's cap",
      "Today’s allowance of our shared domain is used up. Verify your own domain in Settings, or try again tomorrow.",
    );
  await recordAudit(tx, shop.id, { actor, action: "template.tested", subject: templateId });
  return sender;
}
