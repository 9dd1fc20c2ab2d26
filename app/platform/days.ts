import { DateTime } from "luxon";

/** Beyond these a day's beginning somewhere on earth is nothing that the database takes; nothing of ours happened there either. */
const FIRST = "1970-01-02";
const LAST = "9998-12-31";

/** The time from the beginning of one day to the end of another, ISO, where they are known. */
export function spanOf(from: string | null, to: string | null, timeZone: string): { gte?: Date; lt?: Date } {
  const startOf = (day: string) =>
    DateTime.fromISO(day < FIRST ? FIRST : day > LAST ? LAST : day, { zone: timeZone });
  return {
    ...(from ? { gte: startOf(from).toJSDate() } : {}),
    ...(to ? { lt: startOf(to).plus({ days: 1 }).toJSDate() } : {}),
  };
}
