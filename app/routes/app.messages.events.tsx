import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { Badge, BlockStack, Box, Button, Card, EmptyState, InlineStack, Text } from "@shopify/polaris";
import { z } from "zod";
import { listDeadLetters, replayDeadLetter } from "#app/platform/inbox/deadletters.ts";
import { AppError } from "#app/platform/errors.ts";
import { parseForm } from "#app/platform/forms.ts";
import { answering, requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { useToast } from "#app/ui/toast.ts";
import { When } from "#app/ui/When.tsx";
import { useWords } from "#app/ui/words/words.ts";
import { Allowed } from "#app/ui/people/Allowed.tsx";

const PAGE_SIZE = 50;

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await requireShop(request);
  const before = new URL(request.url).searchParams.get("before") ?? undefined;
  const found = await answering(() =>
    listDeadLetters({ shopDomain: shop.domain, before, limit: PAGE_SIZE + 1 }),
  );
  const letters = found.slice(0, PAGE_SIZE);
  return json({
    events: letters.map(({ id, topic, receivedAt, attempts, reason, replayable }) => ({
      id,
      topic,
      receivedAt: receivedAt.toISOString(),
      attempts,
      reason,
      replayable,
    })),
    older: found.length > PAGE_SIZE ? (letters.at(-1)?.id ?? null) : null,
    further: before !== undefined,
    timeZone: shop.settings.timeZone,
  });
}

const intentSchema = z.object({ id: z.uuid() });

export async function action({ request }: ActionFunctionArgs) {
  const { shop } = await requireShop(request, "messages");
  const input = await parseForm(request, intentSchema);
  if (!input.ok) return json({ ok: false }, { status: 400 });
  try {
    await replayDeadLetter(input.value.id, shop.domain);
    return json({ ok: true });
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return json({ ok: false }, { status: 404 });
    throw error;
  }
}

export default function UnreadEvents() {
  const { events, older, further, timeZone } = useLoaderData<typeof loader>();
  const words = useWords().messages;
  // The page's own, not the row's: what is being read again is off the list before its answer is told.
  const fetcher = useFetcher<typeof action>();
  const answer = fetcher.state === "idle" ? fetcher.data : undefined;
  useToast(answer, answer?.ok ? words.events.replayed : words.events.notReplayed);
  const asked = fetcher.formData?.get("id");
  const readAgain = (id: string) => fetcher.submit({ id }, { method: "post" });
  return (
    <AppPage
      title={words.events.title}
      section={words.title}
      backAction={{ content: words.title, url: "/app/messages" }}
    >
      {events.length === 0 && !further ? (
        <Card>
          <EmptyState heading={words.events.empty.title} image="/empty.svg">
            <p>{words.events.empty.body}</p>
          </EmptyState>
        </Card>
      ) : (
        <BlockStack gap="400">
          <Box paddingInline={{ xs: "400", sm: "0" }}>
            <Text as="p">{words.events.intro}</Text>
          </Box>
          <Allowed deed="messages">
            {" "}
            <Card padding="0">
              <ul className="Rows">
                {events.map((event) => (
                  <li key={event.id}>
                    <UnreadEvent
                      event={event}
                      timeZone={timeZone}
                      reading={asked === event.id}
                      onReadAgain={() => readAgain(event.id)}
                    />
                  </li>
                ))}
              </ul>
            </Card>
          </Allowed>
          <InlineStack gap="200" align="center">
            {further ? <Button url="/app/messages/events">{words.events.newest}</Button> : null}
            {older ? (
              <Button url={`/app/messages/events?before=${older}`}>{words.events.older}</Button>
            ) : null}
          </InlineStack>
        </BlockStack>
      )}
    </AppPage>
  );
}

type UnreadEventProps = {
  event: {
    id: string;
    topic: string;
    receivedAt: string;
    attempts: number;
    reason: string;
    replayable: boolean;
  };
  timeZone: string;
  reading: boolean;
  onReadAgain: () => void;
};

function UnreadEvent({ event, timeZone, reading, onReadAgain }: UnreadEventProps) {
  const words = useWords().messages.events;
  return (
    <InlineStack align="space-between" blockAlign="start" gap="300">
      <BlockStack gap="100">
        <Text as="h2" variant="headingSm">
          {event.topic}
        </Text>
        <Text as="p">{words.unreadable}</Text>
        {event.reason ? (
          <Text as="p" variant="bodySm" tone="subdued" breakWord>
            {words.detail(event.reason)}
          </Text>
        ) : null}
        <Text as="p" variant="bodySm" tone="subdued">
          {words.arrived} <When at={event.receivedAt} timeZone={timeZone} /> · {words.attempts}:{" "}
          {event.attempts}
        </Text>
      </BlockStack>
      {event.replayable ? (
        <Button accessibilityLabel={words.replayLabel(event.topic)} loading={reading} onClick={onReadAgain}>
          {words.replay}
        </Button>
      ) : (
        <Badge>{words.gone}</Badge>
      )}
    </InlineStack>
  );
}
