import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { listRuleValues } from "#app/features/triggers/catalogue.server.ts";
import { requireShop } from "#app/session.server.ts";

/** Types, vendors and tags to suggest while typing. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { access } = await requireShop(request);
  return json(await listRuleValues(access));
}
