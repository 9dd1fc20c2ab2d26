import { Badge, BlockStack, Button, InlineStack, Link, Text } from "@shopify/polaris";
import type { ChannelName } from "#app/connectors/channels.ts";
import { findRule, type Severity } from "#app/connectors/policies.ts";
import type { Finding } from "#app/features/templates/policy.ts";
import { formatDate } from "#app/ui/format.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

type FindingsProps = {
  findings: Finding[];
  intro?: string;
  channel?: ChannelName;
  /** Where the text can be gone to. */
  onGo?: (field: Finding["field"], line: number, column: number) => void;
};

const TONES = { never: "critical", overrulable: "warning", advice: "info" } as const;
const SEVERITIES = Object.keys(TONES) as Severity[];
const MOST_SHOWN = 5;

/** What a text says against the rules of its channel: each rule once, in its own words, with the places it is about. */
export function Findings({ findings, intro, channel = "email", onGo }: FindingsProps) {
  const words = useWords().policy;
  if (findings.length === 0) return null;
  const byRule = [...Map.groupBy(findings, ({ ruleId }) => ruleId)].sort(
    ([, [a]], [, [b]]) => SEVERITIES.indexOf(a!.severity) - SEVERITIES.indexOf(b!.severity),
  );
  return (
    <section className="Findings" aria-label={words.title}>
      {intro ? <Text as="p">{intro}</Text> : null}
      <ul>
        {byRule.map(([ruleId, places]) => (
          <li key={ruleId}>
            <BlockStack gap="200">
              <InlineStack gap="200" blockAlign="center">
                <Badge tone={TONES[places[0]!.severity]}>{words.severity[places[0]!.severity]}</Badge>
                <Text as="h3" variant="headingSm">
                  {words.about[places[0]!.about].title}
                </Text>
              </InlineStack>
              <Text as="p">{words.about[places[0]!.about].help}</Text>
              {places.slice(0, MOST_SHOWN).map(({ field, line, column, excerpt }, index) => (
                <div key={index} className="Break">
                  {onGo ? `${words.place(line, column)} ` : null}
                  {excerpt ? <mark>{excerpt}</mark> : null}{" "}
                  {onGo ? (
                    <Button variant="plain" onClick={() => onGo(field, line, column)}>
                      {words.goTo}
                    </Button>
                  ) : null}
                </div>
              ))}
              {places.length > MOST_SHOWN ? (
                <Text as="p" tone="subdued">
                  {words.more(places.length - MOST_SHOWN)}
                </Text>
              ) : null}
              <Rule channel={channel} ruleId={ruleId} />
            </BlockStack>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A rule in its source's words, with where they stand and since when. */
export function Rule({ channel, ruleId }: { channel: ChannelName; ruleId: string }) {
  const words = useWords().policy;
  const language = useLanguage();
  const rule = findRule(channel, ruleId);
  if (!rule) return null;
  const { quote, source, date } = rule;
  return (
    <blockquote className="Rule" cite={source.url}>
      <Text as="p" tone="subdued">
        {quote.verbatim ? words.quoted(quote.text) : quote.text}
      </Text>
      <Text as="p" tone="subdued">
        <Link url={source.url} target="_blank">
          {source.title}
        </Link>
        {`, ${words.since(formatDate(`${date}T00:00:00Z`, { locale: language, timeZone: "UTC" }))}`}
      </Text>
    </blockquote>
  );
}
