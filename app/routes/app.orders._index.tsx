import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useNavigation } from "@remix-run/react";
import { listOrders } from "#app/features/messages/explain.server.ts";
import { readOrderFilter, writeOrderFilter } from "#app/features/messages/explain.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { ListCard } from "#app/ui/ListCard.tsx";
import { OrderFilters, OrderRow } from "#app/ui/messages/OrderCards.tsx";
import { useWords } from "#app/ui/words/words.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, inShop } = await requireShop(request);
  const filter = readOrderFilter(new URL(request.url).searchParams);
  const page = await inShop((tx) => listOrders(tx, shop.id, filter));
  return json({ ...page, filter, timeZone: shop.settings.timeZone });
}

export default function Orders() {
  const { rows, newer, older, filter, timeZone } = useLoaderData<typeof loader>();
  const { orders: words, messages } = useWords();
  const loading = useNavigation().state === "loading";
  const turn = (way: "before" | "after", place: string) => {
    const query = writeOrderFilter(filter);
    query.set(way, place);
    return `/app/orders?${query.toString()}`;
  };
  const { order, placed, products, got } = words.columns;
  return (
    <AppPage title={words.title} fullWidth backAction={{ content: messages.title, url: "/app/messages" }}>
      <ListCard
        words={words}
        headings={[order, placed, products, got]}
        filters={<OrderFilters filter={filter} loading={loading} />}
        rows={rows}
        line={(row, index, condensed) => <OrderRow key={row.id} {...{ row, index, timeZone, condensed }} />}
        loading={loading}
        newer={newer && turn("before", newer)}
        older={older && turn("after", older)}
      />
    </AppPage>
  );
}
