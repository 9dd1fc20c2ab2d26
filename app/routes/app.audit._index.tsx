import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useNavigation } from "@remix-run/react";
import { BlockStack, Box, Text } from "@shopify/polaris";
import { readAuditHealth } from "#app/features/audit/health.server.ts";
import { listAreas, listAudit } from "#app/features/audit/list.server.ts";
import { readFilter, writeFilter } from "#app/features/audit/list.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { AuditFilters } from "#app/ui/audit/AuditFilters.tsx";
import { AuditLine } from "#app/ui/audit/AuditLine.tsx";
import { HealthCard } from "#app/ui/audit/HealthCard.tsx";
import { EmptyCard, ListCard } from "#app/ui/ListCard.tsx";
import { PrivacyTabs } from "#app/ui/privacy/PrivacyTabs.tsx";
import { download } from "#app/ui/triggers/download.ts";
import { useWords } from "#app/ui/words/words.ts";
import { useMay } from "#app/ui/people/Allowed.tsx";

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, actor, inShop } = await requireShop(request);
  const filter = readFilter(new URL(request.url).searchParams);
  const { timeZone } = shop.settings;
  return inShop(async (tx) =>
    json({
      ...(await listAudit(tx, shop.id, filter, timeZone)),
      areas: await listAreas(tx, shop.id),
      health: await readAuditHealth(tx, shop.id),
      filter,
      timeZone,
      you: actor,
    }),
  );
}

export default function Audit() {
  const { rows, newer, older, areas, health, filter, timeZone, you } = useLoaderData<typeof loader>();
  const words = useWords().audit;
  const maySave = useMay()("evidence");
  const navigation = useNavigation();
  // An entry that is being opened leaves the list as it is.
  const loading = navigation.state === "loading" && navigation.location.pathname === "/app/audit";
  const turn = (way: "before" | "after", seq: number) => {
    const query = writeFilter(filter);
    query.set(way, String(seq));
    return `/app/audit?${query.toString()}`;
  };
  const save = async (format: "csv" | "json") => {
    const query = writeFilter(filter);
    query.set("format", format);
    const saved = await download(`/app/audit/download?${query.toString()}`, words.download.names[format]);
    if (!saved) shopify.toast.show(words.download.failed, { isError: true });
  };
  return (
    <AppPage
      title={words.title}
      actions={
        <>
          <button onClick={() => void save("csv")} disabled={!maySave}>
            {words.download.csv}
          </button>
          <button onClick={() => void save("json")} disabled={!maySave}>
            {words.download.json}
          </button>
        </>
      }
    >
      <BlockStack gap="400">
        <PrivacyTabs />
        <Box paddingInline={{ xs: "400", sm: "0" }}>
          <Text as="p" tone="subdued">
            {words.intro}
          </Text>
        </Box>
        <HealthCard health={health} timeZone={timeZone} />
        {health.entries === 0 ? (
          <EmptyCard words={words.empty} />
        ) : (
          <ListCard
            words={words}
            headings={[words.columns.when, words.columns.what, words.columns.who]}
            filters={<AuditFilters filter={filter} areas={areas} loading={loading} />}
            rows={rows}
            line={(row, index, condensed) => (
              <AuditLine key={row.id} {...{ row, index, timeZone, you, condensed }} />
            )}
            loading={loading}
            newer={newer === null ? null : turn("before", newer)}
            older={older === null ? null : turn("after", older)}
          />
        )}
      </BlockStack>
    </AppPage>
  );
}
