import type { ShopSettings } from "#app/features/shops/settings.ts";

/** The settings as fields hold them: numbers as typed, quiet hours kept while they are switched off. */
export type SettingsFields = Omit<ShopSettings, "quietHours" | "mergeWindowMinutes"> & {
  quiet: { on: boolean; from: string; to: string };
  mergeWindowMinutes: string;
};

export function formOf({ quietHours, mergeWindowMinutes, ...settings }: ShopSettings): SettingsFields {
  return {
    ...settings,
    quiet: { on: quietHours !== null, from: quietHours?.from ?? "21:00", to: quietHours?.to ?? "08:00" },
    mergeWindowMinutes: String(mergeWindowMinutes),
  };
}

export function settingsOf({ quiet, mergeWindowMinutes, ...fields }: SettingsFields): ShopSettings {
  const { sender, footer, brand, timeZone, locale, review } = fields;
  return {
    sender,
    footer,
    brand,
    timeZone,
    locale,
    review,
    quietHours: quiet.on ? { from: quiet.from, to: quiet.to } : null,
    // What is no number must not become one: an empty field is not 0.
    mergeWindowMinutes: mergeWindowMinutes.trim() === "" ? Number.NaN : Number(mergeWindowMinutes),
  };
}
