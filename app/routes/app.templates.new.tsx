import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { Modal, TitleBar } from "@shopify/app-bridge-react";
import {
  Banner,
  BlockStack,
  Box,
  Button,
  Card,
  InlineStack,
  SkeletonBodyText,
  Tabs,
  Text,
} from "@shopify/polaris";
import { useState } from "react";
import { starterDraft, STARTERS } from "#app/features/templates/starters.ts";
import { PURPOSES, type TemplateContent } from "#app/features/templates/templates.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { Findings } from "#app/ui/templates/Findings.tsx";
import { MailView } from "#app/ui/templates/PreviewPane.tsx";
import templateStyles from "#app/ui/templates/templates.css?url";
import { PurposeBadge } from "#app/ui/templates/TemplateTable.tsx";
import type { PreviewAnswer } from "#app/ui/templates/usePreview.ts";
import { useWords } from "#app/ui/words/words.ts";

export const links = () => [{ rel: "stylesheet", href: templateStyles }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await requireShop(request);
  const starters = STARTERS.map(({ key, purpose }) => {
    const { name, fallbackLocale, locales } = starterDraft(key, shop.settings.locale);
    return {
      key,
      purpose,
      name,
      locale: fallbackLocale,
      content: locales[fallbackLocale] as TemplateContent,
    };
  });
  return json({ starters });
}

/** The start of a new template: a gallery of texts to begin with, by purpose. */
export default function NewTemplate() {
  const { starters } = useLoaderData<typeof loader>();
  const words = useWords().templates;
  const [tab, setTab] = useState(0);
  const [looking, setLooking] = useState<string | null>(null);
  const preview = useFetcher<PreviewAnswer>();
  const purpose = PURPOSES[tab - 1];
  const looked = starters.find(({ key }) => key === looking);

  function look(starter: (typeof starters)[number]) {
    setLooking(starter.key);
    const { locale, content, purpose } = starter;
    preview.submit(
      { locales: { [locale]: content }, locale, purpose, orderId: "", lineId: "" },
      { method: "post", action: "/app/templates/preview", encType: "application/json" },
    );
  }

  return (
    <AppPage
      title={words.gallery.title}
      section={words.title}
      backAction={{ content: words.title, url: "/app/templates" }}
      subtitle={words.gallery.intro}
    >
      <BlockStack gap="400">
        <Tabs
          tabs={[
            { id: "all", content: words.allPurposes },
            ...PURPOSES.map((id) => ({ id, content: words.purposes[id].name })),
          ]}
          selected={tab}
          onSelect={setTab}
        />
        {purpose ? (
          <Text as="p" tone="subdued">
            {words.purposes[purpose].help}
          </Text>
        ) : null}
        <div className="Gallery">
          <Card>
            <Tile title={words.gallery.blank} text={words.gallery.blankHelp}>
              <Button
                url="/app/templates/draft"
                accessibilityLabel={words.gallery.useNamed(words.gallery.blank)}
              >
                {words.gallery.use}
              </Button>
            </Tile>
          </Card>
          {starters
            .filter((starter) => !purpose || starter.purpose === purpose)
            .map((starter) => (
              <Card key={starter.key}>
                <Tile
                  title={starter.name}
                  text={opening(starter.content.body, words.gallery.standIns)}
                  badge={<PurposeBadge purpose={starter.purpose} />}
                >
                  <Button
                    url={`/app/templates/draft?starter=${starter.key}`}
                    accessibilityLabel={words.gallery.useNamed(starter.name)}
                  >
                    {words.gallery.use}
                  </Button>
                  <Button
                    variant="tertiary"
                    onClick={() => look(starter)}
                    accessibilityLabel={words.gallery.previewNamed(starter.name)}
                  >
                    {words.gallery.preview}
                  </Button>
                </Tile>
              </Card>
            ))}
        </div>
      </BlockStack>
      <Modal id="starter" variant="large" open={looked !== undefined} onHide={() => setLooking(null)}>
        <Box padding="400" minHeight="400px">
          {preview.data?.failure ? <Banner tone="critical">{preview.data.failure}</Banner> : null}
          {preview.state === "idle" && preview.data?.mail ? (
            <BlockStack gap="400">
              <Findings findings={[...preview.data.findings, ...preview.data.mailFindings]} />
              <MailView mail={preview.data.mail} />
            </BlockStack>
          ) : (
            <SkeletonBodyText lines={10} />
          )}
        </Box>
        <TitleBar title={looked ? words.gallery.previewTitle(looked.name) : ""}>
          <button onClick={() => setLooking(null)}>{words.gallery.close}</button>
        </TitleBar>
      </Modal>
    </AppPage>
  );
}

type TileProps = { title: string; text: string; badge?: React.ReactNode; children: React.ReactNode };

function Tile({ title, text, badge, children }: TileProps) {
  return (
    <div className="Gallery-Tile">
      <BlockStack gap="200">
        {badge ? <InlineStack>{badge}</InlineStack> : null}
        <Text as="h2" variant="headingSm">
          {title}
        </Text>
        <Text as="p" tone="subdued">
          {text}
        </Text>
      </BlockStack>
      <InlineStack gap="200">{children}</InlineStack>
    </div>
  );
}

/** The first words after the greeting, without marks; what differs from order to order stands in brackets. */
function opening(body: string, standIns: Record<string, string>): string {
  const [, first = ""] = body.split(/\n\s*\n/);
  const plain = first
    .replace(/\{% if .*?\{% endif %\}/gs, "")
    .replace(/\{\{\s*([\w.]+).*?\}\}/gs, (_, name: string) => standIns[name] ?? "…")
    .replace(/[*_#]/g, "")
    .replace(/\s+/g, " ")
    .trim();
  const short = plain.length > 140 ? `${plain.slice(0, 140).replace(/\s\S*$/, "")}…` : plain;
  return short.charAt(0).toUpperCase() + short.slice(1);
}
