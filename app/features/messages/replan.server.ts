// Guarantee: what waits on a release that ended (edited, switched off, deleted) is planned anew within seconds, not first when due.
import { planOrder } from "#app/features/messages/schedule.server.ts";
import { getShop } from "#app/features/shops/shops.server.ts";
import { forPlatform, forShop } from "#app/platform/db/db.ts";
import { describeFailure } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";

const AT_ONCE = 100;
/** Releases that ended longer ago have been followed; what was missed all the same is put right when it falls due. */
const LOOK_BACK_MS = 48 * 3_600_000;

type Waiting = { shop_id: string; order_id: string };

/** Plans every order again that has a section waiting on an ended release. @returns how many those were */
export async function replanEnded(now: Date, signal?: AbortSignal): Promise<number> {
  let count = 0;
  let after: Waiting = { shop_id: NOTHING, order_id: NOTHING };
  while (!signal?.aborted) {
    const orders = await listWaiting(after, new Date(now.getTime() - LOOK_BACK_MS));
    for (const { shop_id: shopId, order_id: orderId } of orders) {
      try {
        await forShop(shopId, async (tx) => planOrder(tx, await getShop(tx, shopId), orderId, now));
      } catch (error) {
        // One order that cannot be planned holds up no other; it is planned again when it falls due.
        log.error({ shop: shopId, error: describeFailure(error) }, "order not planned again");
      }
    }
    count += orders.length;
    const last = orders.at(-1);
    if (!last || orders.length < AT_ONCE) break;
    after = last;
  }
  return count;
}

const NOTHING = "00000000-0000-0000-0000-000000000000";

function listWaiting(after: Waiting, since: Date): Promise<Waiting[]> {
  return forPlatform(
    "dispatch",
    (tx) => tx.$queryRaw<Waiting[]>`
    SELECT DISTINCT s.shop_id, s.order_id
    FROM releases r JOIN sections s ON s.shop_id = r.shop_id AND s.release_id = r.id AND s.state = 'planned'
    WHERE r.serves_until <= r.serves_from AND r.ended_at > ${since} AND (s.shop_id, s.order_id) > (${after.shop_id}::uuid, ${after.order_id}::uuid)
    ORDER BY s.shop_id, s.order_id LIMIT ${AT_ONCE}`,
  );
}
