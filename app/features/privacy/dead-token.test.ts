import { afterAll, beforeAll, expect, test } from "vitest";
import { withAccess } from "#app/features/shops/tokens.server.ts";
import { forPlatform, forShop } from "#app/platform/db/db.ts";
import { startEngine, type Engine } from "#tests/engine.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

test("a shop whose token has expired and can't be refreshed still gets its uninstall and its redaction recorded, with 200", async () => {
  const { sandbox, shop } = engine;
  sandbox.tokens.expire(sandbox.shops[shop.domain]!, true);
  // The session is as old as its token: an hour later nothing we hold opens Shopify's door any more.
  const later = new Date(Date.now() + 2 * 3_600_000);
  await expect(withAccess(shop, later, () => Promise.resolve())).rejects.toMatchObject({ kind: "refused" });

  await sandbox.control("uninstall", { shop: shop.domain });
  await sandbox.control("redact-shop", { shop: shop.domain });
  await engine.settle();

  const sent = sandbox.state.deliveries.filter(({ topic }) =>
    ["app/uninstalled", "shop/redact"].includes(topic),
  );
  expect(sent.map(({ attempts }) => attempts.map(({ status }) => status))).toEqual([[200], [200]]);
  const requests = await forPlatform("webhooks", (tx) =>
    tx.privacyRequest.findMany({ orderBy: { receivedAt: "asc" } }),
  );
  expect(requests.map(({ kind }) => kind)).toEqual(["app/uninstalled", "shop/redact"]);
  const gone = await forShop(shop.id, (tx) => tx.shop.findUniqueOrThrow({ where: { id: shop.id } }));
  expect(gone).toMatchObject({ state: "uninstalled", sending: false });
});
