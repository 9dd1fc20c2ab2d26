import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData, useSearchParams } from "@remix-run/react";
import { Badge, Banner, BlockStack, Card, Link, Select, Text } from "@shopify/polaris";
import { z } from "zod";
import { readPreviewSubject, renderDraft } from "#app/features/messages/draft-preview.server.ts";
import { countForApproval } from "#app/features/messages/inclusion.server.ts";
import { getRelease, isIntact, listReleasesOfTrigger } from "#app/features/releases/releases.server.ts";
import { approve, mayApprove, readFindings, returnForChanges } from "#app/features/releases/review.server.ts";
import { approvalSchema, returnSchema } from "#app/features/releases/releases.ts";
import { RenderError } from "#app/features/templates/render.server.ts";
import { listRuleNames } from "#app/features/triggers/catalogue.server.ts";
import { findTrigger } from "#app/features/triggers/triggers.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { forShop } from "#app/platform/db/db.ts";
import { isId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";
import { parseJson, type FieldErrors } from "#app/platform/forms.ts";
import { notFound, requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { MailFrame } from "#app/ui/MailFrame.tsx";
import { ReleaseDiff } from "#app/ui/releases/ReleaseDiff.tsx";
import { tones } from "#app/ui/releases/ReleaseList.tsx";
import { ReviewForm, type ReviewWish } from "#app/ui/releases/ReviewForm.tsx";
import { ReviewRecord } from "#app/ui/releases/ReviewRecord.tsx";
import { Findings } from "#app/ui/templates/Findings.tsx";
import templateStyles from "#app/ui/templates/templates.css?url";
import releaseStyles from "#app/ui/releases/releases.css?url";
import { useToast } from "#app/ui/toast.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";
import { Allowed } from "#app/ui/people/Allowed.tsx";

export const links = () => [releaseStyles, templateStyles].map((href) => ({ rel: "stylesheet", href }));

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, actor, inShop, access } = await requireShop(request);
  const { id } = params;
  if (!isId(id)) throw notFound();
  const now = systemClock();
  const { release, before, trigger, mayAnswer, counts, rolledBackFrom, subject } = await inShop(
    async (tx) => {
      const release = await getRelease(tx, shop.id, id);
      const others = await listReleasesOfTrigger(tx, shop.id, release.triggerId);
      const inReview = release.state === "in_review";
      return {
        release,
        // What it replaces, or what it replaced when it went live.
        before:
          others.find(({ state, number, servesFrom }) =>
            inReview ? state === "live" : number < release.number && servesFrom !== null,
          ) ?? null,
        trigger: await findTrigger(tx, shop.id, release.triggerId),
        mayAnswer: inReview && (await mayApprove(tx, shop.id, release, actor)),
        counts: inReview ? await countForApproval(tx, shop, release, now) : null,
        rolledBackFrom: others.find((other) => other.id === release.rolledBackFrom)?.number ?? null,
        subject: await readPreviewSubject(tx, shop, {
          orderId: "",
          lineId: "",
          locale: shop.settings.locale,
        }),
      };
    },
  );
  const { draft } = release.content.template;
  const wanted = new URL(request.url).searchParams.get("locale") ?? "";
  const locale = wanted in draft.locales ? wanted : draft.fallbackLocale;
  const definitions = [release, before].flatMap((each) => (each ? [each.content.trigger.definition] : []));
  const { number, state, content, submittedAt, submittedBy, reviewedAt, reviewedBy, review, hash } = release;
  return json({
    release: { id, number, state, content, submittedAt, submittedBy, reviewedAt, reviewedBy, review, hash },
    intact: isIntact(release),
    findings: release.state === "in_review" ? await readFindings(release.content) : [],
    before: before && { number: before.number, content: before.content },
    trigger: trigger && { id: trigger.id, name: trigger.name },
    mayAnswer,
    counts,
    rolledBackFrom,
    locale,
    mail: await renderOrNull(() => renderDraft(shop, draft.locales[locale]!, locale, subject)),
    names: await listRuleNames(access, definitions),
    timeZone: shop.settings.timeZone,
    you: actor,
  });
}

async function renderOrNull<T>(render: () => Promise<T>): Promise<T | null> {
  try {
    return await render();
  } catch (error) {
    if (error instanceof RenderError) return null;
    throw error;
  }
}

const wishSchema = z.discriminatedUnion("intent", [
  approvalSchema.extend({ intent: z.literal("approve") }),
  returnSchema.extend({ intent: z.literal("return") }),
]);

type Answer = { ok: true; done: ReviewWish["intent"] } | { ok: false; errors: FieldErrors };

export async function action({ request, params }: ActionFunctionArgs) {
  const { shop, actor } = await requireShop(request, "approve");
  const { id } = params;
  if (!isId(id)) throw notFound();
  const input = await parseJson(request, wishSchema);
  if (!input.ok) return json<Answer>({ ok: false, errors: input.errors }, { status: 400 });
  const wish = input.value;
  const now = systemClock();
  try {
    await forShop(shop.id, async (tx) => {
      if (wish.intent === "approve") await approve(tx, shop.id, id, wish, actor, now);
      else await returnForChanges(tx, shop.id, id, wish.note, actor, now);
    });
    return json<Answer>({ ok: true, done: wish.intent });
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    return json<Answer>({ ok: false, errors: { "": error.forPerson } }, { status: error.status });
  }
}

export default function ReleasePage() {
  const loaded = useLoaderData<typeof loader>();
  const { release, before, trigger, mayAnswer, counts, findings, names, timeZone, you } = loaded;
  const { releases: words, triggers } = useWords();
  const fetcher = useFetcher<Answer>();
  const answer = fetcher.data;
  useToast(
    answer,
    answer?.ok ? (answer.done === "approve" ? words.review.approved : words.review.returned) : null,
  );
  const sent = fetcher.state === "idle" ? null : (fetcher.json as ReviewWish | undefined);
  const { content, number, state } = release;
  const back = trigger ? `/app/triggers/${trigger.id}` : "/app/triggers";
  return (
    <AppPage
      title={words.title(number, content.trigger.name)}
      section={triggers.title}
      fullWidth
      backAction={{ content: trigger?.name ?? triggers.title, url: back }}
      titleMetadata={<Badge tone={tones[state]}>{words.states[state]}</Badge>}
    >
      <BlockStack gap="400">
        <Told {...loaded} />
        <div className="Review">
          <ReleaseDiff
            content={content}
            before={before?.content ?? null}
            beforeNumber={before?.number ?? null}
            names={names ?? {}}
            timeZone={timeZone}
          />
          <BlockStack gap="400">
            {findings.length > 0 ? (
              <Card>
                <BlockStack gap="300">
                  <Text as="h2" variant="headingMd">
                    {words.review.findings}
                  </Text>
                  <Findings findings={findings} channel={content.channel} />
                </BlockStack>
              </Card>
            ) : null}
            {mayAnswer && counts && loaded.intact ? (
              <Allowed deed="approve">
                <ReviewForm
                  findings={findings}
                  purpose={content.template.draft.purpose}
                  counts={counts}
                  errors={answer?.ok === false && !sent ? answer.errors : {}}
                  busy={sent?.intent ?? null}
                  onWish={(wish) => fetcher.submit(wish, { method: "post", encType: "application/json" })}
                />
              </Allowed>
            ) : null}
            <Preview {...loaded} />
            <ReviewRecord release={release} you={you} timeZone={timeZone} />
            {trigger ? (
              <Text as="p">
                <Link url={back}>{words.page.toTrigger}</Link>
              </Text>
            ) : null}
          </BlockStack>
        </div>
      </BlockStack>
    </AppPage>
  );
}

type Loaded = ReturnType<typeof useLoaderData<typeof loader>>;

/** What stands in the way, or how it came to its state. */
function Told({ release, intact, mayAnswer, rolledBackFrom }: Loaded) {
  const words = useWords().releases.page;
  const { state, review, reviewedAt } = release;
  if (!intact) return <Banner tone="critical">{words.altered}</Banner>;
  if (state === "in_review" && !mayAnswer)
    return (
      <Banner tone="info" title={words.waitsForOther}>
        <p>{words.waitsForOtherBody}</p>
      </Banner>
    );
  if (state === "returned")
    return (
      <Banner tone="warning" title={words.returnedTitle}>
        <p className="Break">{review?.note}</p>
      </Banner>
    );
  if (rolledBackFrom !== null) return <Banner tone="info">{words.rolledBack(rolledBackFrom)}</Banner>;
  if (state === "live" && !reviewedAt) return <Banner tone="warning">{words.unreviewed}</Banner>;
  if (state === "superseded") return <Banner tone="info">{words.replaced}</Banner>;
  if (state === "withdrawn") return <Banner tone="info">{words.withdrawn}</Banner>;
  return null;
}

function Preview({ release, locale, mail }: Loaded) {
  const words = useWords().releases.page;
  const language = useLanguage();
  const [, setParams] = useSearchParams();
  const names = new Intl.DisplayNames([language], { type: "language" });
  const tags = Object.keys(release.content.template.draft.locales).sort();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {words.preview}
        </Text>
        <Text as="p" tone="subdued">
          {words.previewHelp}
        </Text>
        {tags.length > 1 ? (
          <Select
            label={words.language}
            options={tags.map((tag) => ({ value: tag, label: names.of(tag) ?? tag }))}
            value={locale}
            onChange={(tag) =>
              setParams(
                (params) => {
                  params.set("locale", tag);
                  return params;
                },
                { replace: true, preventScrollReset: true },
              )
            }
          />
        ) : null}
        {mail ? (
          <>
            <Text as="p" fontWeight="semibold" breakWord>
              {mail.subject}
            </Text>
            <MailFrame title={words.preview} html={mail.html} />
          </>
        ) : (
          <Text as="p" tone="critical">
            {words.previewFailed}
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}
