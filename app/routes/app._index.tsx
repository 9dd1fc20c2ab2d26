import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { Banner, BlockStack, Button, InlineGrid, InlineStack, Layout } from "@shopify/polaris";
import { z } from "zod";
import { countTrouble, readOverview } from "#app/features/messages/overview.server.ts";
import { findRestoredFrom } from "#app/features/privacy/backup.server.ts";
import { findSendingDomain } from "#app/features/shops/domains.server.ts";
import { readGuide } from "#app/features/shops/guide.server.ts";
import { startFresh } from "#app/features/privacy/purge.ask.server.ts";
import { countKept } from "#app/features/shops/kept.server.ts";
import { dismissGuide, getShop, keepSetup, setSending } from "#app/features/shops/shops.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { parseForm } from "#app/platform/forms.ts";
import { listDeadLetters } from "#app/platform/inbox/deadletters.ts";
import { answering, requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { AttentionCard } from "#app/ui/home/AttentionCard.tsx";
import { GuideCard } from "#app/ui/home/GuideCard.tsx";
import { ReturnedCard } from "#app/ui/home/ReturnedCard.tsx";
import { SwitchCard } from "#app/ui/home/SwitchCard.tsx";
import { WeekCard } from "#app/ui/home/WeekCard.tsx";
import { useToast } from "#app/ui/toast.ts";
import { useWords } from "#app/ui/words/words.ts";
import { Allowed } from "#app/ui/people/Allowed.tsx";

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, inShop } = await requireShop(request);
  const now = systemClock();
  const events = await answering(() => listDeadLetters({ shopDomain: shop.domain, limit: 100 }));
  return inShop(async (tx) => {
    const connection = await tx.connection.findFirst({
      where: { shopId: shop.id, source: "shopify" },
      select: { state: true },
    });
    const domain = await findSendingDomain(tx, shop.id);
    return json({
      sending: shop.sending,
      pauseReason: shop.pauseReason,
      restoredFrom: shop.pauseReason === "restored" ? await findRestoredFrom(tx) : null,
      refused: connection !== null && connection.state !== "ok",
      returned: shop.returnedAt ? await countKept(tx, shop.id) : null,
      timeZone: shop.settings.timeZone,
      guide: await readGuide(tx, shop),
      overview: await readOverview(tx, shop.id, shop.settings.timeZone, now),
      trouble: await countTrouble(tx, shop.id, now),
      events: events.length,
      unverifiedDomain: domain && domain.state !== "verified" ? domain.domain : null,
    });
  });
}

const intentSchema = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("sending"), on: z.enum(["true", "false"]) }),
  z.object({ intent: z.literal("returned"), keep: z.enum(["true", "false"]) }),
  z.object({ intent: z.literal("guide"), dismissed: z.enum(["true", "false"]) }),
]);

const DEEDS = { sending: "sending", returned: "erase", guide: "edit" } as const;

export async function action({ request }: ActionFunctionArgs) {
  const { must, shop, actor, inShop } = await requireShop(request, "view");
  const input = await parseForm(request, intentSchema);
  if (!input.ok) return json({ ok: false, wish: null }, { status: 400 });
  const wish = input.value;
  must(DEEDS[wish.intent]);
  if (wish.intent === "returned" && wish.keep === "false") {
    // From here on the store's next request is that of a new shop.
    await answering(() => startFresh(shop.id, actor, systemClock()));
    return json({ ok: true, wish });
  }
  await inShop(async (tx) => {
    if (wish.intent === "returned") return keepSetup(tx, shop.id, actor);
    if (wish.intent === "guide") return dismissGuide(tx, shop.id, wish.dismissed === "true", systemClock());
    await setSending(tx, (await getShop(tx, shop.id)).id, wish.on === "true", actor);
  });
  return json({ ok: true, wish });
}

export default function Home() {
  const {
    sending,
    pauseReason,
    restoredFrom,
    refused,
    returned,
    timeZone,
    guide,
    overview,
    trouble,
    events,
    unverifiedDomain,
  } = useLoaderData<typeof loader>();
  const words = useWords().home;
  const fetcher = useFetcher();
  const returning = useFetcher<typeof action>();
  const kept = returning.data?.wish?.intent === "returned" ? returning.data.wish.keep : null;
  useToast(returning.data, kept && (kept === "true" ? words.returned.kept : words.returned.question.done));
  const showGuide = !guide.dismissed;
  return (
    <AppPage title={words.title}>
      <Layout>
        {refused ? (
          <Layout.Section>
            <Banner
              tone="critical"
              title={words.refused.title}
              action={{ content: words.refused.action, onAction: () => window.location.reload() }}
            >
              {words.refused.body}
            </Banner>
          </Layout.Section>
        ) : null}
        <Layout.Section>
          <BlockStack gap="400">
            {returned ? (
              <Allowed deed="erase">
                <ReturnedCard
                  kept={returned}
                  doing={
                    returning.state === "idle"
                      ? null
                      : returning.formData?.get("keep") === "true"
                        ? "keep"
                        : "fresh"
                  }
                  answer={(keep) =>
                    returning.submit(
                      { intent: "returned", keep: String(keep === "keep") },
                      { method: "post" },
                    )
                  }
                />
              </Allowed>
            ) : null}
            <Allowed deed="sending">
              {" "}
              <SwitchCard
                sending={sending}
                refused={refused}
                reason={pauseReason}
                restoredFrom={restoredFrom}
                timeZone={timeZone}
                overdue={overview.overdue}
              />
            </Allowed>
            {showGuide && !guide.ready ? <GuideCard guide={guide} /> : null}
            <InlineGrid columns={{ xs: 1, md: ["twoThirds", "oneThird"] }} gap="400" alignItems="start">
              <WeekCard overview={overview} sending={sending && !refused} timeZone={timeZone} />
              <AttentionCard trouble={trouble} events={events} unverifiedDomain={unverifiedDomain} />
            </InlineGrid>
            {showGuide && guide.ready ? <GuideCard guide={guide} /> : null}
            {showGuide ? null : (
              <InlineStack align="center">
                <Button
                  variant="plain"
                  onClick={() => fetcher.submit({ intent: "guide", dismissed: "false" }, { method: "post" })}
                  loading={fetcher.state !== "idle"}
                >
                  {words.guide.restore}
                </Button>
              </InlineStack>
            )}
          </BlockStack>
        </Layout.Section>
      </Layout>
    </AppPage>
  );
}
