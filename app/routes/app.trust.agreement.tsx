import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { Banner, BlockStack, Box, Button, Card, Text } from "@shopify/polaris";
import { useEffect } from "react";
import { z } from "zod";
import { acceptAgreement, findAcceptance } from "#app/features/trust/records.server.ts";
import { AGREEMENTS } from "#app/features/trust/records.ts";
import { systemClock } from "#app/platform/clock.ts";
import { parseForm } from "#app/platform/forms.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { formatDate } from "#app/ui/format.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";
import { Allowed } from "#app/ui/people/Allowed.tsx";

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, actor, inShop } = await requireShop(request);
  return json({
    version: AGREEMENTS.processing.version,
    acceptance: await inShop((tx) => findAcceptance(tx, shop.id, "processing")),
    timeZone: shop.settings.timeZone,
    you: actor,
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const { shop, actor, inShop } = await requireShop(request, "agreement");
  const input = await parseForm(request, z.object({ version: z.string().max(20) }));
  if (!input.ok) return json({ ok: false as const }, { status: 422 });
  const { version } = input.value;
  await inShop((tx) =>
    acceptAgreement(tx, shop.id, { document: "processing", version, actor, now: systemClock() }),
  );
  return json({ ok: true as const });
}

export default function AgreementPage() {
  const { version, acceptance, timeZone, you } = useLoaderData<typeof loader>();
  const { agreement: text, trust, audit } = useWords();
  const words = trust.agreement;
  const locale = useLanguage();
  const fetcher = useFetcher<typeof action>();
  const accepted = fetcher.data?.ok;
  useEffect(() => {
    if (accepted) shopify.toast.show(words.done);
  }, [accepted, words]);
  return (
    <AppPage
      title={text.title}
      section={trust.title}
      backAction={{ content: trust.title, url: "/app/trust" }}
      narrowWidth
    >
      <BlockStack gap="400">
        {acceptance ? (
          <Banner tone={acceptance.current ? "success" : "warning"}>
            <p>
              {words.acceptedBy(
                acceptance.version,
                formatDate(acceptance.at, { locale, timeZone }),
                acceptance.by === you ? audit.who.you : audit.who.team(acceptance.by.replace(/^user:/, "")),
              )}
            </p>
            {acceptance.current ? null : <p>{words.renewed(version)}</p>}
          </Banner>
        ) : null}
        <Card>
          <BlockStack gap="400">
            {acceptance ? null : (
              <Text as="p" tone="subdued">
                {words.version(version)}
              </Text>
            )}
            <Text as="p">{text.intro}</Text>
            {text.sections.map(([title, body]) => (
              <BlockStack key={title} gap="100">
                <Text as="h2" variant="headingSm">
                  {title}
                </Text>
                <Text as="p">{body}</Text>
              </BlockStack>
            ))}
          </BlockStack>
        </Card>
        {acceptance?.current ? null : (
          <Box paddingInline={{ xs: "400", sm: "0" }} paddingBlockEnd="400">
            <Allowed deed="agreement">
              <fetcher.Form method="post">
                <input type="hidden" name="version" value={version} />
                <Button submit variant="primary" loading={fetcher.state !== "idle"}>
                  {words.accept}
                </Button>
              </fetcher.Form>
            </Allowed>
          </Box>
        )}
      </BlockStack>
    </AppPage>
  );
}
