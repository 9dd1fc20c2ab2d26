import {
  Banner,
  BlockStack,
  Button,
  Card,
  Checkbox,
  ChoiceList,
  InlineStack,
  Text,
  TextField,
} from "@shopify/polaris";
import { useState } from "react";
import {
  approvalSchema,
  returnSchema,
  REVIEW_QUESTIONS,
  type Approval,
  type ReviewQuestion,
} from "#app/features/releases/releases.ts";
import type { Finding } from "#app/features/templates/policy.ts";
import type { Purpose } from "#app/features/templates/templates.ts";
import { parseInput, type FieldErrors } from "#app/platform/forms.ts";
import { useWords } from "#app/ui/words/words.ts";

export type ReviewWish = ({ intent: "approve" } & Approval) | { intent: "return"; note: string };

type ReviewFormProps = {
  purpose: Purpose;
  /** What the text says against the channel's rules. */
  findings: Finding[];
  counts: { waiting: number; included: Record<Approval["waiting"], number> };
  errors: FieldErrors;
  busy: ReviewWish["intent"] | null;
  onWish: (wish: ReviewWish) => void;
};

const NONE: Record<ReviewQuestion, boolean> = {
  trigger: false,
  content: false,
  purpose: false,
  rules: false,
};

/** The four questions, what becomes of what waits, and the two ways to answer. */
export function ReviewForm({ purpose, findings, counts, errors: told, busy, onWish }: ReviewFormProps) {
  const all = useWords();
  const words = all.releases.review;
  const [answers, setAnswers] = useState(NONE);
  const [waiting, setWaiting] = useState<Approval["waiting"]>("move");
  const [includePaid, setIncludePaid] = useState(false);
  const [note, setNote] = useState("");
  const [reasons, setReasons] = useState<Record<string, string>>({});
  const [found, setFound] = useState<FieldErrors>({});
  const errors = { ...told, ...found };
  const included = counts.included[waiting];

  const doubtful = [
    ...new Map(
      findings.filter(({ severity }) => severity === "overrulable").map((each) => [each.ruleId, each]),
    ).values(),
  ];

  function approve() {
    const overruled = doubtful.map(({ ruleId }) => ({ ruleId, reason: reasons[ruleId] ?? "" }));
    const wish = { answers, waiting, includePaid: includePaid && included > 0, note, overruled };
    const checked = parseInput(approvalSchema, wish);
    setFound(checked.ok ? {} : checked.errors);
    if (checked.ok) onWish({ intent: "approve", ...checked.value });
  }
  function sendBack() {
    const checked = parseInput(returnSchema, { note });
    setFound(checked.ok ? {} : checked.errors);
    if (checked.ok) onWish({ intent: "return", note });
  }

  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {words.title}
        </Text>
        {errors[""] ? <Banner tone="critical">{errors[""]}</Banner> : null}
        <BlockStack gap="300">
          {REVIEW_QUESTIONS.map((question) => (
            <Checkbox
              key={question}
              label={words.questions[question]}
              helpText={
                question === "purpose"
                  ? words.lookAt.purpose(all.templates.purposes[purpose].name)
                  : words.lookAt[question]
              }
              checked={answers[question]}
              error={errors[`answers.${question}`]}
              onChange={(yes) => {
                setAnswers({ ...answers, [question]: yes });
                setFound({});
              }}
            />
          ))}
        </BlockStack>
        {doubtful.map(({ ruleId, about, excerpt }, index) => (
          <TextField
            key={ruleId}
            label={words.overrule(all.policy.about[about].title, excerpt)}
            helpText={words.overruleHelp}
            value={reasons[ruleId] ?? ""}
            error={errors[`overruled.${index}.reason`]}
            multiline={2}
            maxLength={500}
            autoComplete="off"
            onChange={(text) => {
              setReasons({ ...reasons, [ruleId]: text });
              setFound({});
            }}
          />
        ))}
        {counts.waiting > 0 ? (
          <ChoiceList
            title={words.waiting(counts.waiting)}
            choices={[
              { value: "move", label: words.move },
              { value: "stay", label: words.stay },
            ]}
            selected={[waiting]}
            onChange={([choice]) => setWaiting(choice === "stay" ? "stay" : "move")}
          />
        ) : (
          <Text as="p" tone="subdued">
            {words.waiting(0)}
          </Text>
        )}
        {included > 0 ? (
          <Checkbox
            label={words.include(included)}
            helpText={words.includeHelp}
            checked={includePaid}
            onChange={setIncludePaid}
          />
        ) : (
          <Text as="p" tone="subdued">
            {words.nothingToInclude}
          </Text>
        )}
        <TextField
          label={words.note}
          helpText={words.noteHelp}
          value={note}
          error={errors.note}
          multiline={3}
          maxLength={2_000}
          autoComplete="off"
          onChange={(text) => {
            setNote(text);
            setFound({});
          }}
        />
        <InlineStack gap="200" align="end">
          <Button onClick={sendBack} loading={busy === "return"} disabled={busy !== null}>
            {words.sendBack}
          </Button>
          <Button variant="primary" onClick={approve} loading={busy === "approve"} disabled={busy !== null}>
            {words.approve}
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
