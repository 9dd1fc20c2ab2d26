import type { DayCount } from "#app/features/messages/overview.server.ts";
import { Bars } from "#app/ui/Bars.tsx";
import { formatDay, formatWeekday } from "#app/ui/format.ts";
import { useLanguage, useWords } from "#app/ui/words/words.ts";

const parts = ["good", "open", "bad", "planned"] as const;

/** What left each day, and what is to leave. */
export function DayBars({ days, today, timeZone }: { days: DayCount[]; today: number; timeZone: string }) {
  const words = useWords().home.chart;
  const place = { locale: useLanguage(), timeZone };
  return (
    <Bars
      caption={words.tableCaption}
      unit={words.day}
      parts={parts.map((name) => ({ name, label: words.parts[name], look: name }))}
      columns={days.map((counts, index) => ({
        key: counts.day,
        label: index === today ? words.today : formatWeekday(counts.day, place),
        title: formatDay(counts.day, place),
        strong: index === today,
        counts,
      }))}
    />
  );
}
