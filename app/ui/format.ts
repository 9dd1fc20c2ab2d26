// Always with an explicit language and time zone: the server and the browser must write the same text.

export type Place = { locale: string; timeZone: string };

// Node and browsers disagree on which space parts the time from "PM".
const plainSpaces = (text: string) => text.replace(/[\u202f\u00a0]/g, " ");

const formats = new Map<string, Intl.DateTimeFormat>();

function format({ locale, timeZone }: Place, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, timeZone, options]);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone, ...options });
  formats.set(key, known);
  return known;
}

/** "Nov 21, 2026, 2:05 PM" */
export function formatDateTime(at: string | Date, place: Place): string {
  const options = {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
  } as const;
  return plainSpaces(format(place, options).format(new Date(at)));
}

/** "Nov 21, 2026" */
export function formatDate(at: string | Date, place: Place): string {
  return plainSpaces(format(place, { year: "numeric", month: "short", day: "numeric" }).format(new Date(at)));
}

/** "Sat" */
export function formatWeekday(at: string | Date, place: Place): string {
  return format(place, { weekday: "short" }).format(new Date(at));
}

/** "Sat, Nov 21" */
export function formatDay(at: string | Date, place: Place): string {
  return plainSpaces(
    format(place, { weekday: "short", month: "short", day: "numeric" }).format(new Date(at)),
  );
}

/** "1,234" */
export function formatNumber(value: number, locale: string): string {
  return plainSpaces(new Intl.NumberFormat(locale).format(value));
}

/** 0.987 → "98.7%" */
export function formatShare(value: number, locale: string): string {
  return plainSpaces(
    new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(value),
  );
}

/** "2026-11-01" → "November 2026", or "N" under a narrow column. */
export function formatMonth(day: string, locale: string, width: "long" | "narrow"): string {
  const options =
    width === "long" ? ({ year: "numeric", month: "long" } as const) : ({ month: "narrow" } as const);
  return plainSpaces(format({ locale, timeZone: "UTC" }, options).format(new Date(`${day}T00:00:00Z`)));
}
