import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useNavigate, useNavigation } from "@remix-run/react";
import {
  BlockStack,
  ChoiceList,
  IndexFilters,
  IndexFiltersMode,
  useSetIndexFiltersMode,
} from "@shopify/polaris";
import { z } from "zod";
import { findOrderByWords } from "#app/features/orders/buyer.server.ts";
import { hasRequests, listRequests } from "#app/features/privacy/buyers.list.server.ts";
import { startRequest } from "#app/features/privacy/buyers.server.ts";
import { listErasures } from "#app/features/privacy/receipts.server.ts";
import { findSchema, readRequestFilter, SHOWN, type RequestFilter } from "#app/features/privacy/requests.ts";
import { systemClock } from "#app/platform/clock.ts";
import { parseForm } from "#app/platform/forms.ts";
import { answering, requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { EmptyCard, ListCard } from "#app/ui/ListCard.tsx";
import { ErasuresCard } from "#app/ui/privacy/ErasuresCard.tsx";
import { FindBuyer, type FindAnswer } from "#app/ui/privacy/FindBuyer.tsx";
import { PrivacyTabs } from "#app/ui/privacy/PrivacyTabs.tsx";
import { RequestLine } from "#app/ui/privacy/RequestLine.tsx";
import { useWords, wordsFor } from "#app/ui/words/words.ts";

/** Of more, the evidence pack tells. */
const ERASURES_SHOWN = 10;

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, inShop } = await requireShop(request);
  const filter = readRequestFilter(new URL(request.url).searchParams);
  const now = systemClock().toISOString();
  const { timeZone } = shop.settings;
  const erasures = await answering(() => listErasures(shop, ERASURES_SHOWN));
  return inShop(async (tx) => {
    const page = await listRequests(tx, shop.id, filter);
    const empty = page.rows.length === 0 && !(await hasRequests(tx, shop.id));
    return json({ ...page, empty, filter, now, timeZone, erasures });
  });
}

const intentSchema = findSchema.extend({ intent: z.enum(["find", "record"]) });

export async function action({ request }: ActionFunctionArgs) {
  const { must, shop, actor, inShop, redirect } = await requireShop(request, "view");
  const input = await parseForm(request, intentSchema);
  if (!input.ok) return json<FindAnswer>({ errors: input.errors, nothing: false }, { status: 422 });
  const { intent, words } = input.value;
  if (intent === "record") must("export");
  const orderId = await inShop((tx) => findOrderByWords(tx, shop.id, words));
  if (orderId) return redirect(`/app/privacy/buyer/${orderId}`);
  const email = z.email().safeParse(words);
  if (!email.success) {
    const { noOrder, neither } = wordsFor("en").privacy.find;
    const errors = { words: /\d/.test(words) && !words.includes("@") ? noOrder : neither };
    return json<FindAnswer>({ errors, nothing: false }, { status: 404 });
  }
  if (intent === "find") return json<FindAnswer>({ errors: {}, nothing: true });
  const buyer = { customerId: null, email: email.data, phone: null, orders: [] };
  const id = await inShop((tx) => startRequest(tx, shop, "merchant/export", { buyer }, actor, systemClock()));
  return redirect(`/app/privacy/${id}`);
}

const addressOf = (filter: RequestFilter, change: Partial<RequestFilter>) => {
  const query = new URLSearchParams();
  const wanted = { ...filter, before: null, ...change };
  if (wanted.show !== "all") query.set("show", wanted.show);
  if (wanted.does) query.set("does", wanted.does);
  if (wanted.before) query.set("before", wanted.before);
  return `/app/privacy?${query.toString()}`;
};

export default function Requests() {
  const { rows, older, empty, filter, now, timeZone, erasures } = useLoaderData<typeof loader>();
  const words = useWords().privacy;
  const { request, from, received, state, due } = words.columns;
  const loading = useNavigation().state === "loading";
  return (
    <AppPage title={words.title}>
      <BlockStack gap="400">
        <PrivacyTabs />
        <FindBuyer />
        {empty ? (
          <EmptyCard words={words.empty} />
        ) : (
          <ListCard
            words={words}
            headings={[request, from, received, state, due]}
            filters={<RequestFilters filter={filter} loading={loading} />}
            rows={rows}
            line={(row, index, condensed) => (
              <RequestLine key={row.id} {...{ row, index, now, timeZone, condensed }} />
            )}
            loading={loading}
            newer={filter.before && addressOf(filter, {})}
            older={older && addressOf(filter, { before: older })}
          />
        )}
        <ErasuresCard receipts={erasures} timeZone={timeZone} />
      </BlockStack>
    </AppPage>
  );
}

function RequestFilters({ filter, loading }: { filter: RequestFilter; loading: boolean }) {
  const words = useWords().privacy;
  const navigate = useNavigate();
  const { mode, setMode } = useSetIndexFiltersMode(
    filter.does ? IndexFiltersMode.Filtering : IndexFiltersMode.Default,
  );
  const go = (change: Partial<RequestFilter>) =>
    navigate(addressOf(filter, change), { replace: true, preventScrollReset: true });
  const kinds = Object.keys(words.does) as (keyof typeof words.does)[];
  return (
    <IndexFilters
      tabs={SHOWN.map((show) => ({ id: show, content: words.views[show], isLocked: true }))}
      selected={SHOWN.indexOf(filter.show)}
      onSelect={(index) => go({ show: SHOWN[index] ?? "all" })}
      canCreateNewView={false}
      hideQueryField
      queryValue=""
      onQueryChange={() => undefined}
      onQueryClear={() => undefined}
      cancelAction={{ onAction: () => undefined }}
      filters={[
        {
          key: "does",
          label: words.filter.does,
          shortcut: true,
          filter: (
            <ChoiceList
              title={words.filter.does}
              titleHidden
              choices={kinds.map((value) => ({ value, label: words.does[value] }))}
              selected={filter.does ? [filter.does] : []}
              onChange={([does]: (typeof kinds)[number][]) => go({ does: does ?? null })}
            />
          ),
        },
      ]}
      appliedFilters={
        filter.does
          ? [
              {
                key: "does",
                label: words.filter.is(words.does[filter.does]),
                onRemove: () => go({ does: null }),
              },
            ]
          : []
      }
      onClearAll={() => go({ does: null })}
      mode={mode}
      setMode={setMode}
      loading={loading}
    />
  );
}
