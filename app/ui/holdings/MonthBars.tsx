import { BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import type { MonthCount } from "#app/features/privacy/holdings.ts";
import { formatMonth, formatNumber } from "#app/ui/format.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

/** From the top of a column to its foot. */
const parts = ["without", "withBuyer"] as const;
const looks = { without: "planned", withBuyer: "open" } as const;

/** How old the orders are that we hold. The same numbers stand in a table for those who can't see the columns. */
export function MonthBars({ months }: { months: MonthCount[] }) {
  const words = useWords().holdings.chart;
  const locale = useLanguage();
  const total = (month: MonthCount) => month.withBuyer + month.without;
  const most = Math.max(1, ...months.map(total));
  const name = ({ month }: MonthCount, index: number) => {
    const text = formatMonth(month, locale, "long");
    return index === 0 ? words.before(text) : text;
  };
  const empty = months.every((month) => total(month) === 0);
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {words.title}
          </Text>
          <Text as="p" tone="subdued">
            {empty ? words.empty : words.body}
          </Text>
        </BlockStack>
        {empty ? null : (
          <>
            <div className="Bars" aria-hidden="true">
              {months.map((month, index) => (
                <div key={month.month} className="Bars-Day">
                  <div className="Bars-Stack">
                    <span className="Bars-Value">
                      {total(month) > 0 ? formatNumber(total(month), locale) : ""}
                    </span>
                    {parts.map((part) =>
                      month[part] > 0 ? (
                        <div
                          key={part}
                          className={`Bars-Part Part--${looks[part]}`}
                          title={`${name(month, index)}: ${month[part]} ${words[part]}`}
                          style={{ height: `${Math.max(2, (month[part] / most) * 80)}%` }}
                        />
                      ) : null,
                    )}
                  </div>
                  <span className="Bars-Label">{formatMonth(month.month, locale, "narrow")}</span>
                </div>
              ))}
            </div>
            <div aria-hidden="true">
              <InlineStack gap="400">
                {[...parts].reverse().map((part) => (
                  <InlineStack key={part} gap="150" blockAlign="center" wrap={false}>
                    <span className={`Bars-Swatch Part--${looks[part]}`} />
                    <Text as="span" variant="bodySm" tone="subdued">
                      {words[part]}
                    </Text>
                  </InlineStack>
                ))}
              </InlineStack>
            </div>
            <Text as="span" visuallyHidden>
              <table>
                <caption>{words.caption}</caption>
                <thead>
                  <tr>
                    <th scope="col">{words.month}</th>
                    <th scope="col">{words.withBuyer}</th>
                    <th scope="col">{words.without}</th>
                  </tr>
                </thead>
                <tbody>
                  {months.map((month, index) => (
                    <tr key={month.month}>
                      <th scope="row">{name(month, index)}</th>
                      <td>{month.withBuyer}</td>
                      <td>{month.without}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Text>
          </>
        )}
      </BlockStack>
    </Card>
  );
}
