import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { Banner, BlockStack, Card, EmptyState, Link } from "@shopify/polaris";
import { useState } from "react";
import { z } from "zod";
import { listLiveTriggerIds, readStandings } from "#app/features/releases/releases.server.ts";
import { deleteAndWithdraw, submitForReview, withdraw } from "#app/features/releases/review.server.ts";
import { wantsReview } from "#app/features/releases/releases.ts";
import { listTemplates } from "#app/features/templates/templates.server.ts";
import { draftOf, getTrigger, listTriggers, saveTrigger } from "#app/features/triggers/triggers.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import type { Tx } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";
import { parseJson } from "#app/platform/forms.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { ConfirmModal } from "#app/ui/ConfirmModal.tsx";
import { TriggerTable, type TriggerWish } from "#app/ui/triggers/TriggerTable.tsx";
import triggerStyles from "#app/ui/triggers/triggers.css?url";
import { useToast } from "#app/ui/toast.ts";
import { useTitleLink } from "#app/ui/triggers/useTitleLink.ts";

import { useWords, wordsFor } from "#app/ui/words/words.ts";
import { Allowed, useMay } from "#app/ui/people/Allowed.tsx";

export const links = () => [{ rel: "stylesheet", href: triggerStyles }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, inShop } = await requireShop(request);
  return inShop(async (tx) => {
    const stored = await listTemplates(tx, shop.id);
    const templates = new Map(stored.map(({ id, name }) => [id, name]));
    const known = await listTriggers(tx, shop.id);
    const standings = await readStandings(tx, shop.id, known, stored);
    const triggers = known.map((trigger) => ({
      id: trigger.id,
      name: trigger.name,
      standing: standings.get(trigger.id)!,
      priority: trigger.priority,
      definition: trigger.definition,
      templateId: trigger.templateId,
      templateName: templates.get(trigger.templateId) ?? null,
      changedAt: trigger.updatedAt.toISOString(),
    }));
    return json({ triggers, timeZone: shop.settings.timeZone, hasTemplates: templates.size > 0 });
  });
}

const wishSchema = z.object({
  intent: z.enum(["submit", "stop", "duplicate", "delete"]),
  ids: z.array(z.uuid()).min(1).max(500),
});

const DEEDS = { submit: "submit", stop: "approve", duplicate: "edit", delete: "edit" } as const;

/** Everything that a row or a selection of rows can be asked to do. */
export async function action({ request }: ActionFunctionArgs) {
  const { must, shop, actor, inShop } = await requireShop(request, "view");
  const input = await parseJson(request, wishSchema);
  if (!input.ok) return json({ done: null, error: Object.values(input.errors)[0] ?? "" }, { status: 400 });
  const { intent, ids } = input.value;
  must(DEEDS[intent]);
  const words = wordsFor("en").triggers;
  try {
    const done = await inShop(async (tx) => {
      const now = systemClock();
      const known = await listTriggers(tx, shop.id);
      const names = new Set(known.map(({ name }) => name));
      // What is live as it is needs no review, and what is not live no stop: of a selection they are left out.
      const fitting =
        intent === "submit" || intent === "stop" ? await whereItMatters(tx, shop.id, intent, ids) : ids;
      // What is deleted is stopped as well.
      const live = await listLiveTriggerIds(tx, shop.id);
      if (intent === "delete" && fitting.some((id) => live.has(id))) must(DEEDS.stop);
      for (const id of fitting) {
        if (intent === "delete") await deleteAndWithdraw(tx, shop.id, id, actor, now);
        else if (intent === "submit") await submitForReview(tx, shop.id, id, actor, now);
        else if (intent === "stop") await withdraw(tx, shop.id, id, actor, now);
        else {
          const trigger = await getTrigger(tx, shop.id, id);
          const name = freeName(words.copyOf(trigger.name), names);
          names.add(name);
          await saveTrigger(tx, shop.id, null, { ...draftOf(trigger), name }, actor, now);
        }
      }
      return { intent, count: fitting.length };
    });
    return json({ done, error: null });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return json({ done: null, error: error.forPerson }, { status: error.status });
  }
}

async function whereItMatters(
  tx: Tx,
  shopId: string,
  intent: "submit" | "stop",
  ids: string[],
): Promise<string[]> {
  const triggers = (await listTriggers(tx, shopId)).filter(({ id }) => ids.includes(id));
  const standings = await readStandings(tx, shopId, triggers, await listTemplates(tx, shopId));
  return [...standings]
    .filter(([, standing]) => (intent === "stop" ? standing.live : wantsReview(standing)))
    .map(([id]) => id);
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted} ${number}`;
    if (!taken.has(name)) return name;
  }
}

export default function Triggers() {
  const { triggers, timeZone, hasTemplates } = useLoaderData<typeof loader>();
  const words = useWords().triggers;
  const stop = useWords().releases.stopping;
  const fetcher = useFetcher<typeof action>();
  const [removing, setRemoving] = useState<string[] | null>(null);
  const [stopping, setStopping] = useState<string[] | null>(null);
  const mayEdit = useMay()("edit");
  const toNew = useTitleLink("/app/triggers/new");
  const busy = fetcher.state !== "idle";

  const ask = (wish: TriggerWish) =>
    wish.intent === "delete"
      ? setRemoving(wish.ids)
      : wish.intent === "stop"
        ? setStopping(wish.ids)
        : fetcher.submit(wish, { method: "post", encType: "application/json" });
  const done = fetcher.data?.done ?? null;
  useToast(done, done && words.done[done.intent](done.count));

  const first = triggers.find(({ id }) => id === removing?.[0]);
  return (
    <AppPage
      title={words.title}
      fullWidth
      actions={
        <>
          {triggers.length > 0 ? (
            <button variant="primary" onClick={toNew} disabled={!mayEdit}>
              {words.add}
            </button>
          ) : null}
          <button onClick={useTitleLink("/app/exchange/assign")}>{words.more.assign}</button>
          <button onClick={useTitleLink("/app/exchange")}>{words.more.exchange}</button>
        </>
      }
    >
      <BlockStack gap="400">
        {fetcher.data?.error ? <Banner tone="critical">{fetcher.data.error}</Banner> : null}
        <Allowed deed="edit">
          <Card padding={triggers.length === 0 ? undefined : "0"}>
            {triggers.length === 0 ? (
              <EmptyState
                heading={words.empty.title}
                image="/triggers.svg"
                action={
                  hasTemplates
                    ? { content: words.empty.action, url: "/app/triggers/new" }
                    : { content: words.empty.toTemplates, url: "/app/templates/new" }
                }
              >
                <p>{words.empty.body}</p>
                {hasTemplates ? null : <p>{words.empty.noTemplates}</p>}
              </EmptyState>
            ) : (
              <TriggerTable triggers={triggers} timeZone={timeZone} busy={busy} onWish={ask} />
            )}
          </Card>
        </Allowed>
        {triggers.length === 0 && hasTemplates ? (
          <p style={{ textAlign: "center" }}>
            <Link url="/app/exchange/assign">{words.more.assign}</Link>
          </p>
        ) : null}
      </BlockStack>
      <ConfirmModal
        id="delete-triggers"
        open={removing !== null}
        title={
          removing && removing.length > 1
            ? words.removing.titleMany(removing.length)
            : words.removing.title(first?.name ?? "")
        }
        body={words.removing.body}
        confirm={words.removing.confirm}
        critical
        onConfirm={() => {
          fetcher.submit(
            { intent: "delete", ids: removing ?? [] },
            { method: "post", encType: "application/json" },
          );
          setRemoving(null);
        }}
        onClose={() => setRemoving(null)}
      />
      <ConfirmModal
        id="stop-triggers"
        open={stopping !== null}
        title={stop.titleMany(stopping?.length ?? 0)}
        body={stop.bodyMany}
        confirm={stop.confirm}
        critical
        onConfirm={() => {
          fetcher.submit(
            { intent: "stop", ids: stopping ?? [] },
            { method: "post", encType: "application/json" },
          );
          setStopping(null);
        }}
        onClose={() => setStopping(null)}
      />
    </AppPage>
  );
}
