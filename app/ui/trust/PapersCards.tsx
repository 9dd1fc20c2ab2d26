import { BlockStack, Button, Card, InlineStack, Link, Text } from "@shopify/polaris";
import { useState } from "react";
import { POLICIES, PUBLIC_POLICIES } from "#app/features/trust/records.ts";
import type { Trust } from "#app/features/trust/trust.server.ts";
import { FactList } from "#app/ui/FactList.tsx";
import { formatDate } from "#app/ui/format.ts";
import { download } from "#app/ui/triggers/download.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";
import { Allowed } from "#app/ui/people/Allowed.tsx";

type Shown = { trust: Trust; timeZone: string };

/** The data processing agreement: which version was accepted when, and the way to read it. */
export function AgreementCard({ trust, timeZone }: Shown) {
  const words = useWords().trust.agreement;
  const locale = useLanguage();
  const { version, acceptance } = trust.agreement;
  return (
    <Card>
      <BlockStack gap="300" inlineAlign="start">
        <Text as="h2" variant="headingMd">
          {words.title}
        </Text>
        {acceptance ? (
          <Text as="p">
            {words.accepted(acceptance.version, formatDate(acceptance.at, { locale, timeZone }))}
          </Text>
        ) : (
          <Text as="p">{words.missing}</Text>
        )}
        {acceptance && !acceptance.current ? <Text as="p">{words.renewed(version)}</Text> : null}
        <Button url="/app/trust/agreement">{acceptance?.current ? words.reread : words.read}</Button>
      </BlockStack>
    </Card>
  );
}

/** One file for whoever reviews us on a merchant's behalf. */
export function PackCard({ shop, at }: { shop: string; at: string }) {
  const words = useWords().trust.pack;
  const [busy, setBusy] = useState(false);
  const fetchPack = async () => {
    setBusy(true);
    const done = await download("/app/trust/pack", words.file(shop, at.slice(0, 10)), { method: "POST" });
    setBusy(false);
    if (!done) shopify.toast.show(words.failed, { isError: true });
  };
  return (
    <Card>
      <BlockStack gap="300" inlineAlign="start">
        <Text as="h2" variant="headingMd">
          {words.title}
        </Text>
        <Text as="p" tone="subdued">
          {words.body}
        </Text>
        <Allowed deed="evidence">
          {" "}
          <Button loading={busy} onClick={() => void fetchPack()}>
            {words.action}
          </Button>
        </Allowed>
      </BlockStack>
    </Card>
  );
}

/** What the public reads of us, and when a person last went through it. */
export function PoliciesCard({ trust, timeZone, appUrl }: Shown & { appUrl: string }) {
  const words = useWords().trust.policies;
  const locale = useLanguage();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {words.title}
        </Text>
        <FactList
          facts={POLICIES.map((policy) => {
            const at = trust.reviews[policy];
            return [
              words.names[policy],
              at ? words.reviewed(formatDate(at, { locale, timeZone })) : words.never,
            ];
          })}
        />
        <InlineStack gap="400">
          {PUBLIC_POLICIES.map((policy) => (
            <Link key={policy} url={`${appUrl}/${policy}`} target="_blank">
              {words.names[policy]}
            </Link>
          ))}
          <Link url={`${appUrl}/.well-known/security.txt`} target="_blank">
            {words.securityTxt}
          </Link>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
