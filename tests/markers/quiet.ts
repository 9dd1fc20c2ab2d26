// What the log must never hold, asked of everything that was logged while this file's tests ran.
import { afterAll, describe, expect, test } from "vitest";
import { log } from "#app/platform/log.ts";
import { captureLogs } from "#tests/setup/logs.ts";

const SECRETS = {
  "an email address": /[\w.+-]+@[\w-]+\.[\w.-]+/,
  "a Shopify token or secret": /\bshp(?:at|ua|ca|pa|rt|ss)_\w+/,
  "a provider's key": /\bre_\w+|\bwhsec_\w+/,
  "a session token": /\beyJ[\w-]+\.eyJ/,
  "a buyer's name": /\b(?:Mira|Ottoline|Clarke|Emma)\b/,
  "a key": /\b[A-Za-z0-9+/]{43}=/,
};

/** Listens at the lowest level to the tests of `suite`, which become this file's, and asks afterwards. */
export function listenTo(suite: () => void): void {
  const logs = captureLogs();
  afterAll(() => logs.stop());
  suite();
  describe("the log of all this", () => {
    const told = () => logs.lines.filter((line) => line.startsWith("{"));

    test("was listened to", () => {
      expect(told().length).toBeGreaterThan(10);
      log.trace("the lowest level is heard, and buyer@example.com would be seen");
      expect(logs.lines.pop()).toMatch(SECRETS["an email address"]);
    });

    test.each(Object.entries(SECRETS))("never holds %s", (_, secret) => {
      expect(told().filter((line) => secret.test(line))).toEqual([]);
    });
  });
}
