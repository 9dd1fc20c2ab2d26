// Guarantee: what a buyer asks by a link of a mail is done once however often it is asked, of their own message alone; to look at a link
// changes nothing, and a link that leads nowhere (any more) is answered like every other such link.
import { readLink, type LinkKind } from "#app/features/messages/links.server.ts";
import { timelineSchema, type Timeline } from "#app/features/messages/messages.ts";
import { recipientOf, suppress } from "#app/features/messages/suppress.server.ts";
import { getShop } from "#app/features/shops/shops.server.ts";
import { forShop, type Tx } from "#app/platform/db/db.ts";
import type { Message, Section } from "#app/platform/db/generated/client.ts";

/** What a page for a buyer shows. `helped`: their last answer. */
export type BuyersPage = { shopName: string; helped: boolean | null };

/** What a link of that kind leads to; null where it leads nowhere. */
export async function findBuyersPage(kind: LinkKind, token: string): Promise<BuyersPage | null> {
  const target = await readLink(kind, token);
  if (!target) return null;
  return forShop(target.shopId, async (tx) => {
    const found = await (kind === "helped" ? findSection : findWritten)(tx, target.shopId, target.id);
    if (!found) return null;
    const answer =
      kind === "helped"
        ? await tx.answer.findUnique({
            where: { shopId_sectionId: { shopId: target.shopId, sectionId: target.id } },
          })
        : null;
    return { shopName: await nameOf(tx, target.shopId), helped: answer?.helped ?? null };
  });
}

/** Opts the buyer of a message out. */
export async function unsubscribe(token: string, now: Date): Promise<BuyersPage | null> {
  const target = await readLink("unsubscribe", token);
  if (!target) return null;
  const { shopId, id } = target;
  return forShop(shopId, async (tx) => {
    await tx.$queryRaw`SELECT id FROM messages WHERE shop_id = ${shopId}::uuid AND id = ${id}::uuid FOR UPDATE`;
    const message = await findWritten(tx, shopId, id);
    if (!message?.recipientIndex) return null;
    const { channel, recipientIndex } = message;
    const address = await recipientOf(shopId, message);
    const isNew = await suppress(tx, shopId, {
      channel,
      recipientIndex,
      reason: "unsubscribed",
      messageId: id,
      address,
    });
    if (isNew) {
      const timeline: Timeline = [
        ...timelineSchema.parse(message.timeline),
        { at: now.toISOString(), kind: "unsubscribed", detail: null },
      ];
      await tx.message.update({ where: { shopId_id: { shopId, id } }, data: { timeline } });
    }
    return { shopName: await nameOf(tx, shopId), helped: null };
  });
}

/** Keeps whether a message helped; another answer takes the place of the first. */
export async function answerHelped(token: string, helped: boolean, now: Date): Promise<BuyersPage | null> {
  const target = await readLink("helped", token);
  if (!target) return null;
  const { shopId, id: sectionId } = target;
  return forShop(shopId, async (tx) => {
    const section = await findSection(tx, shopId, sectionId);
    if (!section) return null;
    const { messageId, releaseId } = section;
    await tx.answer.upsert({
      where: { shopId_sectionId: { shopId, sectionId } },
      create: { shopId, sectionId, messageId, releaseId, helped, answeredAt: now },
      update: { helped, answeredAt: now },
    });
    return { shopName: await nameOf(tx, shopId), helped };
  });
}

/** A message that went to somebody who is still known. */
async function findWritten(tx: Tx, shopId: string, id: string): Promise<Message | null> {
  return tx.message.findFirst({ where: { shopId, id, recipientIndex: { not: null } } });
}

/** A section that left, of a message whose buyer was not erased. */
async function findSection(tx: Tx, shopId: string, id: string): Promise<Section | null> {
  return tx.section.findFirst({
    where: { shopId, id, state: "frozen", message: { recipientIndex: { not: null } } },
  });
}

async function nameOf(tx: Tx, shopId: string): Promise<string> {
  return (await getShop(tx, shopId)).settings.sender.name;
}

/** How often each release helped, by its buyers' answers since. */
export async function countAnswers(
  tx: Tx,
  shopId: string,
  since: Date | null = null,
): Promise<Map<string, { yes: number; no: number }>> {
  const rows = await tx.answer.groupBy({
    by: ["releaseId", "helped"],
    where: { shopId, ...(since ? { answeredAt: { gte: since } } : {}) },
    _count: true,
  });
  const counts = new Map<string, { yes: number; no: number }>();
  for (const { releaseId, helped, _count } of rows) {
    const count = counts.get(releaseId) ?? { yes: 0, no: 0 };
    count[helped ? "yes" : "no"] += _count;
    counts.set(releaseId, count);
  }
  return counts;
}
