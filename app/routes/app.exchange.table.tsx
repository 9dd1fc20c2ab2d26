import { json, type ActionFunctionArgs } from "@remix-run/node";
import { findNamed } from "#app/features/triggers/catalogue.server.ts";
import { applyAssignments, namesOf, planAssignments } from "#app/features/triggers/exchange.assign.server.ts";
import { readAssignments } from "#app/features/triggers/exchange.csv.server.ts";
import { SourceError } from "#app/connectors/sources.ts";
import { systemClock } from "#app/platform/clock.ts";
import { forShop } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";
import { requireShop } from "#app/session.server.ts";
import type { TableAnswer } from "#app/ui/triggers/TableCard.tsx";
import { wordsFor } from "#app/ui/words/words.ts";

const LARGEST = 6_000_000;

/** Without a fingerprint: what the table would do, with its mistakes by line. With one: does it. */
export async function action({ request }: ActionFunctionArgs) {
  const { shop, actor, access, inShop } = await requireShop(request, "edit");
  const words = wordsFor("en");
  const refuse = (error: string, status: number) =>
    json<TableAnswer>({ plan: null, done: null, error }, { status });
  if (Number(request.headers.get("content-length") ?? 0) > LARGEST)
    return refuse(words.exchange.tooLarge, 413);
  const form = await request.formData();
  const upload = form.get("file");
  if (!(upload instanceof File)) return refuse(words.shell.notSaved, 400);
  const { rows, errors } = readAssignments(new Uint8Array(await upload.arrayBuffer()));
  const mode = form.get("mode") === "replace" ? "replace" : "add";
  const fingerprint = form.get("fingerprint");
  try {
    const catalogue = await findNamed(access, namesOf(rows));
    if (typeof fingerprint !== "string") {
      const plan = await inShop((tx) => planAssignments(tx, shop.id, rows, catalogue, mode));
      return json<TableAnswer>({
        plan: { ...plan, errors: [...errors, ...plan.errors] },
        done: null,
        error: null,
      });
    }
    const options = { mode, fingerprint } as const;
    const done = await forShop(shop.id, (tx) =>
      applyAssignments(tx, shop.id, rows, catalogue, options, actor, systemClock()),
    );
    return json<TableAnswer>({ plan: null, done, error: null });
  } catch (error) {
    if (error instanceof SourceError) return refuse(words.exchange.silent, 503);
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    return refuse(error.forPerson, error.status);
  }
}
