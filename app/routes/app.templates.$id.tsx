import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData, useNavigate, type ShouldRevalidateFunctionArgs } from "@remix-run/react";
import { Badge, Banner, BlockStack } from "@shopify/polaris";
import { useMemo } from "react";
import { listPreviewOrders } from "#app/features/messages/draft-preview.server.ts";
import { listLiveTriggerIds } from "#app/features/releases/releases.server.ts";
import { starterDraft, STARTERS } from "#app/features/templates/starters.ts";
import {
  findTemplate,
  saveTemplate,
  TemplateProblemsError,
} from "#app/features/templates/templates.server.ts";
import { templateDraftSchema, type TemplateDraft } from "#app/features/templates/templates.ts";
import { listMetafieldDefinitions, withSeenMetafields } from "#app/features/triggers/catalogue.server.ts";
import { listTriggersOfTemplate } from "#app/features/triggers/triggers.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { forShop } from "#app/platform/db/db.ts";
import { isId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";
import { parseInput, parseJson } from "#app/platform/forms.ts";
import { notFound, requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { TemplateEditor } from "#app/ui/templates/TemplateEditor.tsx";
import templateStyles from "#app/ui/templates/templates.css?url";
import { useSaveable, type SaveAnswer } from "#app/ui/triggers/useSaveable.ts";
import { UnsavedChanges } from "#app/ui/UnsavedChanges.tsx";
import { useWords } from "#app/ui/words/words.ts";
import { Allowed, useMay } from "#app/ui/people/Allowed.tsx";

export const links = () => [{ rel: "stylesheet", href: templateStyles }];

/** What a template not yet saved is called in the address. */
const NEW = "draft";

function newDraft(starter: string | null, locale: string): TemplateDraft {
  const known = STARTERS.find(({ key }) => key === starter);
  if (known) return starterDraft(known.key, locale);
  return {
    name: "",
    purpose: "usage",
    fallbackLocale: locale,
    locales: { [locale]: { subject: "", body: "" } },
  };
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, inShop, access } = await requireShop(request);
  const { timeZone, locale, sender } = shop.settings;
  const starter = new URL(request.url).searchParams.get("starter");
  const defined = await listMetafieldDefinitions(access);
  return inShop(async (tx) => {
    const template = isId(params.id) ? await findTemplate(tx, shop.id, params.id) : null;
    if (!template && params.id !== NEW) throw notFound();
    const triggers = template ? await listTriggersOfTemplate(tx, shop.id, template.id) : [];
    const live = await listLiveTriggerIds(tx, shop.id);
    return json({
      id: template?.id ?? null,
      version: template?.version.number ?? null,
      draft: template?.draft ?? newDraft(starter, locale),
      usedBy: triggers.map(({ id, name }) => ({ id, name, live: live.has(id) })),
      orders: await listPreviewOrders(tx, shop.id),
      metafields: await withSeenMetafields(tx, shop.id, defined),
      replyTo: sender.replyTo,
      timeZone,
    });
  });
}

// Previews and tests change nothing that this page shows.
export function shouldRevalidate({
  formAction,
  currentParams,
  nextParams,
  defaultShouldRevalidate,
}: ShouldRevalidateFunctionArgs) {
  // A preview that comes back while another template opens finishes that navigation: then its data is needed all the same.
  if (currentParams.id !== nextParams.id) return true;
  return /^\/app\/templates\/(preview|try)/.test(formAction ?? "") ? false : defaultShouldRevalidate;
}

type Saved = { id: string; version: number; live: number };
type Answer = SaveAnswer<Saved>;

export async function action({ request, params }: ActionFunctionArgs) {
  const { shop, actor } = await requireShop(request, "edit");
  const id = isId(params.id) ? params.id : null;
  if (!id && params.id !== NEW) throw notFound();
  const input = await parseJson(request, templateDraftSchema);
  if (!input.ok) return json<Answer>({ ok: false, errors: input.errors }, { status: 400 });
  try {
    const saved = await forShop(shop.id, async (tx): Promise<Saved> => {
      const template = await saveTemplate(tx, shop.id, id, input.value, actor, systemClock());
      const users = await listTriggersOfTemplate(tx, shop.id, template.id);
      const live = await listLiveTriggerIds(tx, shop.id);
      return {
        id: template.id,
        version: template.version.number,
        live: users.filter((trigger) => live.has(trigger.id)).length,
      };
    });
    return json<Answer>({ ok: true, saved });
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    const field = error.code === "conflict" && !(error instanceof TemplateProblemsError) ? "name" : "";
    return json<Answer>({ ok: false, errors: { [field]: error.forPerson } }, { status: error.status });
  }
}

export default function EditTemplate() {
  const loaded = useLoaderData<typeof loader>();
  // Another template is another form.
  return <Editor key={loaded.id ?? NEW} {...loaded} />;
}

function Editor({ id, version, draft, ...about }: ReturnType<typeof useLoaderData<typeof loader>>) {
  const words = useWords();
  const navigate = useNavigate();
  const saving = useFetcher<Answer>();
  const mayEdit = useMay()("edit");
  const stored = useMemo(() => draft, [draft]);
  const { form, errors, busy, dirty, change, save, discard } = useSaveable<TemplateDraft, Saved>({
    stored,
    fetcher: saving,
    check: (form) => {
      const checked = parseInput(templateDraftSchema, form);
      return checked.ok ? {} : checked.errors;
    },
    submit: (form) => saving.submit(form, { method: "post", encType: "application/json" }),
    leavesWhenSaved: !id,
    onSaved: (saved) => {
      shopify.toast.show(words.templates.editor.saved(saved.version, saved.live));
      if (!id) navigate(`/app/templates/${saved.id}`, { replace: true });
    },
  });

  return (
    <AppPage
      title={id ? draft.name : words.templates.editor.newTitle}
      section={words.templates.title}
      fullWidth
      backAction={{
        content: words.templates.title,
        url: id ? "/app/templates" : "/app/templates/new",
      }}
      titleMetadata={version ? <Badge>{words.templates.version(version)}</Badge> : undefined}
    >
      {/* A starter is worth keeping before a letter of it is changed. */}
      <UnsavedChanges
        id="template"
        dirty={mayEdit && (dirty || !id)}
        saving={busy}
        onSave={save}
        onDiscard={discard}
      />
      <BlockStack gap="400">
        {Object.keys(errors).length > 0 ? (
          <Banner tone="critical">{errors[""] ?? words.shell.notSaved}</Banner>
        ) : null}
        <Allowed deed="edit">
          <TemplateEditor id={id} draft={form} onChange={change} errors={errors} {...about} />
        </Allowed>
      </BlockStack>
    </AppPage>
  );
}
