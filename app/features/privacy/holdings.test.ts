import { expect, test } from "vitest";
import { KINDS, keptOf } from "#app/features/privacy/holdings.ts";
import { REGISTER } from "#app/features/privacy/register.ts";

const keptOfKind = (kind: string) => KINDS.find((each) => each.kind === kind)?.kept;

test("a buyer and what leads to one go before their order; what must outlast them stays until the uninstall", () => {
  expect(keptOf("buyer", REGISTER.Order)).toBe("buyer");
  expect(keptOf("index", REGISTER.Section)).toBe("buyer");
  expect(keptOf("index", REGISTER.Suppression)).toBe("shop");
  expect(keptOf("index", REGISTER.OrderTombstone)).toBe("shop");
  expect(keptOf("mail", REGISTER.Message)).toBe("mail");
});

test("an answer to a request, and whom one is about, have times of their own", () => {
  expect(keptOf("buyer", REGISTER.PrivacyExport)).toBe("export");
  expect(keptOf("request", REGISTER.PrivacyRequest)).toBe("answered");
  expect(keptOf("index", REGISTER.PrivacyRequest)).toBe("answered");
  expect(keptOf("record", REGISTER.PrivacyRequest)).toBe("evidence");
  expect(keptOfKind("buyer")?.toSorted()).toEqual(["buyer", "export"]);
});
