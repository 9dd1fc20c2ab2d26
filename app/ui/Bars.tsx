import { BlockStack, InlineStack, Text } from "@shopify/polaris";
import { formatNumber } from "#app/ui/format.ts";
import { useLanguage } from "#app/ui/words/words.ts";

type Part<Name extends string> = { name: Name; label: string; look: "good" | "open" | "bad" | "planned" };
type Column<Name extends string> = {
  key: string;
  /** Below the column. */
  label: string;
  /** In full. */
  title: string;
  strong?: boolean;
  counts: Record<Name, number>;
};

type BarsProps<Name extends string> = {
  caption: string;
  /** What a column stands for. */
  unit: string;
  /** From the foot of a column to its top. */
  parts: Part<Name>[];
  columns: Column<Name>[];
};

/** Columns with parts stacked in them. The same numbers stand in a table for those who can't see them. */
export function Bars<Name extends string>({ caption, unit, parts, columns }: BarsProps<Name>) {
  const locale = useLanguage();
  const total = ({ counts }: Column<Name>) => parts.reduce((sum, { name }) => sum + counts[name], 0);
  const most = Math.max(1, ...columns.map(total));
  const shown = parts.filter(({ name }) => columns.some(({ counts }) => counts[name] > 0));
  return (
    <BlockStack gap="300">
      <div className="Bars" aria-hidden="true">
        {columns.map((column) => (
          <div key={column.key} className={column.strong ? "Bars-Column Bars-Column--strong" : "Bars-Column"}>
            <div className="Bars-Stack">
              <span className="Bars-Value">
                {total(column) > 0 ? formatNumber(total(column), locale) : ""}
              </span>
              {[...shown]
                .reverse()
                .map(({ name, label, look }) =>
                  column.counts[name] > 0 ? (
                    <div
                      key={name}
                      className={`Bars-Part Part--${look}`}
                      title={`${column.title}: ${column.counts[name]} ${label}`}
                      style={{ height: `${Math.max(2, (column.counts[name] / most) * 80)}%` }}
                    />
                  ) : null,
                )}
            </div>
            <span className="Bars-Label">{column.label}</span>
          </div>
        ))}
      </div>
      <div aria-hidden="true">
        <InlineStack gap="400">
          {shown.map(({ name, label, look }) => (
            <InlineStack key={name} gap="150" blockAlign="center" wrap={false}>
              <span className={`Bars-Swatch Part--${look}`} />
              <Text as="span" variant="bodySm" tone="subdued">
                {label}
              </Text>
            </InlineStack>
          ))}
        </InlineStack>
      </div>
      <Text as="span" visuallyHidden>
        <table>
          <caption>{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{unit}</th>
              {parts.map(({ name, label }) => (
                <th key={name} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {columns.map(({ key, title, counts }) => (
              <tr key={key}>
                <th scope="row">{title}</th>
                {parts.map(({ name }) => (
                  <td key={name}>{counts[name]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Text>
    </BlockStack>
  );
}
