import { afterAll, beforeAll, expect, test } from "vitest";
import {
  currentConfiguration,
  listChanges,
  recordConfiguration,
  unchangedSince,
} from "#app/features/trust/configuration.server.ts";
import {
  acceptAgreement,
  announceSupplier,
  attest,
  findAcceptance,
  listAnnouncements,
  listAttestations,
  reviewChange,
} from "#app/features/trust/records.server.ts";
import { AGREEMENTS } from "#app/features/trust/records.ts";
import { canonicalJson, sha256 } from "#app/platform/crypto/crypto.ts";
import { forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";
import { en } from "#app/ui/words/en.ts";
import { startEngine, type Engine } from "#tests/engine.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

const now = new Date("2026-11-27T12:00:00Z");
const platform = <T>(work: (tx: Tx) => Promise<T>) => forPlatform("trust", work);

test("the newest word for a promise counts, for a year", async () => {
  await platform(async (tx) => {
    await attest(tx, { commitment: "O1", by: "First Person" }, new Date("2026-01-01T00:00:00Z"));
    await attest(tx, { commitment: "O1", by: "Second Person", note: "checked" }, now);
  });
  const words = await platform(listAttestations);
  expect([...words.keys()]).toEqual(["O1"]);
  expect(words.get("O1")).toEqual({
    by: "Second Person",
    at: now.toISOString(),
    until: "2027-11-27T12:00:00.000Z",
    note: "checked",
  });
});

test("the log points at the record that names who vouched, and names nobody itself", async () => {
  const [entry] = await platform((tx) =>
    tx.platformAuditEvent.findMany({
      where: { action: "trust.attested" },
      orderBy: { seq: "desc" },
      take: 1,
    }),
  );
  const { record } = entry!.after as { record: string };
  const row = await platform((tx) => tx.attestation.findUniqueOrThrow({ where: { id: record } }));
  expect(row.attestedBy).toBe("Second Person");
  expect(entry!.entry).not.toContain("Person");
});

test("nobody can vouch for what software must prove, nor without a name", async () => {
  await expect(platform((tx) => attest(tx, { commitment: "D2", by: "A Person" }, now))).rejects.toThrow();
  await expect(platform((tx) => attest(tx, { commitment: "O2", by: " " }, now))).rejects.toThrow();
});

test("a change of suppliers is announced at least 30 days ahead", async () => {
  const announce = (from: string) =>
    platform((tx) =>
      announceSupplier(tx, { supplier: "New Cloud", text: "Takes over hosting.", from, by: "A Person" }, now),
    );
  await expect(announce("2026-12-27")).rejects.toMatchObject({ code: "invalid" });
  await announce("2026-12-28");
  expect(await platform((tx) => tx.notice.findMany())).toMatchObject([
    {
      shopId: engine.shop.id,
      kind: "subprocessors_change",
      facts: { name: "New Cloud", date: "2026-12-28" },
    },
  ]);
  const planned = await platform((tx) => listAnnouncements(tx, now));
  expect(planned).toMatchObject([{ supplier: "New Cloud", effectiveAt: "2026-12-28T00:00:00.000Z" }]);
  expect(await platform((tx) => listAnnouncements(tx, new Date("2026-12-29T00:00:00Z")))).toEqual([]);
});

test("a change of what the app is built on is noted once, with before and after, and reviewed by name", async () => {
  const aspects = Object.keys(currentConfiguration()).length;
  const noted = await Promise.all([
    recordConfiguration(now),
    recordConfiguration(now),
    recordConfiguration(now),
  ]);
  expect(noted.sort()).toEqual([0, 0, aspects]);
  expect(await platform((tx) => listChanges(tx))).toEqual([]);
  expect(await platform((tx) => unchangedSince(tx, "hosting"))).toEqual(now);

  const before = { provider: "Old Cloud", region: "Elsewhere" };
  await platform((tx) =>
    tx.configurationChange.updateMany({ where: { aspect: "hosting" }, data: { after: before } }),
  );
  const later = new Date("2026-11-28T12:00:00Z");
  expect(await recordConfiguration(later)).toBe(1);
  expect(await recordConfiguration(later)).toBe(0);
  const [change] = await platform((tx) => listChanges(tx));
  expect(change).toMatchObject({
    aspect: "hosting",
    before,
    after: currentConfiguration().hosting,
    reviewed: null,
  });

  await platform((tx) => reviewChange(tx, { change: change!.id, by: "A Person" }, later));
  expect((await platform((tx) => listChanges(tx)))[0]).toMatchObject({ reviewed: { by: "A Person" } });
  await expect(
    platform((tx) => reviewChange(tx, { change: change!.id, by: "Another" }, later)),
  ).rejects.toMatchObject({ code: "not_found" });
});

test("what the app is built on names no secret and no machine", () => {
  const told = JSON.stringify(currentConfiguration());
  for (const name of ["SHOPIFY_API_SECRET", "RESEND_API_KEY", "KEYRING"])
    expect(told).not.toContain(process.env[name]!);
  expect(told).not.toMatch(/postgres(ql)?:\/\//);
});

test("an agreement is accepted once a version, by name; a version that is no longer current is refused", async () => {
  const { id } = engine.shop;
  const { version } = AGREEMENTS.processing;
  const find = () => forShop(id, (tx) => findAcceptance(tx, id, "processing"));
  const accept = (over: object = {}) =>
    forShop(id, (tx) =>
      acceptAgreement(tx, id, { document: "processing", version, actor: "user:7", now, ...over }),
    );
  expect(await find()).toBeNull();
  await expect(accept({ version: "1999-01-01" })).rejects.toMatchObject({ code: "conflict" });
  await Promise.all([accept(), accept(), accept({ actor: "user:8" })]);
  expect(await find()).toMatchObject({ version, current: true, at: now.toISOString() });
  const events = await forShop(id, (tx) =>
    tx.auditEvent.findMany({ where: { shopId: id, action: "agreement.accepted" } }),
  );
  expect(events).toMatchObject([{ subject: "processing", after: { version } }]);
  await forShop(id, (tx) =>
    tx.agreement.updateMany({ where: { shopId: id }, data: { version: "2025-01-01" } }),
  );
  expect(await find()).toMatchObject({ version: "2025-01-01", current: false });
});

test("the agreement's text is that of its version", () => {
  // Whoever changes a word changes the version with it: merchants have accepted the text as it was.
  expect([AGREEMENTS.processing.version, sha256(canonicalJson(en.agreement)).slice(0, 16)]).toEqual([
    "2026-11-27.3",
    "6718918a465da22e",
  ]);
});
