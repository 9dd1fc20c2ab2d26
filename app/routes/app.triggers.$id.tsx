import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData, useNavigate } from "@remix-run/react";
import { Banner, BlockStack, PageActions } from "@shopify/polaris";
import { useEffect, useMemo, useState } from "react";
import { countWaiting } from "#app/features/messages/waiting.server.ts";
import {
  listLiveTriggerIds,
  listReleasesOfTrigger,
  readStandings,
} from "#app/features/releases/releases.server.ts";
import { deleteAndWithdraw, wasApproved } from "#app/features/releases/review.server.ts";
import { listTemplates } from "#app/features/templates/templates.server.ts";
import { listRuleNames } from "#app/features/triggers/catalogue.server.ts";
import { draftOf, findTrigger, saveTrigger } from "#app/features/triggers/triggers.server.ts";
import { emptyDefinition, triggerDraftSchema, type TriggerDraft } from "#app/features/triggers/triggers.ts";
import { systemClock } from "#app/platform/clock.ts";
import { forShop } from "#app/platform/db/db.ts";
import { isId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";
import { parseInput, parseJson } from "#app/platform/forms.ts";
import { mayReadCustomers } from "#app/features/triggers/access.server.ts";
import type { ReleasesAnswer } from "#app/routes/app.triggers.$id_.releases.tsx";
import type { loader as valuesLoader } from "#app/routes/app.triggers.values.tsx";
import { notFound, requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { ConfirmModal } from "#app/ui/ConfirmModal.tsx";
import { ReleaseList, type ListedRelease } from "#app/ui/releases/ReleaseList.tsx";
import releaseStyles from "#app/ui/releases/releases.css?url";
import { StandingBadges, StandingCard } from "#app/ui/releases/Standing.tsx";
import { useToast } from "#app/ui/toast.ts";
import { draftOfForm, formOf, type TriggerForm } from "#app/ui/triggers/form.ts";
import { TriggerEditor } from "#app/ui/triggers/TriggerEditor.tsx";
import triggerStyles from "#app/ui/triggers/triggers.css?url";
import { useSaveable, type SaveAnswer } from "#app/ui/triggers/useSaveable.ts";
import { UnsavedChanges } from "#app/ui/UnsavedChanges.tsx";
import { useWords } from "#app/ui/words/words.ts";
import { Allowed, useMay } from "#app/ui/people/Allowed.tsx";

export const links = () => [triggerStyles, releaseStyles].map((href) => ({ rel: "stylesheet", href }));

const newDraft = (templateId: string): TriggerDraft => ({
  name: "",
  templateId,
  priority: 0,
  definition: emptyDefinition,
});

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, actor, inShop, access, scopes } = await requireShop(request);
  const wanted = new URL(request.url).searchParams.get("template") ?? "";
  const { draft, templates, granted, standing, releases, waiting } = await inShop(async (tx) => {
    const trigger = isId(params.id) ? await findTrigger(tx, shop.id, params.id) : null;
    if (!trigger && params.id !== "new") throw notFound();
    const stored = await listTemplates(tx, shop.id);
    const templates = stored.map(({ id, name }) => ({ id, name }));
    const standings = await readStandings(tx, shop.id, trigger ? [trigger] : [], stored);
    const releases = trigger ? await listReleasesOfTrigger(tx, shop.id, trigger.id) : [];
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
      standing: (trigger && standings.get(trigger.id)) ?? null,
      releases,
      waiting: trigger ? await countWaiting(tx, shop.id, [trigger.id]) : 0,
    };
  });
  return json({
    id: isId(params.id) ? params.id : null,
    draft,
    templates,
    timeZone: shop.settings.timeZone,
    names: await listRuleNames(access, [draft.definition]),
    mayReadCustomers: await mayReadCustomers(scopes, granted),
    standing,
    waiting,
    releases: releases.map((release) => ({
      id: release.id,
      number: release.number,
      state: release.state,
      at: (release.reviewedAt ?? release.submittedAt).toISOString(),
      by: release.reviewedBy ?? release.submittedBy,
      reviewed: release.reviewedAt !== null,
      earlier: wasApproved(release) && release.hash !== releases.find(({ state }) => state === "live")?.hash,
      rolledBackFrom: releases.find(({ id }) => id === release.rolledBackFrom)?.number ?? null,
    })),
    you: actor,
  });
}

type Saved = { id: string };
type Answer = SaveAnswer<Saved>;

export async function action({ request, params }: ActionFunctionArgs) {
  const { must, shop, actor, inShop, redirect } = await requireShop(request, "edit");
  const id = isId(params.id) ? params.id : null;
  if (!id && params.id !== "new") throw notFound();
  if (request.method === "DELETE") {
    if (id)
      await inShop(async (tx) => {
        // What is deleted is stopped as well.
        if ((await listLiveTriggerIds(tx, shop.id)).has(id)) must("approve");
        await deleteAndWithdraw(tx, shop.id, id, actor, systemClock());
      });
    return redirect("/app/triggers");
  }
  const input = await parseJson(request, triggerDraftSchema);
  if (!input.ok) return json<Answer>({ ok: false, errors: input.errors }, { status: 400 });
  try {
    const saved = await forShop(shop.id, (tx) =>
      saveTrigger(tx, shop.id, id, input.value, actor, systemClock()),
    );
    return json<Answer>({ ok: true, saved: { id: saved.id } });
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

function Editor(loaded: Loaded) {
  const { id, draft, templates, timeZone, names, mayReadCustomers, standing, releases, waiting, you } =
    loaded;
  const words = useWords();
  const navigate = useNavigate();
  const releasing = useFetcher<ReleasesAnswer>();
  const [stopping, setStopping] = useState(false);
  const [rollingBack, setRollingBack] = useState<ListedRelease | null>(null);
  const saving = useFetcher<Answer>();
  const removal = useFetcher();
  const may = useMay();
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
      shopify.toast.show(standing?.live ? words.triggers.editor.savedNotLive : words.triggers.editor.saved);
      if (!id) navigate(`/app/triggers/${saved.id}`, { replace: true });
    },
  });

  const answer = releasing.state === "idle" ? releasing.data : undefined;
  const wish = (what: { intent: "submit" | "stop" } | { intent: "rollBack"; releaseId: string }) =>
    releasing.submit(what, {
      method: "post",
      encType: "application/json",
      action: `/app/triggers/${id}/releases`,
    });
  useToast(
    answer,
    answer?.done === "stop"
      ? words.releases.stopping.done(answer.waiting)
      : answer?.done === "rollBack"
        ? words.releases.rollingBack.done(answer.number)
        : null,
  );
  const inReview = answer?.done === "submit" ? answer.id : null;
  useEffect(() => {
    if (inReview) navigate(`/app/releases/${inReview}`);
  }, [inReview, navigate]);

  return (
    <AppPage
      title={id ? draft.name : words.triggers.editor.newTitle}
      section={words.triggers.title}
      backAction={{ content: words.triggers.title, url: "/app/triggers" }}
      titleMetadata={standing ? <StandingBadges standing={standing} /> : undefined}
    >
      <UnsavedChanges id="trigger" dirty={dirty} saving={busy} onSave={save} onDiscard={discard} />
      <BlockStack gap="400">
        {Object.keys(errors).length > 0 ? (
          <Banner tone="critical">{errors[""] ?? words.shell.notSaved}</Banner>
        ) : null}
        {answer?.error ? <Banner tone="critical">{answer.error}</Banner> : null}
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
            standing={
              <StandingCard
                standing={standing}
                dirty={dirty}
                busy={releasing.state !== "idle"}
                onSubmit={() => wish({ intent: "submit" })}
                onStop={() => setStopping(true)}
              />
            }
          />
        </Allowed>
        <ReleaseList releases={releases} you={you} timeZone={timeZone} onRollBack={setRollingBack} />
        {id && may(standing?.live ? "approve" : "edit") ? (
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
      <ConfirmModal
        id="stop-trigger"
        open={stopping}
        title={words.releases.stopping.title(draft.name)}
        body={words.releases.stopping.body(waiting)}
        confirm={words.releases.stopping.confirm}
        critical
        onConfirm={() => {
          setStopping(false);
          wish({ intent: "stop" });
        }}
        onClose={() => setStopping(false)}
      />
      <ConfirmModal
        id="roll-back"
        open={rollingBack !== null}
        title={words.releases.rollingBack.title(rollingBack?.number ?? 0)}
        body={words.releases.rollingBack.body(waiting)}
        confirm={words.releases.rollingBack.confirm}
        onConfirm={() => {
          setRollingBack(null);
          if (rollingBack) wish({ intent: "rollBack", releaseId: rollingBack.id });
        }}
        onClose={() => setRollingBack(null)}
      />
    </AppPage>
  );
}
