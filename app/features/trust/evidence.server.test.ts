import { createPublicKey, verify, randomUUID } from "node:crypto";
import { strFromU8, unzipSync } from "fflate";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { issueReceipt } from "#app/features/privacy/receipts.server.ts";
import type { ReceiptKind } from "#app/features/privacy/receipts.ts";
import { standardRetention } from "#app/features/privacy/retention.ts";
import { saveRetention } from "#app/features/privacy/retention.server.ts";
import { COMMITMENTS, statusOf } from "#app/features/trust/commitments.ts";
import { readEvidence, READERS } from "#app/features/trust/evidence.server.ts";
import { isPrivate } from "#app/features/trust/evidence.wall.server.ts";
import { collectPack, sealPack } from "#app/features/trust/pack.server.ts";
import { reviewPolicy } from "#app/features/trust/records.server.ts";
import { readInstallation } from "#app/features/trust/report.server.ts";
import { readStanding, readTrust } from "#app/features/trust/trust.server.ts";
import { sha256 } from "#app/platform/crypto/crypto.ts";
import { forPlatform, forShop, type Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { BATTERY, startEngine, type Engine } from "#tests/engine.ts";

const PERSON = { email: "ottoline.marker@example.com", firstName: "Ottoline", lastName: "Markerhausen" };
const now = new Date();
let engine: Engine;
let subject: { shopId: string; domain: string; now: Date };
beforeAll(async () => {
  engine = await startEngine();
  subject = { shopId: engine.shop.id, domain: engine.shop.domain, now };
  await engine.addTrigger();
  engine.sandbox.placeOrder({ ...PERSON, lines: [{ product: BATTERY }] });
  await engine.settle();
  await engine.dispatch();
});
afterAll(() => engine.stop());
beforeEach(() => forPlatform("trust", (tx) => tx.receipt.deleteMany({})));

const inShop = <T>(work: (tx: Tx) => Promise<T>) => forShop(subject.shopId, work);
const issue = (kind: ReceiptKind, at: Date, counts = {}, details = {}) =>
  inShop((tx) =>
    issueReceipt(tx, {
      kind,
      shopId: subject.shopId,
      shopDomain: subject.domain,
      requestId: null,
      startedAt: new Date(at.getTime() - 3_600_000),
      finishedAt: at,
      counts,
      details,
    }),
  );

test("calls what has not happened yet by that name", async () => {
  const readings = await readEvidence(subject);
  expect(readings.sweep).toMatchObject({ state: "none", facts: { at: null } });
  expect(readings.purge).toMatchObject({ state: "none", facts: { at: null, drillAt: null } });
  expect(readings.backups).toMatchObject({ state: "off", facts: { at: null, rehearsedAt: null } });
  await issue("retention_sweep", now, { orders: 3, messages: 4 });
  await issue("drill", now, {}, { of: "purge", passed: true });
  expect(await READERS.sweep(subject)).toMatchObject({ state: "good", facts: { rows: 7 } });
  expect(await READERS.purge(subject)).toMatchObject({
    state: "good",
    facts: { drillAt: now.toISOString(), drillPassed: true },
  });
});

test("a rehearsal of a purge that failed, or was not repeated for weeks, speaks against the promise", async () => {
  await issue("drill", now, {}, { of: "purge", passed: true });
  await issue("drill", now, {}, { of: "backup" });
  const weeks = new Date(now.getTime() + 16 * 86_400_000);
  expect(await READERS.purge({ ...subject, now: weeks })).toMatchObject({ state: "bad" });
  await issue("drill", new Date(now.getTime() + 1), {}, { of: "purge", passed: false, left: ["orders"] });
  expect(await READERS.purge(subject)).toMatchObject({ state: "bad", facts: { drillPassed: false } });
});

test("a purge is told by the hours since the uninstall", async () => {
  await issue("shop_purge", now, {}, { since: new Date(now.getTime() - 25 * 3_600_000).toISOString() });
  expect(await READERS.purge(subject)).toMatchObject({ state: "good", facts: { hours: 25 } });
});

test("a sweep that is days old, or a purge that took too long, speaks against its promise", async () => {
  await issue("retention_sweep", new Date(now.getTime() - 3 * 86_400_000));
  await issue("shop_purge", now, {}, { inTime: false });
  expect(await READERS.sweep(subject)).toMatchObject({ state: "bad" });
  expect(await READERS.purge(subject)).toMatchObject({ state: "bad" });
});

test("nothing in an ordinary shop speaks against a promise", async () => {
  const readings = Object.values(await readEvidence(subject));
  expect(readings.filter(({ state }) => state === "bad")).toEqual([]);
  // Nobody has named the hosting company here.
  expect(readings.filter(({ state }) => state === "unknown").map(({ name }) => name)).toEqual(
    (await READERS.dependencies(subject)).state === "unknown" ? ["dependencies", "suppliers"] : ["suppliers"],
  );
  const { shops, against } = await readInstallation(now);
  expect(shops).toBe(1);
  expect(against.filter(({ state }) => state === "bad")).toEqual([]);
});

test("what went live without a review asks for one; what was altered speaks against the promise", async () => {
  expect(await READERS.releases(subject)).toMatchObject({
    state: "good",
    facts: { live: 1, unreviewed: 0, altered: 0 },
  });
  const change = (state: string, statement: string) =>
    forShop(subject.shopId, async (tx) => {
      await tx.$executeRaw`ALTER TABLE releases DISABLE TRIGGER releases_never_change`;
      await tx.$executeRawUnsafe(statement, subject.shopId);
      expect(await tx.release.count({ where: { shopId: subject.shopId, state: "live" } })).toBe(1);
      await tx.$executeRaw`ALTER TABLE releases ENABLE TRIGGER releases_never_change`;
    }).then(async () => expect(await READERS.releases(subject)).toMatchObject({ state }));
  const live = await inShop((tx) => tx.release.findFirstOrThrow({ where: { state: "live" } }));
  await change("due", "UPDATE releases SET reviewed_at = NULL WHERE shop_id = $1::uuid");
  await change("bad", "UPDATE releases SET hash = 'other' WHERE shop_id = $1::uuid");
  await change("due", `UPDATE releases SET hash = '${live.hash}' WHERE shop_id = $1::uuid`);
  await change("good", `UPDATE releases SET reviewed_at = now() WHERE shop_id = $1::uuid`);
});

test("a change of what the app is built on that nobody looked at for a month speaks against the promise", async () => {
  const days = (count: number) => ({ ...subject, now: new Date(now.getTime() + count * 86_400_000) });
  const change = {
    aspect: "hosting",
    before: { provider: "One" },
    after: { provider: "Two" },
    noticedAt: now,
  };
  const { id } = await forPlatform("trust", (tx) => tx.configurationChange.create({ data: change }));
  expect(await READERS.configuration(days(29))).toMatchObject({ state: "good", facts: { unreviewed: 1 } });
  expect(await READERS.configuration(days(31))).toMatchObject({ state: "bad" });
  await forPlatform("trust", (tx) => tx.configurationChange.delete({ where: { id } }));
});

test("tells a value that lies open from one that is sealed", async () => {
  expect(await READERS.encryption(subject)).toMatchObject({ state: "good", facts: { open: 0 } });
  const [order] = await inShop((tx) => tx.order.findMany({ where: { shopId: subject.shopId } }));
  const place = (personSealed: Uint8Array<ArrayBuffer>) =>
    inShop((tx) =>
      tx.order.update({
        where: { shopId_id: { shopId: subject.shopId, id: order!.id } },
        data: { personSealed },
      }),
    );
  const foreign = Buffer.concat([Buffer.from([1, 3]), Buffer.from("abc"), Buffer.alloc(60)]);
  for (const value of [Buffer.from("Ottoline"), Buffer.alloc(0), Buffer.alloc(80), foreign]) {
    await place(Buffer.from(value));
    expect(await READERS.encryption(subject)).toMatchObject({ state: "bad", facts: { open: 1 } });
  }
  await place(order!.personSealed!);
  expect(await READERS.encryption(subject)).toMatchObject({ state: "good" });
});

test("tells a token that lies open from one that is sealed", async () => {
  expect(await READERS.tokens(subject)).toMatchObject({ state: "good", facts: { open: 0 } });
  const [session] = await inShop((tx) => tx.session.findMany({ where: { shopId: subject.shopId } }));
  expect(Buffer.from(session!.contentSealed).toString("latin1")).not.toMatch(/shp(at|ua)_|accessToken/);
  const place = (contentSealed: Uint8Array<ArrayBuffer>) =>
    inShop((tx) => tx.session.updateMany({ where: { id: session!.id }, data: { contentSealed } }));
  await place(Buffer.from('{"accessToken":"shpat_open"}'));
  expect(await READERS.tokens(subject)).toMatchObject({ state: "bad", facts: { open: 1 } });
  await place(session!.contentSealed);
  expect(await READERS.tokens(subject)).toMatchObject({ state: "good" });
});

test("a message can't be about an order that is not the shop's", async () => {
  const message = await inShop((tx) => tx.message.findFirstOrThrow({ where: { shopId: subject.shopId } }));
  const about = (orderId: string) =>
    inShop((tx) => tx.message.updateMany({ where: { id: message.id }, data: { orderId } }));
  await expect(about(newId())).rejects.toMatchObject({ code: "P2003" });
  expect(await about(message.orderId)).toEqual({ count: 1 });
});

test("asks the database itself whether the wall stands", async () => {
  expect(await READERS.databaseWall(subject)).toMatchObject({ state: "good" });
  const alter = (how: string) =>
    forPlatform("trust", (tx) => tx.$executeRawUnsafe(`ALTER TABLE orders ${how} ROW LEVEL SECURITY`));
  await alter("NO FORCE");
  const { state, facts } = await READERS.databaseWall(subject);
  expect(state).toBe("bad");
  expect(facts.walled).toBe(facts.tables - 1);
  await alter("FORCE");
  expect(await READERS.databaseRole(subject)).toEqual({ state: "good", facts: { plain: true } });
  expect(await READERS.databaseConnection(subject)).toMatchObject({ state: "good" });
});

test("knows a private address from a public one", () => {
  for (const address of [
    "10.1.2.3",
    "172.31.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "127.0.0.1",
    "fd12::1",
    "::1",
  ])
    expect(isPrivate(address), address).toBe(true);
  for (const address of ["8.8.8.8", "172.32.0.1", "192.169.0.1", "100.128.0.1", "2001:db8::1", "", "db.test"])
    expect(isPrivate(address), address).toBe(false);
});

test("finds the oldest of each class", async () => {
  const { facts } = await READERS.oldest(subject);
  const held = Object.fromEntries(facts.classes.map((each) => [each.class, each.at]));
  const [order] = await inShop((tx) => tx.order.findMany({ where: { shopId: subject.shopId } }));
  expect(held.buyer).toBe(order!.placedAt!.toISOString());
  expect(held.mail).not.toBeNull();
  expect(held.evidence).toBeNull();
});

test("tells how long the shop chose to keep each class, and what is still there long after", async () => {
  const days = async () =>
    (await READERS.oldest(subject)).facts.classes.find(({ class: kind }) => kind === "buyer")?.days;
  expect(await days()).toBe(180);
  await inShop((tx) => saveRetention(tx, subject.shopId, { ...standardRetention, buyer: 40 }, "user:1"));
  expect(await days()).toBe(40);
  expect(await READERS.oldest(subject)).toMatchObject({ state: "good", facts: { overdue: 0 } });
  const later = (count: number) => new Date(now.getTime() + count * 86_400_000);
  expect(await READERS.oldest({ ...subject, now: later(41) })).toMatchObject({ state: "good" });
  expect(await READERS.oldest({ ...subject, now: later(44) })).toMatchObject({
    state: "bad",
    facts: { overdue: 1 },
  });
  await inShop((tx) => saveRetention(tx, subject.shopId, standardRetention, "user:1"));
});

test("a request past its deadline is not as promised", async () => {
  const request = (dueAt: Date, kind = "customers/redact") =>
    forPlatform("trust", (tx) =>
      tx.privacyRequest.create({
        data: {
          shopDomain: subject.domain,
          shopId: subject.shopId,
          kind,
          inboxId: newId(),
          receivedAt: now,
          dueAt,
        },
      }),
    );
  const soon = new Date(now.getTime() + 3_600_000);
  await request(soon);
  expect(await READERS.requests(subject)).toEqual({
    state: "good",
    facts: { open: 1, overdue: 0, nextDue: soon.toISOString() },
  });
  // Nobody waits for an answer to an uninstall: that its purge is in time is looked at elsewhere, and of a shop that is back it is over.
  await request(new Date(now.getTime() - 1), "app/uninstalled");
  expect(await READERS.requests(subject)).toMatchObject({ state: "good", facts: { open: 1 } });
  await request(new Date(now.getTime() - 1));
  expect(await READERS.requests(subject)).toMatchObject({ state: "bad", facts: { open: 2, overdue: 1 } });
  await forPlatform("trust", (tx) => tx.privacyRequest.deleteMany({}));
});

test("a scope that is granted without being needed is told", async () => {
  const grant = (scopes: string[]) =>
    inShop((tx) => tx.connection.updateMany({ where: { shopId: subject.shopId }, data: { scopes } }));
  await grant(["read_orders", "write_products"]);
  expect(await READERS.scopes(subject)).toMatchObject({
    state: "bad",
    facts: { beyond: ["write_products"] },
  });
  await grant(["read_orders", "read_products"]);
  expect(await READERS.scopes(subject)).toMatchObject({ state: "good" });
});

test("says so where nobody has named the region", async () => {
  expect(await READERS.region(subject)).toEqual({ state: "off", facts: { region: null } });
  const readings = await readEvidence(subject);
  expect(statusOf(COMMITMENTS.D14, readings, null, now)).toBe("not_here");
});

test("tells when each policy was last reviewed, and when a year has passed", async () => {
  expect(await READERS.policies(subject)).toMatchObject({ state: "due", facts: { privacy: null } });
  expect(statusOf(COMMITMENTS.I6, await readEvidence(subject), null, now)).toBe("due");
  await forPlatform("trust", async (tx) => {
    await reviewPolicy(tx, { policy: "privacy", by: "A Person" }, new Date("2026-01-01T00:00:00Z"));
    await reviewPolicy(tx, { policy: "security", by: "A Person" }, new Date("2026-06-01T00:00:00Z"));
  });
  const at = (day: string) => READERS.policies({ ...subject, now: new Date(day) });
  expect(await at("2026-12-31")).toMatchObject({ state: "good", facts: { overdue: false } });
  expect(await at("2027-01-02")).toMatchObject({ state: "bad", facts: { overdue: true } });
});

test("a supplier that nobody announced speaks against the promise, one that was announced does not", async () => {
  const change = (from: string | null, to: string) =>
    forPlatform("trust", (tx) =>
      tx.configurationChange.create({
        data: { aspect: "hosting", before: { provider: from }, after: { provider: to }, noticedAt: now },
      }),
    );
  const named = await change(null, "One Cloud");
  expect(await READERS.suppliers(subject)).toMatchObject({ facts: { unannounced: [] } });
  const moved = await change("One Cloud", "Two Cloud");
  expect(await READERS.suppliers(subject)).toMatchObject({
    state: "bad",
    facts: { unannounced: ["Two Cloud"] },
  });
  const announce = (effectiveAt: Date) =>
    forPlatform("trust", (tx) =>
      tx.supplierAnnouncement.create({
        data: {
          supplier: "two cloud",
          text: "Takes over.",
          announcedAt: now,
          announcedBy: "A Person",
          effectiveAt,
        },
      }),
    );
  await announce(new Date(now.getTime() + 1));
  expect(await READERS.suppliers(subject)).toMatchObject({ state: "bad" });
  await announce(now);
  expect(await READERS.suppliers(subject)).toMatchObject({ facts: { unannounced: [] } });
  await forPlatform("trust", async (tx) => {
    await tx.configurationChange.deleteMany({ where: { id: { in: [named.id, moved.id] } } });
    await tx.supplierAnnouncement.deleteMany({});
  });
});

test("suppliers are due for a review until one is written down, and again after a year", async () => {
  expect(await READERS.supplierReview(subject)).toMatchObject({ state: "due" });
  await forPlatform("trust", (tx) => reviewPolicy(tx, { policy: "suppliers", by: "A Person" }, now));
  expect(await READERS.supplierReview(subject)).toMatchObject({ state: "good" });
  const later = new Date(now.getTime() + 366 * 86_400_000);
  expect(await READERS.supplierReview({ ...subject, now: later })).toMatchObject({ state: "bad" });
});

test("a column that is not on the list is found in the database", async () => {
  expect(await READERS.register(subject)).toMatchObject({ state: "good", facts: { unlisted: 0 } });
  const alter = (how: string) =>
    forPlatform("trust", (tx) => tx.$executeRawUnsafe(`ALTER TABLE orders ${how}`));
  await alter("ADD COLUMN nickname text");
  expect(await READERS.register(subject)).toMatchObject({ state: "bad", facts: { unlisted: 1 } });
  await alter("DROP COLUMN nickname");
});

test("what has not been exercised, and what is not in this installation, is not called kept", async () => {
  const readings = await readEvidence(subject);
  const status = (id: keyof typeof COMMITMENTS) => statusOf(COMMITMENTS[id], readings, null, now);
  expect([status("D5"), status("D6")]).toEqual(["unexercised", "unexercised"]);
  expect(status("D11")).toBe("not_here");
  expect(status("D13")).toBe("unknown");
  expect(await READERS.logs(subject)).toMatchObject({ state: "good", facts: { open: 0 } });
});

test("the public reads how a promise stands here, and nothing of a shop", async () => {
  const standing = await readStanding(now);
  expect(standing).toMatchObject({
    D2: "kept",
    D6: "unexercised",
    D11: "not_here",
    A1: "not_offered",
    O1: "attestation_due",
  });
});

test("an evidence pack can be checked by whoever has it, and holds no buyer and no secret", async () => {
  await issue("buyer_export", now, { orders: 1 });
  // Of the shop that this store was before it started anew; and of a store that is none of ours.
  for (const shopDomain of [subject.domain, "other.myshopify.com"])
    await forPlatform("trust", (tx) =>
      issueReceipt(tx, {
        kind: "shop_purge",
        shopId: randomUUID(),
        shopDomain,
        requestId: null,
        startedAt: now,
        finishedAt: now,
        counts: {},
        details: { reason: "start_fresh" },
      }),
    );
  const trust = await readTrust(engine.shop, now);
  const files = await collectPack(engine.shop, trust, { "summary.html": "<p>All is well</p>" }, "user:7");
  const archive = unzipSync(await sealPack(files));
  const unpacked = Object.fromEntries(
    Object.entries(archive).map(([name, bytes]) => [name, strFromU8(bytes, name === "manifest.sig")]),
  );
  const signature = Buffer.from(archive["manifest.sig"]!).toString("base64url");
  const key = createPublicKey(unpacked["public-key.pem"]!);
  const genuine = (text: string, signed: string) =>
    verify(null, Buffer.from(text), key, Buffer.from(signed, "base64url"));
  expect(genuine(unpacked["manifest.json"]!, signature)).toBe(true);
  expect(genuine(`${unpacked["manifest.json"]!} `, signature)).toBe(false);
  for (const [name, hash] of Object.entries(JSON.parse(unpacked["manifest.json"]!) as Record<string, string>))
    expect(sha256(unpacked[name]!), name).toBe(hash);
  const [receipt, earlier, ...more] = JSON.parse(unpacked["receipts.json"]!) as {
    statement: string;
    hash: string;
    signature: string;
  }[];
  expect(JSON.parse(earlier!.statement)).toMatchObject({ kind: "shop_purge", shopDomain: subject.domain });
  expect(more).toEqual([]);
  expect(receipt?.hash).toBe(sha256(receipt!.statement));
  expect(genuine(receipt!.statement, receipt!.signature)).toBe(true);

  const all = Object.values(unpacked).join("\n");
  const secrets = ["KEYRING", "SHOPIFY_API_SECRET", "RESEND_API_KEY", "RESEND_WEBHOOK_SECRET"].map((name) =>
    process.env[name]!.split(":").at(-1)!,
  );
  for (const marker of [...Object.values(PERSON), ...secrets]) expect(all).not.toContain(marker);
  const [entry] = await inShop((tx) =>
    tx.auditEvent.findMany({ where: { shopId: subject.shopId, action: "evidence.packed" } }),
  );
  expect(entry).toMatchObject({ actor: "user:7" });
});

test("an activity log that nobody verified for days is no good evidence", async () => {
  const verified = (days: number) =>
    inShop((tx) =>
      tx.auditHead.update({
        where: { shopId: subject.shopId },
        data: { verifiedAt: new Date(now.getTime() - days * 86_400_000) },
      }),
    );
  await verified(1);
  expect(await READERS.auditTrail(subject)).toMatchObject({ state: "good", facts: { overdue: false } });
  await verified(3);
  expect(await READERS.auditTrail(subject)).toMatchObject({ state: "bad", facts: { overdue: true } });
});
