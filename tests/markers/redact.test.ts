import { runJobs, settleQueue } from "#tests/markers/life.ts";
import { OPT_OUT } from "#tests/markers/endings.ts";
import { proveErased } from "#tests/markers/proof.ts";
import { deliver } from "#tests/markers/seed.ts";

proveErased("every buyer of the shop redacted", {
  erases: ["buyer"],
  survives: OPT_OUT,
  async run({ engine, shop, doors }) {
    const markers = new Set(doors.map(({ marker }) => marker));
    const known = engine.sandbox.shops[shop.domain]!.customers.filter(({ email }) =>
      markers.has(email ?? ""),
    );
    for (const { email } of known) engine.sandbox.redactCustomer({ shop: shop.domain, email: email! });
    let id = 1_234_567;
    // Some are no customers of the store as it is now: all that is held of them came in by a door that led nowhere.
    for (const { door, marker } of doors.filter(({ of }) => of === "buyer")) {
      if (!marker.includes("@") || known.some(({ email }) => email === marker)) continue;
      const phone = doors.find((other) => other.door === door.replace(/email$/, "phone"))?.marker ?? null;
      const customer = { id: (id += 1), email: marker, phone };
      const body = { shop_id: 1, shop_domain: shop.domain, customer, orders_to_redact: [] };
      await deliver(engine, shop.domain, "customers/redact", JSON.stringify(body));
    }
    await engine.settle();
    await settleQueue(engine);
    await runJobs(engine, (name) => name.includes("request"));
  },
});
