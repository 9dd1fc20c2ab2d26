import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Banner, BlockStack, Card, Text } from "@shopify/polaris";
import { getAuditEntry } from "#app/features/audit/list.server.ts";
import { requireShop } from "#app/session.server.ts";
import auditStyles from "#app/ui/audit/audit.css?url";
import { AppPage } from "#app/ui/AppPage.tsx";
import { useSentence } from "#app/ui/audit/AuditLine.tsx";
import { ChangesCard } from "#app/ui/audit/ChangesCard.tsx";
import { Who } from "#app/ui/audit/Who.tsx";
import { FactList } from "#app/ui/FactList.tsx";
import { formatNumber } from "#app/ui/format.ts";
import { When } from "#app/ui/When.tsx";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

export const links = () => [{ rel: "stylesheet", href: auditStyles }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, actor, inShop } = await requireShop(request);
  const entry = await inShop((tx) => getAuditEntry(tx, shop.id, params.id ?? ""));
  return json({ entry, you: actor, timeZone: shop.settings.timeZone });
}

export default function AuditEntry() {
  const { entry, you, timeZone } = useLoaderData<typeof loader>();
  const words = useWords().audit;
  const locale = useLanguage();
  const sentence = useSentence()(entry);
  const code = (text: string | null) => text && <span className="Break">{text}</span>;
  const fact = (name: string, text: string | null) => (text ? ([name, code(text)] as const) : null);
  return (
    <AppPage
      title={sentence}
      section={words.title}
      backAction={{ content: words.title, url: "/app/audit" }}
      narrowWidth
    >
      <BlockStack gap="400">
        {entry.actor.startsWith("staff:") ? (
          <Banner tone="warning">
            <p>{words.detail.support}</p>
          </Banner>
        ) : null}
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              {words.detail.facts}
            </Text>
            <FactList
              facts={[
                [words.detail.when, <When key="when" at={entry.at} timeZone={timeZone} />],
                [words.detail.who, <Who key="who" actor={entry.actor} you={you} />],
                fact(words.detail.address, entry.address),
                fact(words.detail.subject, entry.subject),
                fact(words.detail.request, entry.request),
                [words.detail.number, formatNumber(entry.seq, locale)],
                fact(words.detail.hash, entry.hash),
              ]}
            />
          </BlockStack>
        </Card>
        <ChangesCard changes={entry.changes} timeZone={timeZone} />
      </BlockStack>
    </AppPage>
  );
}
