import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { Banner, BlockStack, Card, EmptyState } from "@shopify/polaris";
import { useState } from "react";
import { z } from "zod";
import {
  deleteTemplate,
  duplicateTemplate,
  listTemplates,
} from "#app/features/templates/templates.server.ts";
import { listTriggers, listTriggersOfTemplate } from "#app/features/triggers/triggers.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { forShop } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";
import { parseJson } from "#app/platform/forms.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { ConfirmModal } from "#app/ui/ConfirmModal.tsx";
import templateStyles from "#app/ui/templates/templates.css?url";
import { TemplateTable, type TemplateWish } from "#app/ui/templates/TemplateTable.tsx";
import { useToast } from "#app/ui/toast.ts";
import { useTitleLink } from "#app/ui/triggers/useTitleLink.ts";
import { useWords } from "#app/ui/words/words.ts";
import { Allowed, useMay } from "#app/ui/people/Allowed.tsx";

export const links = () => [{ rel: "stylesheet", href: templateStyles }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, inShop } = await requireShop(request);
  return inShop(async (tx) => {
    const users = Map.groupBy(await listTriggers(tx, shop.id), ({ templateId }) => templateId);
    const templates = (await listTemplates(tx, shop.id)).map(
      ({ id, name, purpose, draft, version, updatedAt }) => ({
        id,
        name,
        purpose,
        languages: [...new Set([draft.fallbackLocale, ...Object.keys(draft.locales).sort()])],
        version: version.number,
        usedBy: users.get(id)?.length ?? 0,
        changedAt: updatedAt.toISOString(),
      }),
    );
    return json({ templates, timeZone: shop.settings.timeZone });
  });
}

const wishSchema = z.object({ intent: z.enum(["duplicate", "delete"]), id: z.uuid() });

export async function action({ request }: ActionFunctionArgs) {
  const { shop, actor } = await requireShop(request, "edit");
  const input = await parseJson(request, wishSchema);
  if (!input.ok) return json({ done: null, error: Object.values(input.errors)[0] ?? "" }, { status: 400 });
  const { intent, id } = input.value;
  try {
    await forShop(shop.id, async (tx) => {
      if (intent === "duplicate")
        return void (await duplicateTemplate(tx, shop.id, id, actor, systemClock()));
      const usedBy = (await listTriggersOfTemplate(tx, shop.id, id)).map(({ name }) => name);
      await deleteTemplate(tx, shop.id, id, usedBy, actor, systemClock());
    });
    return json({ done: intent, error: null });
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    return json({ done: null, error: error.forPerson }, { status: error.status });
  }
}

export default function Templates() {
  const { templates, timeZone } = useLoaderData<typeof loader>();
  const words = useWords().templates;
  const fetcher = useFetcher<typeof action>();
  const [removing, setRemoving] = useState<string | null>(null);
  const [hidden, setHidden] = useState<unknown>(null);
  const mayEdit = useMay()("edit");
  const toNew = useTitleLink("/app/templates/new");
  const toExchange = useTitleLink("/app/exchange");
  const exchange = useWords().triggers.more.exchange;

  const ask = (wish: TemplateWish) => fetcher.submit(wish, { method: "post", encType: "application/json" });
  const done = fetcher.data?.done;
  useToast(fetcher.data, done === "duplicate" ? words.duplicated : done === "delete" ? words.removed : null);
  const refused = fetcher.state === "idle" && fetcher.data !== hidden ? fetcher.data?.error : null;

  return (
    <AppPage
      title={words.title}
      fullWidth
      actions={
        <>
          {templates.length > 0 ? (
            <button variant="primary" onClick={toNew} disabled={!mayEdit}>
              {words.add}
            </button>
          ) : null}
          <button onClick={toExchange}>{exchange}</button>
        </>
      }
    >
      <BlockStack gap="400">
        {refused ? (
          <Banner
            tone="critical"
            title={done === null ? words.inUse : undefined}
            onDismiss={() => setHidden(fetcher.data)}
          >
            {refused}
          </Banner>
        ) : null}
        <Allowed deed="edit">
          <Card padding={templates.length === 0 ? undefined : "0"}>
            {templates.length === 0 ? (
              <EmptyState
                heading={words.empty.title}
                image="/templates.svg"
                action={{ content: words.empty.action, url: "/app/templates/new" }}
              >
                <p>{words.empty.body}</p>
              </EmptyState>
            ) : (
              <TemplateTable
                templates={templates}
                timeZone={timeZone}
                busy={fetcher.state !== "idle"}
                onWish={(wish) => (wish.intent === "delete" ? setRemoving(wish.id) : ask(wish))}
              />
            )}
          </Card>
        </Allowed>
      </BlockStack>
      <ConfirmModal
        id="delete-template"
        open={removing !== null}
        title={words.removing.title(templates.find(({ id }) => id === removing)?.name ?? "")}
        body={words.removing.body}
        confirm={words.removing.confirm}
        critical
        onConfirm={() => {
          if (removing) ask({ intent: "delete", id: removing });
          setRemoving(null);
        }}
        onClose={() => setRemoving(null)}
      />
    </AppPage>
  );
}
