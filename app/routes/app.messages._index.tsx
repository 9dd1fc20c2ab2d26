import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useNavigate, useNavigation } from "@remix-run/react";
import { hasMessages, listMessages, listTriggerChoices } from "#app/features/messages/list.server.ts";
import { readFilter, writeFilter } from "#app/features/messages/list.ts";
import { listDeadLetters } from "#app/platform/inbox/deadletters.ts";
import { answering, requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { EmptyCard, ListCard } from "#app/ui/ListCard.tsx";
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
  const { messages: words, ledger, suppressions: optOuts } = useWords();
  const loading = useNavigation().state === "loading";
  const navigate = useNavigate();
  const turn = (way: "before" | "after", place: string) => {
    const query = writeFilter(filter);
    query.set(way, place);
    return `/app/messages?${query.toString()}`;
  };
  return (
    <AppPage
      title={words.title}
      fullWidth
      actions={
        <>
          <button onClick={() => navigate("/app/suppressions")}>{optOuts.title}</button>
          <button onClick={() => navigate("/app/messages/export")}>{ledger.title}</button>
          {unread ? (
            <button onClick={() => navigate("/app/messages/events")}>{words.events.link}</button>
          ) : null}
        </>
      }
    >
      {empty ? (
        <EmptyCard words={words.empty} action={{ content: words.empty.action, url: "/app/triggers" }} />
      ) : (
        <ListCard
          words={words}
          headings={messageHeadings(words.columns)}
          filters={<MessageFilters filter={filter} triggers={triggers} loading={loading} />}
          rows={rows}
          line={(row, index, condensed) => (
            <MessageLine key={row.id} {...{ row, index, timeZone, condensed }} />
          )}
          loading={loading}
          newer={newer && turn("before", newer)}
          older={older && turn("after", older)}
        />
      )}
    </AppPage>
  );
}
