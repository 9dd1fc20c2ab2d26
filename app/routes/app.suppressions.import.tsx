import { json, type ActionFunctionArgs } from "@remix-run/node";
import { importSuppressions } from "#app/features/messages/suppressions.csv.server.ts";
import type { ImportReport } from "#app/features/messages/suppressions.ts";
import { answering, requireShop } from "#app/session.server.ts";

/** The body is the file itself, read while it arrives. */
export async function action({ request }: ActionFunctionArgs) {
  const { shop, actor } = await requireShop(request, "suppressions");
  const { body } = request;
  if (!body) throw json({ code: "invalid" }, { status: 400 });
  return json<ImportReport>(await answering(() => importSuppressions(shop.id, body, actor)));
}
