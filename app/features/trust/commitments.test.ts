import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { asks, channels, suppliers } from "#app/connectors/registry.ts";
import { featuresOn, findFaults, type Row } from "#app/features/trust/check.server.ts";
import { COMMITMENTS, ROWS, statusOf, type Commitment } from "#app/features/trust/commitments.ts";
import { READING_STATES, type ReadingState } from "#app/features/trust/evidence.ts";
import { configuredSuppliers } from "#app/features/trust/suppliers.server.ts";
import { en } from "#app/ui/words/en.ts";

beforeAll(() => {
  const needed = {
    KEYRING: `k1:${randomBytes(32).toString("base64")}`,
    SHOPIFY_API_KEY: "key",
    SHOPIFY_API_SECRET: "secret-of-the-app",
    SHOPIFY_APP_URL: "https://app.example.com",
    RESEND_API_KEY: "re_1",
    RESEND_WEBHOOK_SECRET: "whsec_abc",
    MAIL_SHARED_DOMAIN: "mail.example.com",
    SUPPORT_EMAIL: "help@example.com",
  };
  for (const [name, value] of Object.entries(needed)) vi.stubEnv(name, value);
});

const numbered = (letter: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
const ALL = [
  ...numbered("M", 5),
  ...numbered("D", 16),
  ...numbered("A", 6),
  ...numbered("S", 7),
  ...numbered("I", 7),
  ...numbered("O", 4),
];

test("every promise of the policies has its row and its words, and there is no other", () => {
  expect(Object.keys(COMMITMENTS).sort()).toEqual([...ALL].sort());
  expect(Object.keys(en.promises.rows).sort()).toEqual([...ALL].sort());
});

test("no row has a fault", () => {
  expect(findFaults(ROWS)).toEqual([]);
});

describe("a broken row is found:", () => {
  const planted = (id: string, commitment: object) =>
    findFaults(ROWS.map((row) => (row.id === id ? ({ id: row.id, commitment } as unknown as Row) : row)));
  const kept = COMMITMENTS.D2;

  test.each(["code", "tests", "evidence"])("kept without %s", (part) => {
    expect(planted("D2", { ...kept, [part]: [] })).toEqual([`D2: has no ${part}`]);
  });

  test("a file, a test or a reader that is not there", () => {
    expect(planted("D2", { ...kept, code: ["app/gone.ts"] })).toEqual(["D2: there is no app/gone.ts"]);
    expect(
      planted("D2", { ...kept, tests: [["app/features/trust/commitments.test.ts", "no such " + "test"]] }),
    ).toEqual(['D2: there is no test "no such test" in app/features/trust/commitments.test.ts']);
    expect(planted("D2", { ...kept, evidence: ["hopes"] })).toEqual(["D2: nothing reads hopes"]);
  });

  test("group O shown as kept, or another as attested", () => {
    expect(planted("O1", kept)).toEqual(["O1: group O can only be attested"]);
    expect(planted("D2", { state: "attested" })).toEqual(["D2: only group O is attested"]);
  });

  test("a feature that is on while its promise is not kept", () => {
    const on = { ...featuresOn(), marketplaces: true };
    expect(findFaults(ROWS, on)).toEqual([
      "M3: marketplaces is switched on, so it must be kept",
      "D8: marketplaces is switched on, so it must be kept",
    ]);
  });
});

test("what is measured decides: against the promise, unknown, or not set up here", () => {
  const row: Commitment = { state: "kept", code: ["x"], tests: [["x", "y"]], evidence: ["region", "sweep"] };
  const now = new Date("2026-11-27T00:00:00Z");
  const status = (region: ReadingState) =>
    statusOf(
      row,
      {
        region: { name: "region", state: region, facts: null },
        sweep: { name: "sweep", state: "good", facts: null },
      },
      null,
      now,
    );
  expect(READING_STATES.map(status)).toEqual([
    "kept",
    "unexercised",
    "attention",
    "unknown",
    "not_here",
    "due",
  ]);
  expect(statusOf(row, {}, null, now)).toBe("unknown");
});

test("a word counts for its year, and never makes a promise kept", () => {
  const word = {
    by: "A Person",
    at: "2026-01-01T00:00:00.000Z",
    until: "2027-01-01T00:00:00.000Z",
    note: null,
  };
  const at = (now: string, attestation: typeof word | null) =>
    statusOf({ state: "attested" }, {}, attestation, new Date(now));
  expect(at("2026-12-31T00:00:00Z", word)).toBe("attested");
  expect(at("2027-01-02T00:00:00Z", word)).toBe("attestation_due");
  expect(at("2026-12-31T00:00:00Z", null)).toBe("attestation_due");
});

test("no field about payment cards is asked for", () => {
  const payment = /credit_card|payment_details|card_number|payment_gateway|avs_result|cvv|iban/i;
  expect(readFileSync("shopify.app.toml", "utf8")).not.toMatch(payment);
  const operations = "app/connectors/shopify/operations";
  for (const file of readdirSync(operations))
    expect(readFileSync(`${operations}/${file}`, "utf8"), file).not.toMatch(
      /creditCard|cardNumber|payment(Details|Method|Id)|gateway|accountNumber|avsResult|cvv|iban/i,
    );
  expect(JSON.stringify(asks.shopify.personal.map(({ fields }) => fields))).not.toMatch(payment);
});

test("whoever gets a buyer's data is on the list of sub-processors", () => {
  const listed = configuredSuppliers();
  for (const channel of Object.keys(channels) as (keyof typeof channels)[])
    expect(listed).toContainEqual(expect.objectContaining({ role: channel, name: suppliers[channel].name }));
  expect(listed.map(({ role }) => role)).toContain("hosting");
});
