import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useNavigate, useNavigation } from "@remix-run/react";
import {
  BlockStack,
  Box,
  Card,
  EmptyState,
  IndexTable,
  InlineStack,
  Link,
  Text,
  useBreakpoints,
} from "@shopify/polaris";
import { readSuppressionFilter } from "#app/features/messages/suppressions.ts";
import { listUnreached } from "#app/features/messages/unreached.server.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { StateBadge } from "#app/ui/messages/StateBadge.tsx";
import { SuppressionTabs } from "#app/ui/suppressions/SuppressionTabs.tsx";
import { download } from "#app/ui/triggers/download.ts";
import { When } from "#app/ui/When.tsx";
import { useWords } from "#app/ui/words/words.ts";
import { useMay } from "#app/ui/people/Allowed.tsx";

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, inShop } = await requireShop(request);
  const place = readSuppressionFilter(new URL(request.url).searchParams);
  const page = await inShop((tx) => listUnreached(tx, shop.id, place));
  return json({ ...page, timeZone: shop.settings.timeZone });
}

export default function Unreached() {
  const { rows, newer, older, timeZone } = useLoaderData<typeof loader>();
  const all = useWords();
  const words = all.suppressions.unreached;
  const maySave = useMay()("suppressions");
  const navigate = useNavigate();
  const loading = useNavigation().state === "loading";
  const phone = useBreakpoints().smDown;
  const save = async () => {
    const saved = await download("/app/suppressions/download?what=unreached", words.name);
    if (!saved) shopify.toast.show(all.suppressions.files.failed, { isError: true });
  };
  const lines = rows.map((row) => ({
    id: row.id,
    order: (
      <Text as="span" fontWeight="semibold">
        {row.orderName}
      </Text>
    ),
    why: (
      <BlockStack gap="050" inlineAlign="start">
        <StateBadge state={row.state} />
        {row.reason ? (
          <Text as="span" tone="subdued">
            {all.messages.reasons[row.reason]}
          </Text>
        ) : null}
      </BlockStack>
    ),
    due: <When at={row.at} timeZone={timeZone} />,
    links: (
      <InlineStack gap="300">
        <Link url={`/app/messages/${row.id}`}>{all.suppressions.message}</Link>
        <Link url={`shopify:admin/orders/${/\d+$/.exec(row.orderExternalId)?.[0] ?? ""}`} target="_top">
          {words.order}
        </Link>
      </InlineStack>
    ),
  }));
  return (
    <AppPage
      title={words.title}
      backAction={{ url: "/app/messages", content: all.messages.title }}
      actions={
        rows.length > 0 ? (
          <button onClick={() => void save()} disabled={!maySave}>
            {all.suppressions.files.export}
          </button>
        ) : null
      }
    >
      <BlockStack gap="400">
        <SuppressionTabs />
        <Box paddingInline={{ xs: "400", sm: "0" }}>
          <Text as="p" tone="subdued">
            {words.intro}
          </Text>
        </Box>
        {rows.length === 0 ? (
          <Card>
            <EmptyState heading={words.empty.title} image="/empty.svg">
              <p>{words.empty.body}</p>
            </EmptyState>
          </Card>
        ) : (
          <Card padding="0">
            <IndexTable
              resourceName={words.resource}
              itemCount={rows.length}
              headings={[
                { title: words.columns.order },
                { title: words.columns.why },
                { title: words.columns.due },
                { title: words.columns.links },
              ]}
              selectable={false}
              condensed={phone}
              loading={loading}
              pagination={
                newer || older
                  ? {
                      hasPrevious: newer !== null,
                      hasNext: older !== null,
                      onPrevious: () => newer && navigate(`/app/suppressions/unreached?before=${newer}`),
                      onNext: () => older && navigate(`/app/suppressions/unreached?after=${older}`),
                      previousTooltip: words.newer,
                      nextTooltip: words.older,
                      accessibilityLabels: { previous: words.newer, next: words.older },
                    }
                  : undefined
              }
            >
              {lines.map(({ id, order, why, due, links }, index) => (
                <IndexTable.Row key={id} id={id} position={index}>
                  {phone ? (
                    <IndexTable.Cell>
                      <Box padding="300" width="100%">
                        <BlockStack gap="100">
                          {order}
                          {why}
                          {due}
                          {links}
                        </BlockStack>
                      </Box>
                    </IndexTable.Cell>
                  ) : (
                    [order, why, due, links].map((cell, place) => (
                      <IndexTable.Cell key={place}>{cell}</IndexTable.Cell>
                    ))
                  )}
                </IndexTable.Row>
              ))}
            </IndexTable>
          </Card>
        )}
      </BlockStack>
    </AppPage>
  );
}
