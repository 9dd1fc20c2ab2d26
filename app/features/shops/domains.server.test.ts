import { afterAll, beforeAll, expect, test } from "vitest";
import {
  addDomain,
  findSendingDomain,
  lookAtDomain,
  removeDomain,
  saveLocalPart,
} from "#app/features/shops/domains.server.ts";
import { domainDraftSchema } from "#app/features/shops/domains.ts";
import { ensureShop } from "#app/features/shops/shops.server.ts";
import { forShop } from "#app/platform/db/db.ts";
import { env } from "#app/platform/env.ts";
import { parseInput } from "#app/platform/forms.ts";
import { startEngine, type Engine } from "#tests/engine.ts";

let engine: Engine;
let shopId: string;
const now = new Date("2026-11-21T10:00:00Z");
const actor = "user:7";

beforeAll(async () => {
  engine = await startEngine();
  shopId = engine.shop.id;
});
afterAll(() => engine.stop());

const domain = (id = shopId) => forShop(id, (tx) => findSendingDomain(tx, id));
const publish = (name: string, value: "right" | "wrong") =>
  engine.sandbox.control("publish-dns", { domain: name, value });

test("a domain is added, waits for its records, is verified, and can be given up", async () => {
  await addDomain(shopId, { domain: "acme.example", localPart: "care" }, actor);
  expect(await domain()).toMatchObject({
    domain: "acme.example",
    localPart: "care",
    state: "pending",
    dmarc: null,
    checkedAt: null,
  });
  expect((await domain())?.records.map(({ purpose, type, host }) => [purpose, type, host])).toContainEqual([
    "SPF",
    "TXT",
    "send.acme.example",
  ]);
  await expect(
    addDomain(shopId, { domain: "other.example", localPart: "care" }, actor),
  ).rejects.toMatchObject({ code: "conflict" });

  const early = await lookAtDomain(shopId, true, actor, now);
  expect(early).toMatchObject({ state: "pending", checkedAt: now.toISOString() });
  await publish("acme.example", "wrong");
  expect(await lookAtDomain(shopId, true, actor, now)).toMatchObject({
    state: "failed",
    dkim: "failed",
    spf: "failed",
  });
  await publish("acme.example", "right");
  expect(await lookAtDomain(shopId, true, actor, now)).toMatchObject({
    state: "verified",
    dkim: "verified",
    spf: "verified",
  });
  expect((await domain())?.dmarc).not.toBeNull();

  await forShop(shopId, (tx) => saveLocalPart(tx, shopId, "hi", actor));
  expect(await domain()).toMatchObject({ localPart: "hi" });
  await removeDomain(shopId, actor);
  expect(await domain()).toBeNull();
  const events = await forShop(shopId, (tx) =>
    tx.auditEvent.findMany({ where: { shopId, action: { startsWith: "domain." } }, orderBy: { id: "asc" } }),
  );
  expect(events.map((event) => event.action)).toEqual([
    "domain.added",
    "domain.checked",
    "domain.checked",
    "domain.changed",
    "domain.removed",
  ]);
});

test("a domain has one shop; ours and what another sends from are nobody's to claim", async () => {
  const other = (await ensureShop("blue-kiln.myshopify.com", new Date())).id;
  const shared = env().MAIL_SHARED_DOMAIN;
  for (const name of [shared, `a.${shared}`, shared.split(".").slice(1).join(".")])
    await expect(addDomain(other, { domain: name, localPart: "x" }, actor)).rejects.toMatchObject({
      code: "conflict",
    });

  await addDomain(shopId, { domain: "twins.example", localPart: "x" }, actor);
  await expect(addDomain(other, { domain: "twins.example", localPart: "x" }, actor)).rejects.toMatchObject({
    code: "conflict",
  });
  await removeDomain(shopId, actor);

  const race = [shopId, other].map((id) => addDomain(id, { domain: "race.example", localPart: "x" }, actor));
  const outcomes = (await Promise.allSettled(race)).map((outcome) => outcome.status);
  expect(outcomes.sort()).toEqual(["fulfilled", "rejected"]);
  for (const id of [shopId, other]) if (await domain(id)) await removeDomain(id, actor);
});

test("what a cut-off attempt left with the provider is taken up again, unless it sends already", async () => {
  await addDomain(shopId, { domain: "half.example", localPart: "x" }, actor);
  await forShop(shopId, (tx) => tx.sendingDomain.deleteMany({ where: { shopId } }));
  await addDomain(shopId, { domain: "half.example", localPart: "x" }, actor);
  expect(await domain()).toMatchObject({ domain: "half.example", state: "pending" });

  await publish("half.example", "right");
  await lookAtDomain(shopId, true, actor, now);
  await forShop(shopId, (tx) => tx.sendingDomain.deleteMany({ where: { shopId } }));
  await expect(addDomain(shopId, { domain: "half.example", localPart: "x" }, actor)).rejects.toMatchObject({
    code: "conflict",
  });
  expect(await domain()).toBeNull();
});

test("what a merchant types becomes a domain, or a sentence beside the field", () => {
  const read = (text: string) => parseInput(domainDraftSchema, { domain: text, localPart: " Hello " });
  for (const text of [
    "Example.com",
    "https://www.example.com/shop?x",
    " hello@example.com ",
    "www.example.com.",
  ])
    expect(read(text)).toEqual({ ok: true, value: { domain: "example.com", localPart: "hello" } });
  expect(read("bücher.de")).toMatchObject({ ok: true, value: { domain: "xn--bcher-kva.de" } });
  for (const text of [
    "",
    "example",
    "gmail.com",
    "acme.myshopify.com",
    "10.0.0.1",
    "a b.com",
    "x".repeat(301),
  ])
    expect(read(text)).toMatchObject({
      ok: false,
      errors: { domain: expect.stringMatching(/\w/) as string },
    });
  for (const localPart of ["", "a b", "a..b", ".a", "ä", "a@b"])
    expect(parseInput(domainDraftSchema, { domain: "example.com", localPart })).toMatchObject({ ok: false });
});
