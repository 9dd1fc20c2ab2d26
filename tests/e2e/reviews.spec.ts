// Two people: who wrote it sends it for review, somebody else looks, sends it back, and approves the second try.
import type { ShopSettings } from "#app/features/shops/settings.ts";
import { emptyDefinition, type TriggerDefinition } from "#app/features/triggers/triggers.ts";
import { inspect } from "./inspect.ts";
import { expect, test } from "./test.ts";
import { addTemplate, AT_ONCE, buy, mailsArrive, switchSending } from "./things.ts";

const EPOXY = "Riverclear Epoxy Resin Kit 1.5 kg";

test("a release is approved by a second person, who may send it back first", async ({
  page,
  admin,
  shop,
}) => {
  const { app } = admin;
  await shop.install();
  const templateId = await addTemplate(shop, "epoxy_two_component");
  const include: TriggerDefinition["include"] = {
    mode: "any",
    rules: [{ kind: "productType", values: [{ id: "Resin", label: "Resin" }] }],
  };
  const definition = { ...emptyDefinition, ...AT_ONCE, include };
  const { saved } = await shop.door.send<{ saved: { id: string } }>("app.triggers.$id", "/app/triggers/new", {
    name: "Epoxy: safety",
    templateId,
    priority: 0,
    definition,
  });
  await buy(shop, "before@example.com", EPOXY);
  await switchSending(shop, true);

  await test.step("the shop asks for two people", async () => {
    await admin.open("/app/settings");
    await app.getByRole("radio", { name: "Somebody who did not write it" }).check({ force: true });
    await admin.save();
    await admin.toast("Settings saved");
    await inspect(page, "settings-review");
    const { settings } = await shop.door.read<{ settings: ShopSettings }>(
      "app.settings._index",
      "/app/settings",
    );
    expect(settings.review).toBe("two_people");
  });

  await test.step("who wrote it sends it for review, and may not approve it", async () => {
    await admin.open(`/app/triggers/${saved.id}`);
    await app.getByRole("button", { name: "Review and go live" }).click();
    await expect(app.getByText("It waits for somebody else")).toBeVisible();
    await expect(app.getByRole("button", { name: "Approve and go live" })).toBeHidden();
    await inspect(page, "review-author");
  });

  await test.step("somebody else sends it back, and says why", async () => {
    const sam = await shop.doorOf("Sam");
    const { people } = await sam.read<{ people: { id: string; name: string }[] }>(
      "app.settings.people",
      "/app/settings/people",
    );
    const id = people.find(({ name }) => name === "Sam Ito")!.id;
    const role = new URLSearchParams({ intent: "role", id, role: "approver" });
    await shop.door.send("app.settings.people", "/app/settings/people", role);
    // The admin opens the page again for them.
    await page.locator("#staff").selectOption({ index: 1 });
    await expect(app.getByRole("checkbox", { name: /1 paid order that is not delivered yet/ })).toBeVisible();
    await app.getByRole("button", { name: "Send back" }).click();
    await expect(app.getByText("Say what should be different.")).toBeVisible();
    await app.getByRole("textbox", { name: "Note" }).fill("Please name the resin in the subject.");
    await app.getByRole("button", { name: "Send back" }).click();
    await admin.toast("Sent back");
    await expect(app.getByText("Please name the resin in the subject.").first()).toBeVisible();
    await inspect(page, "review-returned");
  });

  await test.step("submitted again, it is approved and live", async () => {
    const again = await shop.door.send<{ id: string }>(
      "app.triggers.$id_.releases",
      `/app/triggers/${saved.id}/releases`,
      { intent: "submit" },
    );
    await admin.open(`/app/releases/${again.id}`);
    for (const question of ["right trigger", "right content", "right purpose", "right sending rules"])
      await app.getByRole("checkbox", { name: new RegExp(question) }).check({ force: true });
    await app.getByRole("button", { name: "Approve and go live" }).click();
    await admin.toast("Approved. It is live.");
    await expect(app.getByText("Left alone")).toBeVisible();
  });

  await buy(shop, "after@example.com", EPOXY);
  await mailsArrive("after@example.com", 1);
});
