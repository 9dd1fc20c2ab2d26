import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack } from "@shopify/polaris";
import { getTemplate, listTemplates } from "#app/features/templates/templates.server.ts";
import { bulkSchema, canTakeMore, withRules } from "#app/features/triggers/bulk.ts";
import { draftOf, getTrigger, listTriggers, saveTrigger } from "#app/features/triggers/triggers.server.ts";
import { emptyDefinition, type TriggerDraft } from "#app/features/triggers/triggers.ts";
import { systemClock } from "#app/platform/clock.ts";
import { forShop } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";
import { parseJson } from "#app/platform/forms.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { PickCard, type PickAnswer } from "#app/ui/triggers/PickCard.tsx";
import { TableCard } from "#app/ui/triggers/TableCard.tsx";
import triggerStyles from "#app/ui/triggers/triggers.css?url";
import { useWords } from "#app/ui/words/words.ts";
import { Allowed } from "#app/ui/people/Allowed.tsx";

export const links = () => [{ rel: "stylesheet", href: triggerStyles }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, inShop } = await requireShop(request);
  return inShop(async (tx) => {
    const triggers = (await listTriggers(tx, shop.id)).filter(({ definition }) => canTakeMore(definition));
    return json({
      templates: (await listTemplates(tx, shop.id)).map(({ id, name }) => ({ id, name })),
      triggers: triggers.map(({ id, name, templateId, definition }) => ({
        id,
        name,
        templateId,
        definition,
      })),
      timeZone: shop.settings.timeZone,
    });
  });
}

/** Puts products into a trigger of a template, new or known. */
export async function action({ request }: ActionFunctionArgs) {
  const { shop, actor } = await requireShop(request, "edit");
  const input = await parseJson(request, bulkSchema);
  if (!input.ok) return json<PickAnswer>({ ok: false, errors: input.errors }, { status: 400 });
  const { templateId, triggerId, rules } = input.value;
  try {
    const saved = await forShop(shop.id, async (tx) => {
      const template = await getTemplate(tx, shop.id, templateId);
      const taken = new Set((await listTriggers(tx, shop.id)).map(({ name }) => name));
      const name = taken.has(template.name) ? nextName(template.name, taken) : template.name;
      const fresh: TriggerDraft = { name, templateId, priority: 0, definition: emptyDefinition };
      const draft = triggerId ? draftOf(await getTrigger(tx, shop.id, triggerId)) : fresh;
      const definition = withRules(draft.definition, rules);
      return saveTrigger(tx, shop.id, triggerId, { ...draft, definition }, actor, systemClock());
    });
    return json<PickAnswer>({ ok: true, saved: { id: saved.id, name: saved.name } });
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    return json<PickAnswer>({ ok: false, errors: { "": error.forPerson } }, { status: error.status });
  }
}

function nextName(name: string, taken: ReadonlySet<string>): string {
  let number = 2;
  while (taken.has(`${name.slice(0, 110)} ${number}`)) number++;
  return `${name.slice(0, 110)} ${number}`;
}

export default function Assign() {
  const loaded = useLoaderData<typeof loader>();
  const words = useWords();
  return (
    <AppPage
      title={words.exchange.assign.title}
      section={words.triggers.title}
      subtitle={words.exchange.assign.intro}
      narrowWidth
      backAction={{ content: words.triggers.title, url: "/app/triggers" }}
    >
      <Allowed deed="edit">
        <BlockStack gap="400">
          <PickCard {...loaded} />
          <TableCard />
        </BlockStack>
      </Allowed>
    </AppPage>
  );
}
