import { BlockStack, Card, Text } from "@shopify/polaris";
import type { Change, Leaf } from "#app/features/audit/diff.ts";
import { formatDateTime } from "#app/ui/format.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

/** "quietHours" → "Quiet hours" */
function readable(name: string): string {
  const spaced = name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** What was different before and after, field by field. */
export function ChangesCard({ changes, timeZone }: { changes: Change[]; timeZone: string }) {
  const words = useWords().audit.detail;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {words.changes}
        </Text>
        {changes.length === 0 ? (
          <Text as="p" tone="subdued">
            {words.noChanges}
          </Text>
        ) : (
          <table className="Changes">
            <thead>
              <tr>
                <th scope="col">{words.field}</th>
                <th scope="col">{words.before}</th>
                <th scope="col">{words.after}</th>
              </tr>
            </thead>
            <tbody>
              {changes.map(({ path, before, after }) => (
                <tr key={path.join("\n")}>
                  <th scope="row">{path.map(readable).join(" › ")}</th>
                  <td data-label={words.before}>
                    <Value value={before} gone timeZone={timeZone} />
                  </td>
                  <td data-label={words.after}>
                    <Value value={after} timeZone={timeZone} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </BlockStack>
    </Card>
  );
}

function Value({ value, gone = false, timeZone }: { value?: Leaf; gone?: boolean; timeZone: string }) {
  const words = useWords().audit.detail;
  const locale = useLanguage();
  const text = (leaf: Leaf): string => {
    if (Array.isArray(leaf)) return leaf.length ? leaf.map(text).join(", ") : words.none;
    if (leaf === null) return words.none;
    if (typeof leaf === "boolean") return leaf ? words.yes : words.no;
    if (leaf === "") return words.emptyText;
    return isInstant(leaf) ? formatDateTime(leaf, { locale, timeZone }) : String(leaf);
  };
  if (value === undefined) return <>{words.none}</>;
  return gone ? <del>{text(value)}</del> : <ins>{text(value)}</ins>;
}

function isInstant(leaf: string | number): leaf is string {
  return typeof leaf === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(leaf);
}
