import { formatDateTime } from "#app/ui/format.ts";
import { useLanguage } from "#app/ui/words/words.ts";

/** A moment in the shop's time zone. */
export function When({ at, timeZone }: { at: string; timeZone: string }) {
  const locale = useLanguage();
  return <time dateTime={at}>{formatDateTime(at, { locale, timeZone })}</time>;
}
