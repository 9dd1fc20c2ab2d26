import type { LoaderFunctionArgs } from "@remix-run/node";
import { exportReceipt } from "#app/features/privacy/receipts.server.ts";
import { isId } from "#app/platform/db/ids.ts";
import { answering, notFound, requireShop } from "#app/session.server.ts";

/** A receipt as a file, with what it takes to check its signature. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop } = await requireShop(request, "view");
  const { id } = params;
  const receipt = isId(id) ? await answering(() => exportReceipt(shop, id)) : null;
  if (!receipt) throw notFound();
  return new Response(JSON.stringify(receipt, null, 2), {
    headers: {
      "content-type": "application/json; charset=utf-8",
      "content-disposition": `attachment; filename="aftercare-receipt.json"`,
      "cache-control": "no-store",
    },
  });
}
