import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useNavigate, useNavigation } from "@remix-run/react";
import {
  BlockStack,
  Box,
  Button,
  Card,
  EmptySearchResult,
  EmptyState,
  IndexTable,
  InlineGrid,
  InlineStack,
  Link,
  Select,
  Text,
  useBreakpoints,
} from "@shopify/polaris";
import { useState } from "react";
import { z } from "zod";
import {
  addManually,
  findSuppressions,
  liftManually,
  listSuppressions,
} from "#app/features/messages/suppressions.server.ts";
import {
  addressSchema,
  liftSchema,
  readSuppressionFilter,
  type SuppressionRow,
} from "#app/features/messages/suppressions.ts";
import { readRetention } from "#app/features/privacy/retention.server.ts";
import { forShop } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";
import { parseForm } from "#app/platform/forms.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { FilesCard } from "#app/ui/suppressions/FilesCard.tsx";
import { FindCard, type FindAnswer } from "#app/ui/suppressions/FindCard.tsx";
import { LiftModal } from "#app/ui/suppressions/LiftModal.tsx";
import { ReasonBadge } from "#app/ui/suppressions/ReasonBadge.tsx";
import { SuppressionTabs } from "#app/ui/suppressions/SuppressionTabs.tsx";
import { When } from "#app/ui/When.tsx";
import { useWords } from "#app/ui/words/words.ts";
import { Allowed, useMay } from "#app/ui/people/Allowed.tsx";

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, inShop } = await requireShop(request);
  const filter = readSuppressionFilter(new URL(request.url).searchParams);
  return inShop(async (tx) =>
    json({
      ...(await listSuppressions(tx, shop.id, filter)),
      kind: filter.kind,
      days: (await readRetention(tx, shop.id)).buyer,
      timeZone: shop.settings.timeZone,
    }),
  );
}

const deeds = z.discriminatedUnion("intent", [
  addressSchema.extend({ intent: z.literal("add") }),
  addressSchema.extend({ intent: z.literal("find") }),
  liftSchema.extend({ intent: z.literal("lift") }),
]);

export async function action({ request }: ActionFunctionArgs) {
  const { must, shop, actor, inShop } = await requireShop(request, "view");
  const input = await parseForm(request, deeds);
  if (!input.ok) return json<FindAnswer>({ ok: false, errors: input.errors }, { status: 422 });
  const wish = input.value;
  must(wish.intent === "find" ? "view" : "suppressions");
  if (wish.intent === "find") {
    const rows = await inShop((tx) => findSuppressions(tx, shop.id, wish.address));
    return json<FindAnswer>({ ok: true, found: { address: wish.address, rows } });
  }
  try {
    const added = await forShop(shop.id, async (tx) =>
      wish.intent === "add"
        ? await addManually(tx, shop.id, wish.address, actor)
        : await liftManually(tx, shop.id, wish, actor),
    );
    return json<FindAnswer>({ ok: true, ...(wish.intent === "add" ? { added: added === true } : {}) });
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    const field = wish.intent === "add" ? "address" : "why";
    return json<FindAnswer>({ ok: false, errors: { [field]: error.forPerson } }, { status: error.status });
  }
}

export default function Suppressions() {
  const { rows, newer, older, kind, days, timeZone } = useLoaderData<typeof loader>();
  const all = useWords();
  const words = all.suppressions;
  const navigate = useNavigate();
  const loading = useNavigation().state === "loading";
  const phone = useBreakpoints().smDown;
  const [lifting, setLifting] = useState<SuppressionRow | null>(null);
  const query = (place: Record<string, string> = {}) =>
    new URLSearchParams({ ...(kind ? { kind } : {}), ...place }).toString();
  const turn = (place: Record<string, string>) => navigate(`/app/suppressions?${query(place)}`);
  const empty = rows.length === 0 && kind === null && newer === null;
  return (
    <AppPage title={words.title} backAction={{ url: "/app/messages", content: all.messages.title }}>
      <BlockStack gap="400">
        <SuppressionTabs />
        <Box paddingInline={{ xs: "400", sm: "0" }}>
          <BlockStack gap="200">
            <Text as="p" tone="subdued">
              {words.intro}
            </Text>
            <Text as="p" tone="subdued">
              {words.kept(days)}
            </Text>
          </BlockStack>
        </Box>
        {empty ? (
          <Card>
            <EmptyState heading={words.empty.title} image="/empty.svg">
              <p>{words.empty.body}</p>
            </EmptyState>
          </Card>
        ) : (
          <Card padding="0">
            <Box padding="300">
              <Select
                label={words.filter.label}
                labelInline
                options={[
                  { value: "", label: words.filter.all },
                  { value: "opted_out", label: words.filter.opted_out },
                  { value: "undeliverable", label: words.filter.undeliverable },
                ]}
                value={kind ?? ""}
                onChange={(value) =>
                  navigate(value ? `/app/suppressions?kind=${value}` : "/app/suppressions")
                }
              />
            </Box>
            <IndexTable
              resourceName={words.resource}
              itemCount={rows.length}
              headings={[
                { title: words.columns.address },
                { title: words.columns.reason },
                { title: words.columns.since },
                { title: words.columns.action, hidden: true },
              ]}
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
                      onPrevious: () => newer && turn({ before: newer }),
                      onNext: () => older && turn({ after: older }),
                      previousTooltip: words.newer,
                      nextTooltip: words.older,
                      accessibilityLabels: { previous: words.newer, next: words.older },
                    }
                  : undefined
              }
            >
              {rows.map((row, index) => (
                <Line
                  key={row.id}
                  row={row}
                  index={index}
                  timeZone={timeZone}
                  condensed={phone}
                  onLift={() => setLifting(row)}
                />
              ))}
            </IndexTable>
          </Card>
        )}
        <InlineGrid columns={{ xs: 1, md: 2 }} gap="400" alignItems="start">
          <FindCard />
          <Allowed deed="suppressions">
            <FilesCard query={query()} />
          </Allowed>
        </InlineGrid>
      </BlockStack>
      {lifting ? <LiftModal key={lifting.id} row={lifting} onClose={() => setLifting(null)} /> : null}
    </AppPage>
  );
}

type LineProps = {
  row: SuppressionRow;
  index: number;
  timeZone: string;
  condensed: boolean;
  onLift: () => void;
};

function Line({ row, index, timeZone, condensed, onLift }: LineProps) {
  const words = useWords().suppressions;
  const mayLift = useMay()("suppressions");
  const address = row.address ? (
    <span className="Break">{row.address}</span>
  ) : (
    <Text as="span" tone="subdued">
      {words.gone}
    </Text>
  );
  const why = (
    <InlineStack gap="200" blockAlign="center">
      <ReasonBadge row={row} />
      {row.messageId ? <Link url={`/app/messages/${row.messageId}`}>{words.message}</Link> : null}
    </InlineStack>
  );
  const since = <When at={row.createdAt} timeZone={timeZone} />;
  const lift = row.lifts ? (
    <Button
      variant="plain"
      disabled={!mayLift}
      onClick={onLift}
      accessibilityLabel={words.lift.accessible(row.address ?? words.gone)}
    >
      {words.lift.action}
    </Button>
  ) : null;
  return (
    <IndexTable.Row id={row.id} position={index}>
      {condensed ? (
        <IndexTable.Cell>
          <Box padding="300" width="100%">
            <BlockStack gap="100">
              {address}
              {why}
              {since}
              {lift}
            </BlockStack>
          </Box>
        </IndexTable.Cell>
      ) : (
        <>
          <IndexTable.Cell>{address}</IndexTable.Cell>
          <IndexTable.Cell>{why}</IndexTable.Cell>
          <IndexTable.Cell>{since}</IndexTable.Cell>
          <IndexTable.Cell>{lift}</IndexTable.Cell>
        </>
      )}
    </IndexTable.Row>
  );
}
