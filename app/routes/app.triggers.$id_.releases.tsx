import { json, type ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { countWaiting } from "#app/features/messages/waiting.server.ts";
import { rollBack, submitForReview, withdraw } from "#app/features/releases/review.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { forShop } from "#app/platform/db/db.ts";
import { isId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";
import { parseJson } from "#app/platform/forms.ts";
import { notFound, requireShop } from "#app/session.server.ts";

const wishSchema = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("submit") }),
  z.object({ intent: z.literal("stop") }),
  z.object({ intent: z.literal("rollBack"), releaseId: z.uuid() }),
]);

/** What was done, and to which release; `waiting` messages were cancelled by a stop. */
export type ReleasesAnswer =
  | { done: "submit" | "rollBack"; id: string; number: number; error: null }
  | { done: "stop"; waiting: number; error: null }
  | { done: null; error: string };

/** Sends a trigger for review, stops it, or rolls it back. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { must, shop, actor } = await requireShop(request, "view");
  const triggerId = params.id;
  if (!isId(triggerId)) throw notFound();
  const input = await parseJson(request, wishSchema);
  if (!input.ok)
    return json<ReleasesAnswer>({ done: null, error: Object.values(input.errors)[0] ?? "" }, { status: 400 });
  const wish = input.value;
  must(wish.intent === "submit" ? "submit" : "approve");
  const now = systemClock();
  try {
    const answer = await forShop(shop.id, async (tx): Promise<ReleasesAnswer> => {
      if (wish.intent === "stop") {
        const waiting = await countWaiting(tx, shop.id, [triggerId]);
        await withdraw(tx, shop.id, triggerId, actor, now);
        return { done: "stop", waiting, error: null };
      }
      const { id, number } =
        wish.intent === "submit"
          ? await submitForReview(tx, shop.id, triggerId, actor, now)
          : await rollBack(tx, shop.id, wish.releaseId, actor, now);
      return { done: wish.intent, id, number, error: null };
    });
    return json<ReleasesAnswer>(answer);
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    return json<ReleasesAnswer>({ done: null, error: error.forPerson }, { status: error.status });
  }
}
