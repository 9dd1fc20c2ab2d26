import type { SerializeFrom } from "@remix-run/node";
import {
  Badge,
  Banner,
  BlockStack,
  Button,
  Card,
  InlineError,
  InlineStack,
  Text,
  type BannerProps,
} from "@shopify/polaris";
import { useState } from "react";
import type { Actor } from "#app/features/audit/audit.server.ts";
import type { getRequest } from "#app/features/privacy/buyers.list.server.ts";
import { OPEN_STATES, REQUEST_KINDS, type RequestState } from "#app/features/privacy/requests.ts";
import { Who } from "#app/ui/audit/Who.tsx";
import { FactList } from "#app/ui/FactList.tsx";
import { formatDate, formatNumber } from "#app/ui/format.ts";
import { MailFrame } from "#app/ui/MailFrame.tsx";
import { Due } from "#app/ui/privacy/Due.tsx";
import { ReceiptButton } from "#app/ui/privacy/ReceiptRows.tsx";
import { download } from "#app/ui/triggers/download.ts";
import { When } from "#app/ui/When.tsx";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

type Asked = SerializeFrom<Awaited<ReturnType<typeof getRequest>>>;

type Told = { tone: BannerProps["tone"]; text: string };

/** Where the request stands, in a sentence, and what is left to do. */
export function StateBanner({ asked, timeZone }: { asked: Asked; timeZone: string }) {
  const words = useWords().privacy.request;
  const locale = useLanguage();
  const does = REQUEST_KINDS[asked.kind].does;
  const due = formatDate(asked.dueAt, { locale, timeZone });
  const cleared = does === "clear" && Object.keys(asked.counts).length === 0;
  const told: Record<RequestState, Told | null> = {
    recorded: { tone: "info", text: does === "clear" ? words.clearing : words.working },
    ready: { tone: "warning", text: words.ready(due) },
    lapsed: { tone: "warning", text: words.expired },
    delivered: asked.export ? null : { tone: "info", text: words.expired },
    nothing_held: { tone: "info", text: asked.erasedSince ? words.erasedSince : words.nothing[does] },
    done: does === "export" ? null : { tone: "success", text: (cleared ? words.nothing : words.done)[does] },
    failed: { tone: "critical", text: asked.unreadable ? words.unreadable : words.failed },
  };
  const banner = told[asked.state];
  return (
    <div aria-live="polite">
      {banner ? (
        <Banner tone={banner.tone}>
          <p>{banner.text}</p>
        </Banner>
      ) : null}
    </div>
  );
}

type ExportCardProps = {
  id: string;
  found: { page: string; expiresAt: string };
  ready: boolean;
  busy: boolean;
  timeZone: string;
  mark: () => void;
  /** A file was taken: the request has moved on. */
  taken: () => void;
};

export function ExportCard({ id, found, ready, busy, timeZone, mark, taken }: ExportCardProps) {
  const words = useWords().privacy.request.copy;
  const locale = useLanguage();
  const [taking, setTaking] = useState<"page" | "json" | null>(null);
  const [failed, setFailed] = useState(false);
  const take = async (as: "page" | "json") => {
    setTaking(as);
    const got = await download(`/app/privacy/${id}/download?as=${as}`, words.names[as]);
    setFailed(got === null);
    setTaking(null);
    if (got) taken();
  };
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {words.title}
          </Text>
          <Text as="span" tone="subdued">
            {words.until(formatDate(found.expiresAt, { locale, timeZone }))}
          </Text>
        </InlineStack>
        <InlineStack gap="200">
          <Button
            variant={ready ? "primary" : undefined}
            loading={taking === "page"}
            onClick={() => take("page")}
          >
            {words.page}
          </Button>
          <Button loading={taking === "json"} onClick={() => take("json")}>
            {words.data}
          </Button>
          {ready ? (
            <Button loading={busy} onClick={mark}>
              {words.handedOver}
            </Button>
          ) : null}
        </InlineStack>
        {failed ? <InlineError message={words.failed} fieldID="download" /> : null}
        <MailFrame title={words.frame} html={found.page} />
      </BlockStack>
    </Card>
  );
}

export function CountsCard({ asked: { kind, counts } }: { asked: Asked }) {
  const words = useWords().privacy.request.counts;
  const locale = useLanguage();
  // In the order of the words; what has none comes last, by its own name.
  const found = Object.keys({ ...words.tables, ...counts }).flatMap((table) => {
    const count = counts[table] ?? 0;
    return count > 0 ? [[words.tables[table] ?? table, formatNumber(count, locale)] as const] : [];
  });
  if (found.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {words.title[REQUEST_KINDS[kind].does]}
        </Text>
        <FactList facts={found} />
      </BlockStack>
    </Card>
  );
}

type SummaryCardProps = { asked: Asked; you: Actor; now: string; timeZone: string };

export function SummaryCard({ asked, you, now, timeZone }: SummaryCardProps) {
  const all = useWords().privacy;
  const words = all.request;
  const who = (actor: string) => <Who actor={actor as Actor} you={you} />;
  const { delivered } = asked;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {words.summary}
        </Text>
        <FactList
          facts={[
            asked.about ? [words.about, asked.about] : [words.number, asked.id.slice(-12)],
            asked.actor === "shopify" ? [words.from, all.from.shopify] : [words.by, who(asked.actor)],
            [words.received, <When key="received" at={asked.receivedAt} timeZone={timeZone} />],
            OPEN_STATES.includes(asked.state)
              ? [words.due, <Due key="due" at={asked.dueAt} now={now} timeZone={timeZone} />]
              : null,
            asked.completedAt
              ? [
                  words.completed[REQUEST_KINDS[asked.kind].does],
                  <When key="completed" at={asked.completedAt} timeZone={timeZone} />,
                ]
              : null,
            delivered
              ? [
                  words.delivered,
                  <span key="delivered">
                    <When at={delivered.at} timeZone={timeZone} />, {words.how[delivered.how]},{" "}
                    {delivered.by ? who(delivered.by) : null}
                  </span>,
                ]
              : null,
          ]}
        />
      </BlockStack>
    </Card>
  );
}

export function ReceiptCard({
  receipt,
  timeZone,
}: {
  receipt: NonNullable<Asked["receipt"]>;
  timeZone: string;
}) {
  const words = useWords().privacy.request.receipt;
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {words.title}
          </Text>
          <Text as="p" tone="subdued">
            {words.body}
          </Text>
        </BlockStack>
        <FactList
          facts={[
            [words.at, <When key="at" at={receipt.finishedAt} timeZone={timeZone} />],
            [
              words.id,
              <span key="id" style={{ overflowWrap: "anywhere" }}>
                {receipt.id}
              </span>,
            ],
            [
              words.hash,
              <span key="hash" style={{ overflowWrap: "anywhere" }}>
                {receipt.hash}
              </span>,
            ],
          ]}
        />
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Badge tone={receipt.genuine ? "success" : "critical"}>
            {receipt.genuine ? words.genuine : words.altered}
          </Badge>
          <ReceiptButton receipt={{ id: receipt.id, at: receipt.finishedAt }} timeZone={timeZone} />
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
