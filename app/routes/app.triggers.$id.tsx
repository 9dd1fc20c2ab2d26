import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData, useNavigate } from "@remix-run/react";
import { Badge, Banner, BlockStack, PageActions } from "@shopify/polaris";
import { useMemo, useState } from "react";
import { deleteAndWithdraw, saveAndRelease } from "#app/features/releases/releases.server.ts";
import { listTemplates } from "#app/features/templates/templates.server.ts";
import { listRuleNames } from "#app/features/triggers/catalogue.server.ts";
import { draftOf, findTrigger } from "#app/features/triggers/triggers.server.ts";
import { emptyDefinition, triggerDraftSchema, type TriggerDraft } from "#app/features/triggers/triggers.ts";
import { systemClock } from "#app/platform/clock.ts";
import { forShop } from "#app/platform/db/db.ts";
import { isId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";
import { parseInput, parseJson } from "#app/platform/forms.ts";
import { mayReadCustomers } from "#app/features/triggers/access.server.ts";
import type { loader as valuesLoader } from "#app/routes/app.triggers.values.tsx";
import { notFound, requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { ConfirmModal } from "#app/ui/ConfirmModal.tsx";
import { draftOfForm, formOf, type TriggerForm } from "#app/ui/triggers/form.ts";
import { TriggerEditor } from "#app/ui/triggers/TriggerEditor.tsx";
import triggerStyles from "#app/ui/triggers/triggers.css?url";
import { useSaveable, type SaveAnswer } from "#app/ui/triggers/useSaveable.ts";
import { UnsavedChanges } from "#app/ui/UnsavedChanges.tsx";
import { useWords } from "#app/ui/words/words.ts";
import { Allowed, useMay } from "#app/ui/people/Allowed.tsx";

export const links = () => [{ rel: "stylesheet", href: triggerStyles }];

const newDraft = (templateId: string): TriggerDraft => ({
  name: "",
  active: false,
  templateId,
  priority: 0,
  definition: emptyDefinition,
});

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, inShop, access, scopes } = await requireShop(request);
  const wanted = new URL(request.url).searchParams.get("template") ?? "";
  const { draft, templates, granted } = await inShop(async (tx) => {
    const trigger = isId(params.id) ? await findTrigger(tx, shop.id, params.id) : null;
    if (!trigger && params.id !== "new") throw notFound();
    const templates = (await listTemplates(tx, shop.id)).map(({ id, name }) => ({ id, name }));
    const template =
      templates.find(({ id }) => id === wanted) ?? (templates.length === 1 ? templates[0] : undefined);
    const connection = await tx.connection.findFirst({
      where: { shopId: shop.id, source: "shopify" },
      select: { scopes: true },
    });
    return {
      draft: trigger ? draftOf(trigger) : newDraft(template?.id ?? ""),
      templates,
      granted: connection?.scopes ?? [],
    };
  });
  return json({
    id: isId(params.id) ? params.id : null,
    draft,
    templates,
    timeZone: shop.settings.timeZone,
    names: await listRuleNames(access, [draft.definition]),
    mayReadCustomers: await mayReadCustomers(scopes, granted),
  });
}

type Saved = { id: string; active: boolean };
type Answer = SaveAnswer<Saved>;

export async function action({ request, params }: ActionFunctionArgs) {
  const { shop, actor, inShop, redirect } = await requireShop(request, "edit");
  const id = isId(params.id) ? params.id : null;
  if (!id && params.id !== "new") throw notFound();
  if (request.method === "DELETE") {
    if (id) await inShop((tx) => deleteAndWithdraw(tx, shop.id, id, actor, systemClock()));
    return redirect("/app/triggers");
  }
  const input = await parseJson(request, triggerDraftSchema);
  if (!input.ok) return json<Answer>({ ok: false, errors: input.errors }, { status: 400 });
  try {
    const saved = await forShop(shop.id, (tx) =>
      saveAndRelease(tx, shop.id, id, input.value, actor, systemClock()),
    );
    return json<Answer>({ ok: true, saved: { id: saved.id, active: saved.active } });
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    return json<Answer>(
      { ok: false, errors: { [fieldOf(error)]: error.forPerson } },
      { status: error.status },
    );
  }
}

/** Where the person can mend it: a taken name, a template that went meanwhile, or the trigger itself is gone. */
function fieldOf(error: AppError): string {
  if (error.message.includes("template")) return "templateId";
  return error.code === "conflict" ? "name" : "";
}

export default function EditTrigger() {
  const loaded = useLoaderData<typeof loader>();
  // Another trigger is another form.
  return <Editor key={loaded.id ?? "new"} {...loaded} />;
}

type Loaded = ReturnType<typeof useLoaderData<typeof loader>>;

function Editor({ id, draft, templates, timeZone, names, mayReadCustomers }: Loaded) {
  const words = useWords();
  const navigate = useNavigate();
  const saving = useFetcher<Answer>();
  const removal = useFetcher();
  const mayEdit = useMay()("edit");
  const values = useFetcher<typeof valuesLoader>();
  const [granted, setGranted] = useState(mayReadCustomers);
  const [removing, setRemoving] = useState(false);
  const stored = useMemo(() => formOf(draft), [draft]);
  const { form, errors, busy, dirty, change, save, discard } = useSaveable<TriggerForm, Saved>({
    stored,
    fetcher: saving,
    check: (form) => {
      const checked = parseInput(triggerDraftSchema, draftOfForm(form));
      return checked.ok ? {} : checked.errors;
    },
    submit: (form) => saving.submit(draftOfForm(form), { method: "post", encType: "application/json" }),
    leavesWhenSaved: !id,
    onSaved: (saved) => {
      shopify.toast.show(saved.active ? words.triggers.editor.savedLive : words.triggers.editor.saved);
      if (!id) navigate(`/app/triggers/${saved.id}`, { replace: true });
    },
  });

  return (
    <AppPage
      title={id ? draft.name : words.triggers.editor.newTitle}
      section={words.triggers.title}
      backAction={{ content: words.triggers.title, url: "/app/triggers" }}
      titleMetadata={
        id ? (
          <Badge tone={draft.active ? "success" : undefined}>
            {words.triggers.state[draft.active ? "on" : "off"]}
          </Badge>
        ) : undefined
      }
    >
      <UnsavedChanges id="trigger" dirty={dirty} saving={busy} onSave={save} onDiscard={discard} />
      <BlockStack gap="400">
        {Object.keys(errors).length > 0 ? (
          <Banner tone="critical">{errors[""] ?? words.shell.notSaved}</Banner>
        ) : null}
        <Allowed deed="edit">
          <TriggerEditor
            form={form}
            onChange={change}
            errors={errors}
            templates={templates}
            timeZone={timeZone}
            names={names}
            suggestions={values.data ?? {}}
            onNeedSuggestions={() => {
              if (!values.data && values.state === "idle") values.load("/app/triggers/values");
            }}
            mayReadCustomers={granted}
            onGranted={() => setGranted(true)}
          />
        </Allowed>
        {id && mayEdit ? (
          <PageActions
            secondaryActions={[
              { content: words.triggers.remove, destructive: true, onAction: () => setRemoving(true) },
            ]}
          />
        ) : null}
      </BlockStack>
      <ConfirmModal
        id="delete-trigger"
        open={removing}
        title={words.triggers.removing.title(draft.name)}
        body={words.triggers.removing.body}
        confirm={words.triggers.removing.confirm}
        critical
        busy={removal.state !== "idle"}
        onConfirm={() => {
          discard();
          removal.submit(null, { method: "delete" });
        }}
        onClose={() => setRemoving(false)}
      />
    </AppPage>
  );
}
