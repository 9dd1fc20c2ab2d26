import { useRevalidator } from "@remix-run/react";
import {
  Banner,
  BlockStack,
  Button,
  Card,
  DropZone,
  InlineError,
  InlineStack,
  List,
  Text,
} from "@shopify/polaris";
import { useState } from "react";
import type { ImportReport } from "#app/features/messages/suppressions.ts";
import { download, saveText } from "#app/ui/triggers/download.ts";
import { useWords } from "#app/ui/words/words.ts";

const MOST_SHOWN = 20;

/** Takes in a list, and gives ours away. A file is sent as it is, so that the server can read it while it arrives. */
export function FilesCard({ query }: { query: string }) {
  const words = useWords().suppressions.files;
  const [busy, setBusy] = useState<"import" | "export" | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [report, setReport] = useState<ImportReport | null>(null);
  const [leftOut, setLeftOut] = useState(0);
  const { revalidate } = useRevalidator();

  async function send(file: File) {
    setBusy("import");
    setError(null);
    const answer = await fetch("/app/suppressions/import", {
      method: "POST",
      headers: { "content-type": "text/csv" },
      body: file,
    }).catch(() => null);
    setReport(answer?.ok ? ((await answer.json()) as ImportReport) : null);
    if (!answer?.ok) setError(words.notRead);
    setBusy(null);
    revalidate();
  }

  async function save() {
    setBusy("export");
    setError(null);
    const headers = await download(`/app/suppressions/download?${query}`, words.name);
    if (headers) setLeftOut(Number(headers.get("x-left-out")));
    else setError(words.failed);
    setBusy(null);
  }

  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {words.title}
        </Text>
        <Text as="p">{words.help}</Text>
        <DropZone
          accept=".csv,text/csv"
          type="file"
          allowMultiple={false}
          label={words.import}
          labelHidden
          disabled={busy !== null}
          onDrop={([file]) => {
            if (file) void send(file);
          }}
        >
          <DropZone.FileUpload
            actionTitle={busy === "import" ? words.reading : words.drop}
            actionHint={words.hint}
          />
        </DropZone>
        {error ? <InlineError fieldID="files" message={error} /> : null}
        {report ? <Report report={report} /> : null}
        <InlineStack>
          <Button onClick={() => void save()} loading={busy === "export"}>
            {words.export}
          </Button>
        </InlineStack>
        {leftOut > 0 ? (
          <Text as="p" tone="subdued">
            {words.leftOut(leftOut)}
          </Text>
        ) : null}
      </BlockStack>
    </Card>
  );
}

function Report({ report: { added, known, bad, unreadFrom } }: { report: ImportReport }) {
  const words = useWords().suppressions.files;
  const fine = bad.length === 0 && unreadFrom === null;
  const saveBad = () =>
    saveText(words.badName, ["line,fault", ...bad.map(({ line, fault }) => `${line},${fault}`)].join("\r\n"));
  return (
    <Banner tone={fine ? "success" : "warning"} title={words.added(added)}>
      <BlockStack gap="200">
        {known > 0 ? <Text as="p">{words.known(known)}</Text> : null}
        {unreadFrom === null ? null : <Text as="p">{words.unread(unreadFrom)}</Text>}
        {bad.length > 0 ? (
          <>
            <Text as="p">{words.bad(bad.length)}</Text>
            <List>
              {bad.slice(0, MOST_SHOWN).map(({ line, fault }) => (
                <List.Item key={line}>
                  {words.line(line)}: {words.faults[fault]}
                </List.Item>
              ))}
              {bad.length > MOST_SHOWN ? <List.Item>{words.more(bad.length - MOST_SHOWN)}</List.Item> : null}
            </List>
            <InlineStack>
              <Button variant="plain" onClick={saveBad}>
                {words.saveBad}
              </Button>
            </InlineStack>
          </>
        ) : null}
      </BlockStack>
    </Banner>
  );
}
