import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack } from "@shopify/polaris";
import { explainOrder } from "#app/features/messages/explain.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { ExplanationCard, OrderCard } from "#app/ui/messages/OrderCards.tsx";
import { useWords } from "#app/ui/words/words.ts";

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, inShop } = await requireShop(request);
  const order = await inShop((tx) => explainOrder(tx, shop, params.id ?? "", systemClock()));
  return json({ order, timeZone: shop.settings.timeZone });
}

export default function Order() {
  const { order, timeZone } = useLoaderData<typeof loader>();
  const words = useWords().orders;
  return (
    <AppPage
      title={words.heading(order.name || "–")}
      section={words.title}
      backAction={{ content: words.title, url: "/app/orders" }}
    >
      <BlockStack gap="400">
        <ExplanationCard order={order} timeZone={timeZone} />
        <OrderCard order={order} timeZone={timeZone} />
      </BlockStack>
    </AppPage>
  );
}
