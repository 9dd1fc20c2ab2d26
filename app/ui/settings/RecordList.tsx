import { Badge, BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import type { RecordState } from "#app/connectors/domains.ts";
import { CopyButton } from "#app/ui/CopyButton.tsx";
import { stateTones } from "#app/ui/settings/DomainCard.tsx";
import type { Words } from "#app/ui/words/en.ts";
import { useWords } from "#app/ui/words/words.ts";

/** A DNS record to copy. `state` null = nobody looked for it. */
type ShownRecord = {
  purpose: keyof Words["domain"]["records"]["purposes"];
  type: string;
  name: string;
  host: string;
  value: string;
  priority: number | null;
  state: RecordState | null;
};

/** Records for a merchant to copy into their DNS, each part with its own button. */
export function RecordList({
  title,
  body,
  records,
}: {
  title: string;
  body: string;
  records: ShownRecord[];
}) {
  const { records: words, recordStates } = useWords().domain;
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {title}
          </Text>
          <Text as="p" tone="subdued">
            {body}
          </Text>
        </BlockStack>
        <ul className="Records">
          {records.map((record) => {
            const fields = [
              { name: words.name, value: record.name, more: words.whole(record.host) },
              { name: words.value, value: record.value },
              ...(record.priority === null ? [] : [{ name: words.priority, value: String(record.priority) }]),
            ];
            return (
              <li key={`${record.purpose}${record.type}${record.name}`}>
                <InlineStack gap="200" blockAlign="center">
                  <Text as="h3" variant="headingSm">
                    {words.purposes[record.purpose]}
                  </Text>
                  <Badge>{record.type}</Badge>
                  {record.state ? (
                    <Badge tone={stateTones[record.state]}>{recordStates[record.state]}</Badge>
                  ) : null}
                </InlineStack>
                <dl className="Records-Fields">
                  {fields.map((field) => (
                    <div key={field.name}>
                      <dt>{field.name}</dt>
                      <dd>
                        <div>
                          <code>{field.value}</code>
                          {field.more ? <span className="Records-More">{field.more}</span> : null}
                        </div>
                        <CopyButton
                          text={field.value}
                          label={words.copy(field.name, words.purposes[record.purpose])}
                        />
                      </dd>
                    </div>
                  ))}
                </dl>
              </li>
            );
          })}
        </ul>
      </BlockStack>
    </Card>
  );
}
