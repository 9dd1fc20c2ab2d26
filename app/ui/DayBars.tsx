import { BlockStack, InlineStack, Text } from "@shopify/polaris";
import type { DayCount } from "#app/features/messages/overview.server.ts";
import { formatDay, formatWeekday } from "#app/ui/format.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

/** From the top of a column to its foot. */
const parts = ["planned", "bad", "open", "good"] as const;

/** One column a day. The same numbers stand in a table for those who can't see it. */
export function DayBars({ days, today, timeZone }: { days: DayCount[]; today: number; timeZone: string }) {
  const words = useWords().home.chart;
  const place = { locale: useLanguage(), timeZone };
  const total = (day: DayCount) => parts.reduce((sum, part) => sum + day[part], 0);
  const most = Math.max(1, ...days.map(total));
  const shown = parts.filter((part) => days.some((day) => day[part] > 0));
  return (
    <BlockStack gap="300">
      <div className="Bars" aria-hidden="true">
        {days.map((day, index) => (
          <div key={day.day} className={index === today ? "Bars-Day Bars-Day--today" : "Bars-Day"}>
            <div className="Bars-Stack">
              <span className="Bars-Value">{total(day) || ""}</span>
              {parts.map((part) =>
                day[part] > 0 ? (
                  <div
                    key={part}
                    className={`Bars-Part Part--${part}`}
                    title={`${formatDay(day.day, place)}: ${day[part]} ${words.parts[part]}`}
                    style={{ height: `${Math.max(2, (day[part] / most) * 80)}%` }}
                  />
                ) : null,
              )}
            </div>
            <span className="Bars-Label">
              {index === today ? words.today : formatWeekday(day.day, place)}
            </span>
          </div>
        ))}
      </div>
      <div aria-hidden="true">
        <InlineStack gap="400">
          {[...shown].reverse().map((part) => (
            <InlineStack key={part} gap="150" blockAlign="center" wrap={false}>
              <span className={`Bars-Swatch Part--${part}`} />
              <Text as="span" variant="bodySm" tone="subdued">
                {words.parts[part]}
              </Text>
            </InlineStack>
          ))}
        </InlineStack>
      </div>
      <Text as="span" visuallyHidden>
        <table>
          <caption>{words.tableCaption}</caption>
          <thead>
            <tr>
              <th scope="col">{words.day}</th>
              {[...parts].reverse().map((part) => (
                <th key={part} scope="col">
                  {words.parts[part]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((day) => (
              <tr key={day.day}>
                <th scope="row">{formatDay(day.day, place)}</th>
                {[...parts].reverse().map((part) => (
                  <td key={part}>{day[part]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Text>
    </BlockStack>
  );
}
