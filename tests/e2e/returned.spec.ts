import { inspect } from "./inspect.ts";
import { expect, test } from "./test.ts";
import { addTemplate, addTrigger, AT_ONCE, buy, messageBecomes } from "./things.ts";

const EPOXY = "Riverclear Epoxy Resin Kit 1.5 kg";

test("a merchant who comes back is asked: keeps everything, or starts fresh and finds nothing", async ({
  page,
  admin,
  shop,
}) => {
  const { app } = admin;
  await shop.install();
  const templateId = await addTemplate(shop, "epoxy_two_component");
  await addTrigger(shop, { name: "Epoxy: safety", templateId, type: "Resin", ...AT_ONCE });
  await messageBecomes(shop, await buy(shop, "ada@example.com", EPOXY), "planned");

  const leaveAndReturn = async () => {
    await shop.control("uninstall");
    await shop.control("settled");
    await expect
      .poll(async () => {
        await shop.control("install");
        const { returned } = await shop.door.read<{ returned: object | null }>("app._index", "/app?index");
        return returned;
      })
      .not.toBeNull();
  };

  await test.step("Home shows what was kept, and sending is off", async () => {
    await leaveAndReturn();
    await admin.open("/app");
    await expect(app.getByRole("heading", { name: "Welcome back" })).toBeVisible();
    await expect(
      app.getByText(/^Everything from before is still here: 1 trigger, 1 template, and 1 order/),
    ).toBeVisible();
    await expect(app.getByRole("switch")).not.toBeChecked();
    await inspect(page, "home-returned");
  });

  await test.step("kept: the card goes, the trigger is there", async () => {
    await app.getByRole("button", { name: "Keep everything" }).click();
    await admin.toast("Everything is kept");
    await expect(app.getByRole("heading", { name: "Welcome back" })).toHaveCount(0);
    await admin.menu("Triggers");
    await expect(app.getByText("Epoxy: safety").filter({ visible: true }).first()).toBeVisible();
  });

  await test.step("starting fresh asks first, then nothing is left", async () => {
    await leaveAndReturn();
    await admin.open("/app");
    await app.getByRole("button", { name: "Start fresh" }).click();
    await expect(app.getByText(/^Everything from before is erased for good/)).toBeVisible();
    await inspect(page, "home-fresh-question");
    await app.getByRole("dialog").getByRole("button", { name: "Erase and start fresh" }).click();
    await admin.toast("You start fresh");
    await expect(app.getByRole("heading", { name: "Welcome back" })).toHaveCount(0);
    await expect(app.getByText("Set up Aftercare")).toBeVisible();
    await admin.menu("Triggers");
    await expect(app.getByText("Send the right message after a purchase")).toBeVisible();
    await expect(app.getByText("Epoxy: safety")).toHaveCount(0);
  });
});
