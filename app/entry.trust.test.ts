// The commands with which people vouch, review and announce, and the one that tells how the promises stand.
import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  announceSchema,
  attestSchema,
  changeReviewSchema,
  reviewSchema,
} from "#app/features/trust/records.ts";
import { forPlatform } from "#app/platform/db/db.ts";
import { checkOptions } from "#app/start.ts";
import { runCommand } from "#tests/commands.ts";
import { fillShop } from "#tests/factories/shops.ts";
import { startPurging, type Purging } from "#tests/purging.ts";

let purging: Purging;
beforeAll(async () => {
  purging = await startPurging();
});
afterAll(() => purging.stop());

/** Runs `npm run trust:…` to its end. */
function trust(command: string, ...args: string[]) {
  const { url, keysUrl } = purging.database;
  const env = { ...process.env, DATABASE_URL: url, KEYS_DATABASE_URL: keysUrl, LOG_LEVEL: "info" };
  return runCommand([`trust:${command}`, ...args], { env });
}

test("what is wrong is named, option by option", () => {
  const by = "Ada";
  const refused: [schema: z.ZodType, given: object, why: string][] = [
    [attestSchema, { commitment: "D2", by }, "--commitment is one of O1, O2, O3, O4"],
    [attestSchema, { commitment: "O1", by: "A" }, "--by names the person"],
    [reviewSchema, { by }, "--policy is one of privacy, security, suppliers; or name a --change"],
    [changeReviewSchema, { change: "7", by }, "--change is the id of a change"],
    [
      changeReviewSchema,
      { change: randomUUID(), policy: "privacy", by },
      "--policy and --change are two reviews: name one",
    ],
    [
      announceSchema,
      { supplier: "C", text: "short", from: "soon", by },
      "--supplier names the company; --text says what changes; --from is a date such as 2027-03-01",
    ],
  ];
  for (const [schema, given, why] of refused) expect(() => checkOptions(schema, given)).toThrow(why);
});

test("what comes too late is refused with a sentence, and nothing is written down", async () => {
  const from = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const change = ["--supplier", "Two Cloud", "--text", "Takes over the mails."];
  expect(await trust("announce", ...change, "--from", from, "--by", "Ada")).toEqual({
    code: 1,
    said: ["merchants must hear of it 30 days before it happens"],
  });
  expect(await forPlatform("trust", (tx) => tx.supplierAnnouncement.count())).toBe(0);
}, 60_000);

test("what people say is written down with their name; trust:check tells it, and fails on what is not as promised", async () => {
  await fillShop("told.myshopify.com", 1);
  const [reviewed, waiting] = await forPlatform("trust", (tx) =>
    Promise.all(
      ["One", "Two"].map((provider) =>
        tx.configurationChange.create({
          data: {
            aspect: "hosting",
            before: { provider: null },
            after: { provider },
            noticedAt: new Date("2026-11-27T12:00:00Z"),
          },
        }),
      ),
    ),
  );
  const done = { code: 0, said: ["written down"] };
  expect(await trust("attest", "--commitment", "O2", "--by", "Ada L", "--note", "all laptops")).toEqual(done);
  expect(await trust("review", "--change", reviewed!.id, "--by", "Ada L")).toEqual(done);
  const words = await forPlatform("trust", (tx) => tx.attestation.findMany());
  expect(words).toMatchObject([{ commitment: "O2", attestedBy: "Ada L", note: "all laptops" }]);

  const alter = (how: string) =>
    forPlatform("trust", (tx) => tx.$executeRawUnsafe(`ALTER TABLE orders ${how} ROW LEVEL SECURITY`));
  await alter("NO FORCE");
  const { code, said } = await trust("check");
  await alter("FORCE");
  expect(said).toContainEqual(expect.stringMatching(/^O2 +attested +by Ada L, until \d{4}-/));
  expect(said.filter((line) => line.startsWith("change "))).toEqual([
    `change ${waiting!.id} of hosting, 2026-11-27: not reviewed yet`,
  ]);
  expect(said).toContain("databaseWall: not as promised in 1 of 1 shops");
  expect(code).toBe(1);
}, 120_000);
