import { Readable } from "node:stream";
import { createReadableStreamFromReadable, json, type LoaderFunctionArgs } from "@remix-run/node";
import { recordAudit } from "#app/features/audit/audit.server.ts";
import { countLedger, exportLedgerCsv, exportLedgerJson } from "#app/features/messages/ledger.server.ts";
import { ledgerSpanSchema } from "#app/features/messages/ledger.ts";
import { parseInput } from "#app/platform/forms.ts";
import { requireShop } from "#app/session.server.ts";

const FORMATS = {
  csv: { type: "text/csv", write: exportLedgerCsv },
  json: { type: "application/json", write: exportLedgerJson },
};

/** `?from=…&to=…&format=csv` or json: what was sent in these days. `x-total` says how many lines of messages are to come. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, actor, inShop } = await requireShop(request, "evidence");
  const input = parseInput(ledgerSpanSchema, Object.fromEntries(new URL(request.url).searchParams));
  if (!input.ok) return json({ errors: input.errors }, { status: 422 });
  const { from, to, format } = input.value;
  const { timeZone } = shop.settings;
  const total = await inShop(async (tx) => {
    await recordAudit(tx, shop.id, { actor, action: "ledger.exported", after: { from, to, format } });
    return countLedger(tx, shop.id, input.value, timeZone);
  });
  const { type, write } = FORMATS[format];
  const text = write(shop.id, input.value, timeZone);
  return new Response(createReadableStreamFromReadable(Readable.from(text)), {
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "content-disposition": `attachment; filename="aftercare-messages-${from}-${to}.${format}"`,
      "cache-control": "no-store",
      "x-total": String(total),
    },
  });
}
