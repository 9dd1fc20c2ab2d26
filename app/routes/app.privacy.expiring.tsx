import { json, type ActionFunctionArgs } from "@remix-run/node";
import { countExpiring } from "#app/features/privacy/expired.server.ts";
import { retentionSchema } from "#app/features/privacy/retention.ts";
import { systemClock } from "#app/platform/clock.ts";
import { parseJson } from "#app/platform/forms.ts";
import { requireShop } from "#app/session.server.ts";

/** What a choice of times would erase; changes nothing. */
export async function action({ request }: ActionFunctionArgs) {
  const { shop, inShop } = await requireShop(request, "view");
  const input = await parseJson(request, retentionSchema);
  if (!input.ok) return json({ expiring: null }, { status: 422 });
  return json({
    expiring: await inShop((tx) => countExpiring(tx, shop.id, input.value, systemClock())),
  });
}
