import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { BlockStack, Button, Card, InlineStack, InlineError, Link, Text } from "@shopify/polaris";
import { useState } from "react";
import { applyImport, planImport } from "#app/features/triggers/exchange.server.ts";
import { parseExchange, LARGEST_EXCHANGE } from "#app/features/triggers/exchange.ts";
import { systemClock } from "#app/platform/clock.ts";
import { forShop } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";
import { requireShop } from "#app/session.server.ts";
import { AppPage } from "#app/ui/AppPage.tsx";
import { download } from "#app/ui/triggers/download.ts";
import { ImportCard, type ImportAnswer } from "#app/ui/triggers/ImportCard.tsx";
import triggerStyles from "#app/ui/triggers/triggers.css?url";
import { useWords, wordsFor } from "#app/ui/words/words.ts";
import { Allowed } from "#app/ui/people/Allowed.tsx";

export const links = () => [{ rel: "stylesheet", href: triggerStyles }];

export async function loader({ request }: LoaderFunctionArgs) {
  await requireShop(request);
  return null;
}

/** Without a fingerprint: what importing the file would do. With one: does it. */
export async function action({ request }: ActionFunctionArgs) {
  const { shop, actor, inShop } = await requireShop(request, "edit");
  const words = wordsFor("en");
  const refuse = (error: string, status: number) =>
    json<ImportAnswer>({ plan: null, done: null, error }, { status });
  // A character takes up to four bytes.
  if (Number(request.headers.get("content-length") ?? 0) > LARGEST_EXCHANGE * 4)
    return refuse(words.exchange.tooLarge, 413);
  const form = await request.formData();
  const upload = form.get("file");
  if (!(upload instanceof File)) return refuse(words.shell.notSaved, 400);
  const { file, problems } = parseExchange(await upload.text());
  if (!file)
    return json<ImportAnswer>({ plan: { items: [], problems, fingerprint: "" }, done: null, error: null });
  const fingerprint = form.get("fingerprint");
  if (typeof fingerprint !== "string") {
    const plan = await inShop((tx) => planImport(tx, shop, file));
    return json<ImportAnswer>({ plan, done: null, error: null });
  }
  const conflicts = form.get("conflicts") === "replace" ? "replace" : "keep";
  try {
    const done = await forShop(shop.id, (tx) =>
      applyImport(tx, shop, file, { fingerprint, conflicts }, actor, systemClock()),
    );
    return json<ImportAnswer>({ plan: null, done, error: null });
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    return refuse(error.forPerson, error.status);
  }
}

export default function ImportExport() {
  const words = useWords().exchange;
  const assign = words.assign;
  const [failed, setFailed] = useState(false);
  const [busy, setBusy] = useState(false);

  async function save() {
    setBusy(true);
    setFailed((await download("/app/exchange/download", words.names.file)) === null);
    setBusy(false);
  }

  return (
    <AppPage
      title={words.title}
      section={words.title}
      narrowWidth
      backAction={{ url: "/app/triggers", content: useWords().triggers.title }}
    >
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              {words.file.exportTitle}
            </Text>
            <Text as="p">{words.file.exportHelp}</Text>
            <InlineStack>
              <Button onClick={() => void save()} loading={busy}>
                {words.file.exportAction}
              </Button>
            </InlineStack>
            {failed ? <InlineError fieldID="export" message={words.downloadFailed} /> : null}
          </BlockStack>
        </Card>
        <Allowed deed="edit">
          <ImportCard />
        </Allowed>
        <Card>
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd">
              {assign.title}
            </Text>
            <Text as="p">{assign.intro}</Text>
            <Text as="p">
              <Link url="/app/exchange/assign">{assign.title}</Link>
            </Text>
          </BlockStack>
        </Card>
      </BlockStack>
    </AppPage>
  );
}
