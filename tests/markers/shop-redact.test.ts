import { erasing } from "#tests/markers/endings.ts";
import { live } from "#tests/markers/life.ts";
import { proveErased } from "#tests/markers/proof.ts";

proveErased("shop/redact of a shop whose uninstall nobody told us of", {
  erases: ["buyer", "shop"],
  async run({ engine, shop }) {
    engine.sandbox.webhooks.weather.loss = 1;
    engine.sandbox.uninstall({ shop: shop.domain });
    engine.sandbox.webhooks.weather.loss = 0;
    engine.sandbox.redactShop({ shop: shop.domain });
    await engine.settle();
    await live(engine, 3, erasing);
  },
});
