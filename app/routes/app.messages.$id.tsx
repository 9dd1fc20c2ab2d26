import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { BlockStack, Card, Layout, Link, Text } from "@shopify/polaris";
import { useState } from "react";
import { z } from "zod";
import { cancelMessage, retryMessage } from "#app/features/messages/act.server.ts";
import { getMessageDetail } from "#app/features/messages/list.server.ts";
import { previewMessage } from "#app/features/messages/preview.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { AppError } from "#app/platform/errors.ts";
import { parseForm } from "#app/platform/forms.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { ConfirmModal } from "#app/ui/ConfirmModal.tsx";
import {
  AttemptsCard,
  DecisionsCard,
  PartsCard,
  SummaryCard,
  TimelineCard,
} from "#app/ui/messages/MessageCards.tsx";
import { MailCard } from "#app/ui/messages/MailCard.tsx";
import { StateBadge } from "#app/ui/messages/StateBadge.tsx";
import { useToast } from "#app/ui/toast.ts";
import { useWords } from "#app/ui/words/words.ts";
import { useMay } from "#app/ui/people/Allowed.tsx";

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, inShop } = await requireShop(request);
  const message = await inShop((tx) => getMessageDetail(tx, shop.id, params.id ?? ""));
  const preview = message.state === "planned" ? await previewOf(shop.id, message.id) : null;
  return json({ message, preview, timeZone: shop.settings.timeZone });
}

async function previewOf(shopId: string, messageId: string) {
  try {
    return { mail: await previewMessage(shopId, messageId), problem: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { mail: null, problem: error.forPerson };
  }
}

const acts = { cancel: cancelMessage, retry: retryMessage };
const intentSchema = z.object({ intent: z.enum(["cancel", "retry"]) });

export async function action({ request, params }: ActionFunctionArgs) {
  const { shop, actor, inShop } = await requireShop(request, "messages");
  const input = await parseForm(request, intentSchema);
  if (!input.ok) return json({ done: null, problem: Object.values(input.errors)[0] ?? "" }, { status: 400 });
  const { intent } = input.value;
  return inShop(async (tx) => {
    const { id } = await getMessageDetail(tx, shop.id, params.id ?? "");
    try {
      await acts[intent](tx, shop.id, id, actor, systemClock());
      return json({ done: intent, problem: null });
    } catch (error) {
      // It left, or was stopped, while the page was open.
      if (error instanceof AppError && error.code === "conflict")
        return json({ done: null, problem: error.forPerson }, { status: 409 });
      throw error;
    }
  });
}

export default function Message() {
  const { message, preview, timeZone } = useLoaderData<typeof loader>();
  const { messages: words, orders } = useWords();
  const fetcher = useFetcher<typeof action>();
  const [asking, setAsking] = useState(false);
  const mayAct = useMay()("messages");
  const intent = message.state === "planned" ? "cancel" : message.state === "failed" ? "retry" : null;
  const stopped = message.state === "cancelled" || message.state === "skipped";
  const question = intent && words.detail[intent];
  const answer = fetcher.state === "idle" ? fetcher.data : undefined;
  useToast(answer, answer?.done ? words.detail[answer.done].done : (answer?.problem ?? null));
  return (
    <AppPage
      title={words.detail.heading(message.orderName || "–")}
      section={words.title}
      backAction={{ content: words.title, url: "/app/messages" }}
      titleMetadata={<StateBadge state={message.state} />}
      actions={
        question ? (
          <button
            variant={intent === "retry" ? "primary" : undefined}
            onClick={() => setAsking(true)}
            disabled={fetcher.state !== "idle" || !mayAct}
          >
            {question.action}
          </button>
        ) : null
      }
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            {message.reason ? (
              <Card>
                <BlockStack gap="100">
                  <Text as="h2" variant="headingMd">
                    {words.detail.fields.reason}
                  </Text>
                  <Text as="p">{words.reasons[message.reason]}</Text>
                </BlockStack>
              </Card>
            ) : null}
            <MailCard
              mail={message.mail ?? preview?.mail ?? null}
              state={message.state}
              problem={preview?.problem ?? null}
            />
            {message.attempts.length === 0 && stopped ? null : (
              <AttemptsCard attempts={message.attempts} timeZone={timeZone} />
            )}
            <DecisionsCard
              decisions={message.decisions}
              parts={message.parts}
              plannedAt={message.plannedAt}
              timeZone={timeZone}
            />
            <Link url={`/app/orders/${message.orderId}`}>{orders.ofMessage}</Link>
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <SummaryCard message={message} timeZone={timeZone} />
            <PartsCard parts={message.parts} told={message.reason} />
            <TimelineCard timeline={message.timeline} timeZone={timeZone} />
          </BlockStack>
        </Layout.Section>
      </Layout>
      {question ? (
        <ConfirmModal
          id="message-question"
          open={asking}
          title={question.title}
          body={question.body}
          confirm={question.confirm}
          critical={intent === "cancel"}
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            fetcher.submit({ intent }, { method: "post" });
          }}
        />
      ) : null}
    </AppPage>
  );
}
