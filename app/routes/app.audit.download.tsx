import { Readable } from "node:stream";
import { createReadableStreamFromReadable, type LoaderFunctionArgs } from "@remix-run/node";
import { recordAudit } from "#app/features/audit/audit.server.ts";
import { exportCsv, exportJson, narrowing } from "#app/features/audit/export.server.ts";
import { readFilter } from "#app/features/audit/list.ts";
import { requireShop } from "#app/session.server.ts";

const FORMATS = {
  csv: { type: "text/csv", write: exportCsv },
  json: { type: "application/json", write: exportJson },
};

/** `?format=csv` or json, narrowed like the page. That somebody took a copy is itself an entry. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, actor, inShop } = await requireShop(request, "evidence");
  const query = new URL(request.url).searchParams;
  const format = query.get("format") === "json" ? "json" : "csv";
  const { type, write } = FORMATS[format];
  const filter = readFilter(query);
  const narrowed = narrowing(filter);
  const after = { format, ...(narrowed ? { filter: narrowed } : {}) };
  await inShop((tx) => recordAudit(tx, shop.id, { actor, action: "audit.exported", after }));
  const text = write(shop.id, filter, shop.settings.timeZone);
  return new Response(createReadableStreamFromReadable(Readable.from(text)), {
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "content-disposition": `attachment; filename="aftercare-activity.${format}"`,
      "cache-control": "no-store",
    },
  });
}
