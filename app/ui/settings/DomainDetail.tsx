import { useFetcher } from "@remix-run/react";
import {
  Badge,
  BlockStack,
  Button,
  Card,
  InlineGrid,
  InlineStack,
  Layout,
  Spinner,
  Text,
  TextField,
  type BadgeProps,
} from "@shopify/polaris";
import { useEffect, useState } from "react";
import type { SendingDomain } from "#app/features/shops/domains.server.ts";
import { domainDraftSchema } from "#app/features/shops/domains.ts";
import { parseInput, type FieldErrors } from "#app/platform/forms.ts";
import { stateTones } from "#app/ui/settings/DomainCard.tsx";
import { RecordList } from "#app/ui/settings/RecordList.tsx";
import { useToast } from "#app/ui/toast.ts";
import { UnsavedChanges } from "#app/ui/UnsavedChanges.tsx";
import { When } from "#app/ui/When.tsx";
import { useWords } from "#app/ui/words/words.ts";

/** What the page's action answers. "" among the errors speaks of the whole. */
export type DomainAnswer =
  { ok: true; intent: string } | { ok: false; intent: string | null; errors: FieldErrors };

type DomainDetailProps = { domain: SendingDomain; cap: number; timeZone: string };

/** The state of the shop's domain, its records to copy, and the sender's address. */
export function DomainDetail({ domain, cap, timeZone }: DomainDetailProps) {
  const words = useWords().domain;
  const { dmarc } = domain;
  const dmarcText = !dmarc
    ? words.overview.dmarcStates.unlooked
    : dmarc.state === "present"
      ? words.overview.dmarcStates.present(dmarc.policy)
      : words.overview.dmarcStates[dmarc.state];
  const dmarcTone =
    dmarc?.state === "present" ? "success" : dmarc && dmarc.state !== "unknown" ? "attention" : undefined;
  const advice = dmarc && "advice" in dmarc ? dmarc.advice : null;
  const missing = domain.state !== "verified";
  return (
    <Layout>
      <Layout.Section>
        <BlockStack gap="400">
          <Card>
            <BlockStack gap="400">
              <Text as="h2" variant="headingMd">
                {words.overview.title}
              </Text>
              <Text as="p" breakWord>
                {domain.state === "verified"
                  ? words.verified(`${domain.localPart}@${domain.domain}`)
                  : domain.state === "failed"
                    ? words.failed
                    : words.pending(cap)}
              </Text>
              <InlineGrid columns={{ xs: 1, sm: 3 }} gap="400">
                <Proof
                  name={words.overview.dkim}
                  help={words.overview.dkimHelp}
                  text={words.states[domain.dkim]}
                  tone={stateTones[domain.dkim]}
                />
                <Proof
                  name={words.overview.spf}
                  help={words.overview.spfHelp}
                  text={words.states[domain.spf]}
                  tone={stateTones[domain.spf]}
                />
                <Proof
                  name={words.overview.dmarc}
                  help={words.overview.dmarcHelp}
                  text={dmarcText}
                  tone={dmarcTone}
                />
              </InlineGrid>
              <Check waiting={missing} checkedAt={domain.checkedAt} timeZone={timeZone} />
            </BlockStack>
          </Card>
          <RecordList
            title={missing ? words.records.title : words.records.titleFound}
            body={words.records.body}
            records={domain.records}
          />
          {advice ? (
            <RecordList
              title={words.dmarcAdvice.title}
              body={words.dmarcAdvice.body}
              records={[{ ...advice, purpose: "DMARC", priority: null, state: null }]}
            />
          ) : null}
        </BlockStack>
      </Layout.Section>
      <Layout.Section variant="oneThird">
        <Address key={domain.localPart} domain={domain} />
      </Layout.Section>
    </Layout>
  );
}

function Proof({
  name,
  help,
  text,
  tone,
}: {
  name: string;
  help: string;
  text: string;
  tone: BadgeProps["tone"];
}) {
  return (
    <BlockStack gap="100" inlineAlign="start">
      <Text as="h3" variant="headingSm">
        {name}
      </Text>
      <Badge tone={tone}>{text}</Badge>
      <Text as="p" variant="bodySm" tone="subdued">
        {help}
      </Text>
    </BlockStack>
  );
}

const LOOKS = 8;
const PAUSE_MS = 5_000;

/** Asks for a check, then looks again for a while: the mail service takes its time. */
function Check({
  waiting,
  checkedAt,
  timeZone,
}: {
  waiting: boolean;
  checkedAt: string | null;
  timeZone: string;
}) {
  const words = useWords().domain;
  const { submit, state, data } = useFetcher<DomainAnswer>();
  const [left, setLeft] = useState<number | null>(null);
  const answer = state === "idle" ? data : undefined;
  useToast(answer, answer && !answer.ok ? (answer.errors[""] ?? null) : null);
  const refused = answer?.ok === false;
  const looking = left !== null && left > 0 && waiting && !refused;
  useEffect(() => {
    if (!looking || state !== "idle") return;
    const timer = setTimeout(() => {
      setLeft((count) => (count ?? 1) - 1);
      submit({ intent: "look" }, { method: "post" });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [looking, state, submit]);
  const start = () => {
    setLeft(LOOKS);
    submit({ intent: "check" }, { method: "post" });
  };
  return (
    <BlockStack gap="200" inlineAlign="start">
      <InlineStack gap="300" blockAlign="center">
        <Button variant={waiting ? "primary" : undefined} onClick={start} disabled={state !== "idle"}>
          {words.check}
        </Button>
        {checkedAt ? (
          <Text as="span" variant="bodySm" tone="subdued">
            {words.checkedAt("")}
            <When at={checkedAt} timeZone={timeZone} />
          </Text>
        ) : null}
      </InlineStack>
      <div role="status">
        {looking ? (
          <InlineStack gap="200" blockAlign="center" wrap={false}>
            <Spinner size="small" accessibilityLabel="" />
            <Text as="p">{words.checking}</Text>
          </InlineStack>
        ) : left === 0 && waiting ? (
          <Text as="p">{words.stillWaiting}</Text>
        ) : null}
      </div>
    </BlockStack>
  );
}

function Address({ domain }: { domain: SendingDomain }) {
  const words = useWords().domain.address;
  const fetcher = useFetcher<DomainAnswer>();
  const [localPart, setLocalPart] = useState(domain.localPart);
  const [error, setError] = useState<string>();
  const answer = fetcher.state === "idle" ? fetcher.data : undefined;
  useToast(answer, answer?.ok ? words.saved : null);
  const save = () => {
    const checked = parseInput(domainDraftSchema.pick({ localPart: true }), { localPart });
    setError(checked.ok ? undefined : checked.errors.localPart);
    if (checked.ok) fetcher.submit({ intent: "address", ...checked.value }, { method: "post" });
  };
  return (
    <Card>
      <UnsavedChanges
        id="sender-address"
        dirty={localPart !== domain.localPart}
        saving={fetcher.state !== "idle"}
        onSave={save}
        onDiscard={() => {
          setLocalPart(domain.localPart);
          setError(undefined);
        }}
      />
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {words.title}
        </Text>
        <TextField
          label={words.label}
          autoComplete="off"
          spellCheck={false}
          value={localPart}
          error={error ?? (answer && !answer.ok ? answer.errors.localPart : undefined)}
          onChange={(text) => {
            setLocalPart(text);
            setError(undefined);
          }}
        />
        <Text as="p" tone="subdued" breakWord>{`@${domain.domain}`}</Text>
      </BlockStack>
    </Card>
  );
}
