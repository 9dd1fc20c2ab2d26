import type { LoaderFunctionArgs } from "@remix-run/node";
import { assignedIds, exportAssignments } from "#app/features/triggers/exchange.assign.server.ts";
import { writeAssignments } from "#app/features/triggers/exchange.csv.server.ts";
import { exportConfiguration } from "#app/features/triggers/exchange.server.ts";
import { readAssigned } from "#app/features/triggers/catalogue.server.ts";
import { SourceError } from "#app/connectors/sources.ts";
import { systemClock } from "#app/platform/clock.ts";
import { requireShop } from "#app/session.server.ts";

const headers = (type: string, name: string, more: Record<string, string> = {}) => ({
  "content-type": `${type}; charset=utf-8`,
  "content-disposition": `attachment; filename="${name}"`,
  "cache-control": "no-store",
  ...more,
});

/** `?what=table`: what is assigned, as CSV; else everything, as JSON. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, access, inShop } = await requireShop(request, "view");
  if (new URL(request.url).searchParams.get("what") !== "table") {
    const file = await inShop((tx) => exportConfiguration(tx, shop, systemClock()));
    return new Response(JSON.stringify(file, null, 2), {
      headers: headers("application/json", "aftercare-configuration.json"),
    });
  }
  const ids = await inShop((tx) => assignedIds(tx, shop.id));
  try {
    const names = await readAssigned(access, ids);
    const { rows, left } = await inShop((tx) => exportAssignments(tx, shop.id, names));
    return new Response(writeAssignments(rows), {
      headers: headers("text/csv", "aftercare-assignments.csv", { "x-left-out": String(left) }),
    });
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new Response(null, { status: 503 });
  }
}
