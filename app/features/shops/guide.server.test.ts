import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readGuide } from "#app/features/shops/guide.server.ts";
import { defaultSettings } from "#app/features/shops/settings.ts";
import { dismissGuide, getShop } from "#app/features/shops/shops.server.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase, forPlatform, forShop } from "#app/platform/db/db.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await connectDatabase({ url: database.url });
  await connectKeyStore({ url: database.keysUrl, keyring: [{ id: "k1", key: randomBytes(32) }] });
});
afterAll(async () => {
  await disconnectDatabase();
  await disconnectKeyStore();
  await database.drop();
});

test("each step is done when its fact is there, and undone when it goes; the domain is optional", async () => {
  const settings = defaultSettings({ name: "Hearth", email: "h@hearth.test", timeZone: "UTC", locale: "en" });
  const domain = `shop-${randomUUID()}.myshopify.com`;
  const { id: shopId } = await forPlatform("install", (tx) =>
    tx.shop.create({ data: { domain, name: "Hearth", settings } }),
  );
  const guide = () => forShop(shopId, async (tx) => readGuide(tx, await getShop(tx, shopId)));
  const done = async () => (await guide()).steps.filter((step) => step.done).map(({ step }) => step);

  expect(await done()).toEqual([]);
  const template = await forShop(shopId, (tx) =>
    tx.template.create({ data: { shopId, name: "Care", purpose: "care" } }),
  );
  expect(await done()).toEqual([]); // no text yet
  await forShop(shopId, async (tx) => {
    await tx.template.update({
      where: { shopId_id: { shopId, id: template.id } },
      data: { currentVersionId: randomUUID() },
    });
    const trigger = await tx.trigger.create({
      data: { shopId, name: "Chairs", definition: {}, templateId: template.id },
    });
    const release = {
      number: 1,
      content: {},
      hash: "",
      submittedBy: "user:1",
      templateVersionId: randomUUID(),
    };
    await tx.release.create({ data: { shopId, triggerId: trigger.id, state: "live", ...release } });
    const filled = { ...settings, footer: { ...settings.footer, address: "Lange Reihe 1" } };
    await tx.shop.update({ where: { id: shopId }, data: { settings: filled } });
  });
  expect(await done()).toEqual(["template", "trigger", "sender"]);
  expect(await guide()).toMatchObject({ ready: false, done: 3, dismissed: false });

  await forShop(shopId, async (tx) => {
    await tx.shop.update({ where: { id: shopId }, data: { sending: true } });
    await tx.sendingDomain.create({ data: { shopId, domain: "hearth.test", providerId: "d1" } });
    await dismissGuide(tx, shopId, true, new Date());
  });
  expect(await guide()).toMatchObject({ ready: true, done: 4, dismissed: true });
  await forShop(shopId, async (tx) => {
    await tx.sendingDomain.updateMany({ where: { shopId }, data: { state: "verified" } });
    await tx.release.updateMany({ where: { shopId }, data: { state: "withdrawn" } });
    await dismissGuide(tx, shopId, false, new Date());
  });
  expect(await done()).toEqual(["template", "sender", "domain", "sending"]);
  expect(await guide()).toMatchObject({ ready: false, dismissed: false });
});
