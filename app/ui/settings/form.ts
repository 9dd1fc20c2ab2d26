import type { ShopSettings } from "#app/features/shops/settings.ts";

/** The settings as fields hold them: numbers as typed, what is switched off kept. */
export type SettingsFields = Omit<
  ShopSettings,
  "quietHours" | "mergeWindowMinutes" | "frequencyCap" | "lateAfterDays"
> & {
  quiet: { on: boolean; from: string; to: string };
  mergeWindowMinutes: string;
  cap: { on: boolean; messages: string; days: string };
  lateAfterDays: string;
};

export function formOf({
  quietHours,
  mergeWindowMinutes,
  frequencyCap,
  lateAfterDays,
  ...settings
}: ShopSettings): SettingsFields {
  return {
    ...settings,
    quiet: { on: quietHours !== null, from: quietHours?.from ?? "21:00", to: quietHours?.to ?? "08:00" },
    mergeWindowMinutes: String(mergeWindowMinutes),
    cap: {
      on: frequencyCap !== null,
      messages: String(frequencyCap?.messages ?? 2),
      days: String(frequencyCap?.days ?? 7),
    },
    lateAfterDays: String(lateAfterDays),
  };
}

export function settingsOf({
  quiet,
  mergeWindowMinutes,
  cap,
  lateAfterDays,
  ...fields
}: SettingsFields): ShopSettings {
  return {
    ...fields,
    quietHours: quiet.on ? { from: quiet.from, to: quiet.to } : null,
    mergeWindowMinutes: numberOf(mergeWindowMinutes),
    frequencyCap: cap.on ? { messages: numberOf(cap.messages), days: numberOf(cap.days) } : null,
    lateAfterDays: numberOf(lateAfterDays),
  };
}

/** What is no number must not become one: an empty field is not 0. */
const numberOf = (typed: string) => (typed.trim() === "" ? Number.NaN : Number(typed));
