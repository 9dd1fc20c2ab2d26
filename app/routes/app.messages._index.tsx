import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useNavigate, useNavigation } from "@remix-run/react";
import { Card, EmptySearchResult, EmptyState, IndexTable, useBreakpoints } from "@shopify/polaris";
import { hasMessages, listMessages, listTriggerChoices } from "#app/features/messages/list.server.ts";
import { readFilter, writeFilter } from "#app/features/messages/list.ts";
import { listDeadLetters } from "#app/platform/inbox/deadletters.ts";
import { answering, requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { MessageFilters } from "#app/ui/messages/MessageFilters.tsx";
import { MessageLine, messageHeadings } from "#app/ui/messages/MessageLine.tsx";
import { useWords } from "#app/ui/words/words.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, inShop } = await requireShop(request);
  const filter = readFilter(new URL(request.url).searchParams);
  const events = await answering(() => listDeadLetters({ shopDomain: shop.domain, limit: 1 }));
  const { timeZone } = shop.settings;
  return inShop(async (tx) => {
    const page = await listMessages(tx, shop.id, filter, timeZone);
    const empty = page.rows.length === 0 && !(await hasMessages(tx, shop.id));
    return json({
      ...page,
      empty,
      filter,
      timeZone,
      triggers: await listTriggerChoices(tx, shop.id),
      unread: events.length > 0,
    });
  });
}

export default function Messages() {
  const { rows, newer, older, empty, filter, timeZone, triggers, unread } = useLoaderData<typeof loader>();
  const { messages: words, suppressions: optOuts } = useWords();
  const loading = useNavigation().state === "loading";
  const navigate = useNavigate();
  const phone = useBreakpoints().smDown;
  const turn = (place: Record<string, string>) => {
    const query = writeFilter(filter);
    for (const [name, value] of Object.entries(place)) query.set(name, value);
    return `/app/messages?${query.toString()}`;
  };
  return (
    <AppPage
      title={words.title}
      fullWidth
      actions={
        <>
          <button onClick={() => navigate("/app/suppressions")}>{optOuts.title}</button>
          {unread ? (
            <button onClick={() => navigate("/app/messages/events")}>{words.events.link}</button>
          ) : null}
        </>
      }
    >
      {empty ? (
        <Card>
          <EmptyState
            heading={words.empty.title}
            action={{ content: words.empty.action, url: "/app/triggers" }}
            image="/empty.svg"
          >
            <p>{words.empty.body}</p>
          </EmptyState>
        </Card>
      ) : (
        <Card padding="0">
          <MessageFilters filter={filter} triggers={triggers} loading={loading} />
          <IndexTable
            resourceName={words.resource}
            itemCount={rows.length}
            headings={messageHeadings(words.columns)}
            selectable={false}
            condensed={phone}
            loading={loading}
            emptyState={
              <EmptySearchResult
                title={words.nothingFound.title}
                description={words.nothingFound.body}
                withIllustration
              />
            }
            pagination={
              newer || older
                ? {
                    hasPrevious: newer !== null,
                    hasNext: older !== null,
                    onPrevious: () => newer && navigate(turn({ before: newer })),
                    onNext: () => older && navigate(turn({ after: older })),
                    previousTooltip: words.newer,
                    nextTooltip: words.older,
                    accessibilityLabels: { previous: words.newer, next: words.older },
                  }
                : undefined
            }
          >
            {rows.map((row, index) => (
              <MessageLine key={row.id} row={row} index={index} timeZone={timeZone} condensed={phone} />
            ))}
          </IndexTable>
        </Card>
      )}
    </AppPage>
  );
}
