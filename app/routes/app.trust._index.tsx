import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, InlineGrid } from "@shopify/polaris";
import { readTrust } from "#app/features/trust/trust.server.ts";
import { systemClock } from "#app/platform/clock.ts";
import { env } from "#app/platform/env.ts";
import { answering, requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { PrivacyTabs } from "#app/ui/privacy/PrivacyTabs.tsx";
import { ChangesCard } from "#app/ui/trust/ChangesCard.tsx";
import { AgreementCard, PackCard, PoliciesCard } from "#app/ui/trust/PapersCards.tsx";
import { PromisesCard } from "#app/ui/trust/PromisesCard.tsx";
import { SummaryCard } from "#app/ui/trust/SummaryCard.tsx";
import { SuppliersCard } from "#app/ui/trust/SuppliersCard.tsx";
import { useWords } from "#app/ui/words/words.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await requireShop(request);
  return json({
    trust: await answering(() => readTrust(shop, systemClock())),
    shop: shop.domain.replace(/\.myshopify\.com$/, ""),
    timeZone: shop.settings.timeZone,
    appUrl: env().SHOPIFY_APP_URL.replace(/\/$/, ""),
  });
}

export default function TrustPage() {
  const { trust, shop, timeZone, appUrl } = useLoaderData<typeof loader>();
  const words = useWords().trust;
  const shown = { trust, timeZone };
  return (
    <AppPage title={words.title}>
      <BlockStack gap="400">
        <PrivacyTabs />
        <SummaryCard {...shown} />
        <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
          <AgreementCard {...shown} />
          <PackCard shop={shop} at={trust.at} />
        </InlineGrid>
        <PromisesCard {...shown} />
        <SuppliersCard {...shown} />
        <ChangesCard {...shown} />
        <PoliciesCard {...shown} appUrl={appUrl} />
      </BlockStack>
    </AppPage>
  );
}
