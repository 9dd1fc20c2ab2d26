import { inspect } from "./inspect.ts";
import { expect, test } from "./test.ts";
import { placeOrder } from "./things.ts";

test("what is held, why, and for how long", async ({ page, admin, shop }) => {
  const { app } = admin;
  await shop.install();
  await admin.open("/app/privacy/data");
  await expect(app.getByText("No orders yet.")).toBeVisible();
  await inspect(page, "holdings-empty");
});
