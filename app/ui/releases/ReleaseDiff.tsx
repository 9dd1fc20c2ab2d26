import { Badge, BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import { Fragment, type ReactNode } from "react";
import { diffLines, type DiffLine } from "#app/features/releases/diff.ts";
import type { ReleaseContent } from "#app/features/releases/releases.ts";
import type { TriggerDefinition } from "#app/features/triggers/triggers.ts";
import { FactList } from "#app/ui/FactList.tsx";
import { nameOf, withNames, type Names } from "#app/ui/triggers/names.ts";
import { listLeftOut, sentence } from "#app/ui/triggers/sentence.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

type ReleaseDiffProps = {
  content: ReleaseContent;
  /** What it replaces; null: there was nothing. */
  before: ReleaseContent | null;
  /** The number of what it replaces. */
  beforeNumber: number | null;
  names: Names;
  timeZone: string;
};

/** What a release says against what it replaces: whom it is for, what they read, when it is sent. */
export function ReleaseDiff(props: ReleaseDiffProps) {
  const words = useWords().releases.page;
  const { content, before, beforeNumber } = props;
  return (
    <BlockStack gap="400">
      <Text as="p" tone="subdued">
        {before && beforeNumber !== null ? words.compared(beforeNumber) : words.first}
      </Text>
      <Section title={words.trigger}>
        <TriggerDiff {...props} />
      </Section>
      <Section title={words.content}>
        <ContentDiff content={content} before={before} />
      </Section>
      <Section title={words.rules}>
        <RulesDiff {...props} />
      </Section>
    </BlockStack>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        {children}
      </BlockStack>
    </Card>
  );
}

function TriggerDiff({ content, before, names, timeZone }: ReleaseDiffProps) {
  const { triggers, releases } = useWords();
  const read = ({ trigger, template }: ReleaseContent) =>
    sentence(
      { definition: withNames(trigger.definition, names, triggers.editor.products) },
      { templateName: template.draft.name, timeZone },
      triggers.sentence,
    );
  const lists = (["include", "exclude"] as const).map((side) => {
    const [old, now] = [valuesOf(before, side, names, triggers), valuesOf(content, side, names, triggers)];
    return {
      side,
      added: [...now].filter(([key]) => !old.has(key)).map(([, name]) => name),
      removed: [...old].filter(([key]) => !now.has(key)).map(([, name]) => name),
    };
  });
  return (
    <BlockStack gap="200">
      <Compared before={before && read(before)} now={read(content)} />
      {before
        ? lists.map(({ side, added, removed }) => (
            <Fragment key={side}>
              <NameList title={releases.page.addedTo[side]} names={added} />
              <NameList title={releases.page.removedFrom[side]} names={removed} />
            </Fragment>
          ))
        : null}
    </BlockStack>
  );
}

function valuesOf(
  content: ReleaseContent | null,
  side: "include" | "exclude",
  names: Names,
  { editor }: ReturnType<typeof useWords>["triggers"],
): Map<string, string> {
  const rules = content?.trigger.definition[side].rules ?? [];
  return new Map(
    rules.flatMap(({ kind, values }) =>
      values.map((value) => [
        `${kind}:${value.id}`,
        `${editor.kinds[kind]}: ${nameOf(kind, value, names, editor.products)}`,
      ]),
    ),
  );
}

function NameList({ title, names }: { title: string; names: string[] }) {
  if (names.length === 0) return null;
  return (
    <div className="Break">
      <Text as="p" fontWeight="semibold">
        {title}
      </Text>
      <Text as="p">{names.join(", ")}</Text>
    </div>
  );
}

/** A sentence, and above it what it was. */
function Compared({ before, now }: { before: string | null; now: string }) {
  const words = useWords().releases.page;
  if (before === null || before === now)
    return (
      <div className="Break">
        <Text as="p">{now}</Text>
        {before === now ? (
          <Text as="p" tone="subdued">
            {words.unchanged}
          </Text>
        ) : null}
      </div>
    );
  return (
    <div className="Break">
      <p className="Replaced">
        {words.was} <del>{before}</del>
      </p>
      <p>
        {words.is} <ins>{now}</ins>
      </p>
    </div>
  );
}

function ContentDiff({ content, before }: Pick<ReleaseDiffProps, "content" | "before">) {
  const words = useWords().releases.page;
  const language = useLanguage();
  const names = new Intl.DisplayNames([language], { type: "language" });
  const [now, old] = [content.template.draft.locales, before?.template.draft.locales ?? {}];
  const tags = [...new Set([...Object.keys(now), ...Object.keys(old)])].sort();
  return (
    <BlockStack gap="400">
      {tags.map((tag) => {
        const [mine, its] = [now[tag], old[tag]];
        const same = mine?.subject === its?.subject && mine?.body === its?.body;
        return (
          <BlockStack key={tag} gap="200">
            <InlineStack gap="200" blockAlign="center">
              <Text as="h3" variant="headingSm">
                {names.of(tag) ?? tag}
              </Text>
              {before && !its ? <Badge tone="success">{words.newLanguage}</Badge> : null}
              {mine ? null : <Badge tone="critical">{words.goneLanguage}</Badge>}
              {same ? <Badge>{words.unchanged}</Badge> : null}
            </InlineStack>
            <Lines
              label={words.subject}
              lines={diffLines(its?.subject ?? "", mine?.subject ?? "")}
              plain={!its}
            />
            <Lines label={words.body} lines={diffLines(its?.body ?? "", mine?.body ?? "")} plain={!its} />
          </BlockStack>
        );
      })}
    </BlockStack>
  );
}

/** Unchanged lines shown before and after a change. */
const CONTEXT = 3;

function Lines({ label, lines, plain = false }: { label: string; lines: DiffLine[]; plain?: boolean }) {
  const words = useWords().releases.page;
  if (!plain && lines.length > CONTEXT && lines.every(({ kind }) => kind === "same"))
    return (
      <details className="Unchanged">
        <summary>
          {label} {words.sameLines(lines.length)}
        </summary>
        <div className="Diff">
          {lines.map(({ text }, index) => (
            <span key={index}>{text}</span>
          ))}
        </div>
      </details>
    );
  return (
    <div>
      <Text as="p" tone="subdued">
        {label}
      </Text>
      <div className="Diff">
        {(plain ? [{ lines, hidden: 0 }] : folded(lines)).map(({ lines, hidden }, part) => (
          <Fragment key={part}>
            {lines.map(({ kind, text }, index) => {
              if (kind === "same" || plain) return <span key={index}>{text}</span>;
              const Tag = kind === "added" ? "ins" : "del";
              return (
                <Tag key={index}>
                  <Text as="span" visuallyHidden>
                    {kind === "added" ? words.added : words.removed}{" "}
                  </Text>
                  {text}
                </Tag>
              );
            })}
            {hidden > 0 ? <span className="Diff-Gap">{words.sameLines(hidden)}</span> : null}
          </Fragment>
        ))}
      </div>
    </div>
  );
}

/** Leaves out long stretches that stayed the same; `hidden` lines follow each part. */
function folded(lines: DiffLine[]): { lines: DiffLine[]; hidden: number }[] {
  if (lines.every(({ kind }) => kind === "same")) return [{ lines, hidden: 0 }];
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ kind }) => kind !== "same"),
  );
  const parts: { lines: DiffLine[]; hidden: number }[] = [{ lines: [], hidden: 0 }];
  lines.forEach((line, index) => {
    const last = parts.at(-1)!;
    if (!near[index]) last.hidden++;
    else if (last.hidden > 0) parts.push({ lines: [line], hidden: 0 });
    else last.lines.push(line);
  });
  return parts;
}

function RulesDiff({ content, before, timeZone }: ReleaseDiffProps) {
  const words = useWords();
  const languages = new Intl.DisplayNames([useLanguage()], { type: "language" });
  const read = (of: ReleaseContent) => factsOf(of, timeZone, languages, words);
  const [now, old] = [read(content), before && read(before)];
  return (
    <FactList
      facts={now.map(([name, value], index) => {
        const was = old?.[index]?.[1];
        return [
          name,
          was === undefined || was === value ? (
            value
          ) : (
            <>
              <ins>{value}</ins>{" "}
              <span className="Replaced">
                ({words.releases.page.was} <del>{was}</del>)
              </span>
            </>
          ),
        ] as const;
      })}
    />
  );
}

function factsOf(
  { trigger, template }: ReleaseContent,
  timeZone: string,
  languages: Intl.DisplayNames,
  { releases, triggers, templates }: ReturnType<typeof useWords>,
): [name: string, value: string][] {
  const { start, delay, timeOfDay, exclusions, frequency }: TriggerDefinition = trigger.definition;
  const facts = releases.page.facts;
  const { sentence: said, editor } = triggers;
  const fallback =
    start.event !== "delivered"
      ? "–"
      : start.fallbackDays === null
        ? facts.fallbackNever
        : facts.fallbackDays(start.fallbackDays);
  return [
    [facts.purpose, templates.purposes[template.draft.purpose].name],
    [facts.event, editor.start.events[start.event]],
    [facts.wait, delay.amount === 0 ? facts.atOnce : said.wait[delay.unit](delay.amount)],
    [facts.time, timeOfDay ? `${timeOfDay} (${timeZone})` : facts.anyTime],
    [facts.fallback, fallback],
    [facts.frequency, editor.message.frequencies[frequency]],
    [facts.minimum, String(exclusions.minimumQuantity)],
    [facts.leavesOut, listLeftOut(exclusions, said) || facts.nothing],
    [facts.priority, String(trigger.priority)],
    [facts.template, template.draft.name],
    [facts.fallbackLocale, languages.of(template.draft.fallbackLocale) ?? template.draft.fallbackLocale],
  ];
}
