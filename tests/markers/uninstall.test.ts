import { live } from "#tests/markers/life.ts";
import { proveErased } from "#tests/markers/proof.ts";
import { erasing } from "#tests/markers/endings.ts";

proveErased("uninstalled, and two days later", {
  erases: ["buyer", "shop"],
  async run({ engine, shop }) {
    engine.sandbox.uninstall({ shop: shop.domain });
    await engine.settle();
    await live(engine, 2, erasing);
  },
});
