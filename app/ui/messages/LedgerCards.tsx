import { useFetcher } from "@remix-run/react";
import {
  Banner,
  BlockStack,
  Button,
  Card,
  FormLayout,
  InlineError,
  InlineStack,
  Link,
  ProgressBar,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { useRef, useState } from "react";
import { ledgerSpanSchema, type Verdict } from "#app/features/messages/ledger.ts";
import { parseInput, type FieldErrors } from "#app/platform/forms.ts";
import { formatNumber } from "#app/ui/format.ts";
import { downloadLines } from "#app/ui/triggers/download.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

/** Takes along what was sent in some days, and tells how far the file is. */
export function LedgerExportCard({ from, to }: { from: string; to: string }) {
  const words = useWords().ledger.export;
  const locale = useLanguage();
  const [span, setSpan] = useState({ from, to, format: "csv" });
  const [errors, setErrors] = useState<FieldErrors>({});
  const [progress, setProgress] = useState<{ come: number; total: number } | null>(null);
  const [failed, setFailed] = useState(false);
  const set = (field: keyof typeof span) => (value: string) => setSpan({ ...span, [field]: value });
  async function save() {
    const input = parseInput(ledgerSpanSchema, span);
    setErrors(input.ok ? {} : input.errors);
    if (!input.ok) return;
    setFailed(false);
    setProgress({ come: 0, total: 0 });
    const saved = await downloadLines(
      `/app/messages/download?${new URLSearchParams(span).toString()}`,
      words.name(span.from, span.to, span.format),
      (come, total) => setProgress({ come, total }),
    );
    setProgress(null);
    setFailed(!saved);
    if (saved) shopify.toast.show(words.done);
  }
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {words.title}
        </Text>
        <Text as="p">{words.help}</Text>
        <FormLayout>
          <FormLayout.Group>
            <TextField
              label={words.from}
              type="date"
              autoComplete="off"
              value={span.from}
              error={errors.from}
              onChange={set("from")}
            />
            <TextField
              label={words.to}
              type="date"
              autoComplete="off"
              value={span.to}
              error={errors.to}
              onChange={set("to")}
            />
          </FormLayout.Group>
          <Select
            label={words.format}
            options={Object.entries(words.formats).map(([value, label]) => ({ value, label }))}
            value={span.format}
            onChange={set("format")}
          />
        </FormLayout>
        <InlineStack>
          <Button onClick={() => void save()} loading={progress !== null}>
            {words.action}
          </Button>
        </InlineStack>
        {progress && progress.total > 0 ? (
          <BlockStack gap="100">
            <Text as="span" tone="subdued">
              {words.come(formatNumber(progress.come, locale), formatNumber(progress.total, locale))}
            </Text>
            <div role="group" aria-label={words.progress}>
              <ProgressBar size="small" progress={(100 * progress.come) / progress.total} animated={false} />
            </div>
          </BlockStack>
        ) : null}
        {failed ? <InlineError fieldID="ledger" message={words.failed} /> : null}
      </BlockStack>
    </Card>
  );
}

export type ProofAnswer = { ok: true; verdict: Verdict } | { ok: false; errors: FieldErrors };

const TONES = {
  same: "success",
  other: "critical",
  unknown: "warning",
  bytes_gone: "info",
  no_hash: "info",
} as const;

/** Says whether a mail is the ledger's. A file stays in the browser, which works out its hash. */
export function LedgerCheckCard() {
  const words = useWords().ledger.check;
  const fetcher = useFetcher<ProofAnswer>();
  const [proof, setProof] = useState("");
  const [unread, setUnread] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const idle = fetcher.state === "idle";
  const answer = idle ? fetcher.data : undefined;
  async function take(file: File | undefined) {
    if (!file) return;
    const digest = await file
      .arrayBuffer()
      .then((bytes) => crypto.subtle.digest("SHA-256", bytes))
      .catch(() => null);
    setUnread(digest === null);
    if (digest)
      setProof([...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  }
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {words.title}
        </Text>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            fetcher.submit({ proof }, { method: "post" });
          }}
        >
          <FormLayout>
            <TextField
              label={words.proof}
              helpText={words.help}
              autoComplete="off"
              monospaced
              value={proof}
              error={unread ? words.fileFailed : answer && !answer.ok ? answer.errors.proof : undefined}
              onChange={setProof}
            />
            <input
              ref={files}
              type="file"
              hidden
              aria-label={words.file}
              onChange={({ target }) => void take(target.files?.[0])}
            />
            <InlineStack gap="200">
              <Button submit loading={!idle}>
                {words.action}
              </Button>
              <Button variant="plain" onClick={() => files.current?.click()}>
                {words.file}
              </Button>
            </InlineStack>
          </FormLayout>
        </form>
        {answer?.ok ? (
          <Banner tone={TONES[answer.verdict.kind]} title={words.verdicts[answer.verdict.kind]}>
            {answer.verdict.kind === "unknown" ? null : (
              <BlockStack gap="100">
                {answer.verdict.hash ? <span className="Break">{answer.verdict.hash}</span> : null}
                <Link url={`/app/messages/${answer.verdict.messageId}`}>{words.open}</Link>
              </BlockStack>
            )}
          </Banner>
        ) : null}
      </BlockStack>
    </Card>
  );
}
