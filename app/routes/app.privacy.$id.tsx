import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData, useRevalidator } from "@remix-run/react";
import { BlockStack, Layout } from "@shopify/polaris";
import { useEffect } from "react";
import { getRequest } from "#app/features/privacy/buyers.list.server.ts";
import { recordDelivered } from "#app/features/privacy/buyers.export.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { AppError } from "#app/platform/errors.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { RequestBadge } from "#app/ui/privacy/RequestBadge.tsx";
import {
  CountsCard,
  ExportCard,
  ReceiptCard,
  StateBanner,
  SummaryCard,
} from "#app/ui/privacy/RequestCards.tsx";
import { useToast } from "#app/ui/toast.ts";
import { useWords } from "#app/ui/words/words.ts";
import { Allowed } from "#app/ui/people/Allowed.tsx";

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, actor, inShop } = await requireShop(request);
  const asked = await inShop((tx) => getRequest(tx, shop.id, params.id ?? ""));
  return json({ asked, you: actor, now: systemClock().toISOString(), timeZone: shop.settings.timeZone });
}

/** Marks the copy as handed over. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { shop, actor, inShop } = await requireShop(request, "export");
  return inShop(async (tx) => {
    const { id } = await getRequest(tx, shop.id, params.id ?? "");
    try {
      await recordDelivered(tx, shop.id, id, "handed_over", actor, systemClock());
      return json({ problem: null });
    } catch (error) {
      if (error instanceof AppError && error.code === "conflict")
        return json({ problem: error.forPerson }, { status: 409 });
      throw error;
    }
  });
}

/** Looks again while the request is being worked on. */
const LOOK_AGAIN_MS = 1_500;

export default function Request() {
  const { asked, you, now, timeZone } = useLoaderData<typeof loader>();
  const words = useWords().privacy;
  const fetcher = useFetcher<typeof action>();
  const { revalidate } = useRevalidator();
  const answer = fetcher.state === "idle" ? fetcher.data : undefined;
  useToast(answer, answer ? (answer.problem ?? words.request.copy.marked) : null);
  const working = asked.state === "recorded";
  useEffect(() => {
    if (!working) return;
    const timer = setInterval(revalidate, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [working, revalidate]);
  return (
    <AppPage
      title={words.kinds[asked.kind]}
      section={words.title}
      backAction={{ content: words.title, url: "/app/privacy" }}
      titleMetadata={<RequestBadge state={asked.state} />}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <StateBanner asked={asked} timeZone={timeZone} />
            {asked.export ? (
              <Allowed deed="export">
                <ExportCard
                  id={asked.id}
                  found={asked.export}
                  ready={asked.state === "ready"}
                  busy={fetcher.state !== "idle"}
                  timeZone={timeZone}
                  mark={() => fetcher.submit({}, { method: "post" })}
                  taken={revalidate}
                />
              </Allowed>
            ) : null}
            <CountsCard asked={asked} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <SummaryCard asked={asked} you={you} now={now} timeZone={timeZone} />
            {asked.receipt ? <ReceiptCard receipt={asked.receipt} timeZone={timeZone} /> : null}
          </BlockStack>
        </Layout.Section>
      </Layout>
    </AppPage>
  );
}
