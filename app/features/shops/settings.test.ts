import { expect, test } from "vitest";
import { settingsChange } from "#app/features/shops/settings.change.ts";
import { defaultSettings, shopSettingsSchema } from "#app/features/shops/settings.ts";

const told = { name: "Acme", email: "hello@acme.example", timeZone: "UTC", locale: "en" };

test.each([
  { email: "info@bücher.example" },
  { email: "not an address" },
  { email: `${"a".repeat(300)}@acme.example` },
  { name: '" "' },
  { name: " \n" },
  { name: "a".repeat(500) },
  { timeZone: "Mars/Olympus" },
  { locale: "x" },
  { address: "Street 1\n".repeat(100) },
  { logoUrl: "http://acme.example/logo.png" },
  { logoUrl: "nonsense" },
])("what Shopify tells at install never makes settings that do not parse: %o", (odd) => {
  const settings = defaultSettings({ ...told, ...odd });
  expect(shopSettingsSchema.safeParse(settings).error).toBeUndefined();
});

test("keeps what is fine", () => {
  expect(
    defaultSettings({ ...told, address: "1 Hill Road", logoUrl: "https://acme.example/a.png" }),
  ).toMatchObject({
    sender: { name: "Acme", replyTo: "hello@acme.example" },
    footer: { legalName: "Acme", address: "1 Hill Road", contact: "hello@acme.example" },
    brand: { logoUrl: "https://acme.example/a.png" },
  });
});

test("of a change the audit log keeps what is different, and of a person only that it is", () => {
  const old = defaultSettings({ ...told, address: "1 Hill Road" });
  const now = {
    ...old,
    sender: { name: "Acme Outdoor", replyTo: "jane.doe@acme.example" },
    footer: { legalName: "Jane Doe", address: "2 Hill Road", contact: "+1 555 0100" },
    quietHours: { from: "22:00", to: "07:00" },
  };
  expect(settingsChange(old, old)).toEqual({ before: {}, after: {} });
  expect(settingsChange(old, now)).toEqual({
    before: { sender: { name: "Acme" }, quietHours: null },
    after: {
      sender: { name: "Acme Outdoor", replyTo: "changed" },
      footer: { legalName: "changed", address: "changed", contact: "changed" },
      quietHours: { from: "22:00", to: "07:00" },
    },
  });
});
