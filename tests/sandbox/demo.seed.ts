// Fills the demo's store through the same doors that people and Shopify use: the app's forms and signed webhooks.
import { setTimeout as sleep } from "node:timers/promises";
import type { ShopSettings } from "#app/features/shops/settings.ts";
import { starterDraft, type StarterKey } from "#app/features/templates/starters.ts";
import {
  emptyDefinition,
  type TriggerDefinition,
  type TriggerDraft,
} from "#app/features/triggers/triggers.ts";
import { openDoor, publish, type Door } from "#tests/sandbox/demo.door.ts";
import type { PlaceOrder } from "#tests/sandbox/shopify/order-input.ts";
import type { Stack } from "#tests/setup/stack.ts";

type SeedTrigger = {
  name: string;
  starter: StarterKey;
  live: boolean;
  definition: Partial<TriggerDefinition>;
};

const byTag = (...tags: string[]): TriggerDefinition["include"] => ({
  mode: "any",
  rules: [{ kind: "tag", values: tags.map((tag) => ({ id: tag, label: tag })) }],
});
const byType = (...types: string[]): TriggerDefinition["include"] => ({
  mode: "any",
  rules: [{ kind: "productType", values: types.map((type) => ({ id: type, label: type })) }],
});
const at = (event: "paid" | "fulfilled" | "delivered") => ({
  event,
  fallbackDays: event === "delivered" ? 7 : null,
});
const atOnce = { amount: 0, unit: "minutes" } as const;

const TRIGGERS: SeedTrigger[] = [
  {
    name: "Epoxy: safety before the first pour",
    starter: "epoxy_two_component",
    live: true,
    definition: { include: byType("Resin"), start: at("paid"), delay: atOnce },
  },
  {
    name: "Lithium battery: first use",
    starter: "lithium_first_use",
    live: true,
    definition: { include: byTag("lithium"), start: at("fulfilled"), delay: atOnce },
  },
  {
    name: "Orchid care, two days after it arrives",
    starter: "orchid_care",
    live: true,
    definition: {
      include: byTag("plant"),
      start: at("delivered"),
      delay: { amount: 2, unit: "days" },
      timeOfDay: "10:00",
    },
  },
  {
    name: "Cast iron: seasoning",
    starter: "cast_iron_seasoning",
    live: true,
    definition: { include: byTag("cast-iron"), start: at("fulfilled"), delay: { amount: 1, unit: "days" } },
  },
  {
    name: "Wool care",
    starter: "wool_care",
    live: false,
    definition: { include: byTag("wool"), start: at("delivered"), delay: { amount: 3, unit: "days" } },
  },
];

type SeedOrder = { order: Omit<PlaceOrder, "shop">; then?: ("fulfil" | "deliver" | "cancel")[] };

const buyer = (email: string, firstName: string, lastName: string, locale: string) => ({
  email,
  firstName,
  lastName,
  locale,
});
const emma = buyer("emma.clarke@example.com", "Emma", "Clarke", "en");
const lukas = buyer("lukas.weber@example.com", "Lukas", "Weber", "de");
const camille = buyer("camille.moreau@example.com", "Camille", "Moreau", "fr");
const noah = buyer("noah.janssen@example.com", "Noah", "Janssen", "en");

const BATTERY = "Trailcell 600 Lithium Battery Pack";
const EPOXY = "Riverclear Epoxy Resin Kit 1.5 kg";
const ORCHID = "Phalaenopsis Orchid 'Alba'";
const OVEN = "Cast Iron Dutch Oven 6 qt";
const WOOL = "Merino Base Layer";
const lines = (...products: string[]) => products.map((product) => ({ product }));

/** From before the triggers: no message is due for them, but there is something to look back on and to preview with. */
const EARLIER: SeedOrder[] = [
  { order: { ...emma, lines: lines(WOOL) }, then: ["fulfil", "deliver"] },
  { order: { ...lukas, lines: lines(BATTERY) }, then: ["fulfil", "deliver"] },
  { order: { ...camille, lines: lines(ORCHID) }, then: ["fulfil"] },
];

const ORDERS: SeedOrder[] = [
  { order: { ...emma, lines: lines(BATTERY) }, then: ["fulfil", "deliver"] },
  { order: { ...lukas, lines: lines(EPOXY) } },
  { order: { ...camille, lines: lines(ORCHID, EPOXY) }, then: ["fulfil", "deliver"] },
  { order: { ...noah, lines: lines(BATTERY, OVEN) }, then: ["fulfil"] },
  { order: { ...lukas, lines: lines(ORCHID) }, then: ["fulfil", "deliver"] },
  { order: { ...noah, lines: lines(OVEN) }, then: ["fulfil", "cancel"] },
  { order: { firstName: "Walk-in", lastName: "Customer", source: "pos", lines: lines(EPOXY) } },
  { order: { ...emma, lines: lines(OVEN) } },
];

/** Makes the default shop a store that has used the app for a while. */
export async function seedStore(stack: Stack): Promise<void> {
  const { sandbox } = stack;
  const opened = await sandbox.openApp(undefined, "/app");
  if (opened.status !== 200)
    throw new Error(
      `The app's page was answered with ${opened.status} ${opened.location ?? opened.body.slice(0, 300)}`,
    );
  const door = openDoor(stack);
  await fillSettings(door, stack);
  await placeOrders(stack, EARLIER);
  for (const trigger of TRIGGERS) await addTrigger(door, trigger);
  await door.send("app._index", "/app?index", new URLSearchParams({ intent: "sending", on: "true" }));
  await placeOrders(stack, ORDERS);
  await waitForMails(stack, 4);
}

async function fillSettings(door: Door, stack: Stack): Promise<void> {
  const { settings } = await door.read<{ settings: ShopSettings }>("app.settings._index", "/app/settings");
  await door.send("app.settings._index", "/app/settings", {
    ...settings,
    sender: { name: "Acme Outdoor", replyTo: "hello@acme-outdoor.example" },
    footer: {
      legalName: "Acme Outdoor Ltd",
      address: "12 Harbour Street, 20457 Hamburg, Germany",
      contact: "hello@acme-outdoor.example, +49 40 123456",
    },
  });
  const domain = "post.acme-outdoor.example";
  const path = "/app/settings/domain";
  const form = (fields: Record<string, string>) => new URLSearchParams(fields);
  await door.send("app.settings.domain", path, form({ intent: "add", domain, localPart: "hello" }));
  await stack.sandbox.control("publish-dns", { domain });
  await door.send("app.settings.domain", path, form({ intent: "check" }));
}

async function addTrigger(door: Door, { name, starter, live, definition }: SeedTrigger): Promise<void> {
  const template = await door.send<{ saved: { id: string } }>(
    "app.templates.$id",
    "/app/templates/draft",
    starterDraft(starter, "en"),
  );
  const draft: TriggerDraft = {
    name,
    templateId: template.saved.id,
    priority: 0,
    definition: { ...emptyDefinition, ...definition },
  };
  const { saved } = await door.send<{ saved: { id: string } }>(
    "app.triggers.$id",
    "/app/triggers/new",
    draft,
  );
  if (live) await publish(door, saved.id);
}

async function placeOrders({ sandbox }: Stack, orders: SeedOrder[]): Promise<void> {
  for (const { order, then = [] } of orders) {
    const { name } = sandbox.placeOrder(order);
    if (then.includes("fulfil"))
      sandbox.fulfil({
        order: name,
        trackingCompany: "DHL",
        trackingNumber: "00340434161094042557",
        trackingUrl: "https://www.dhl.de/en/privatkunden.html?piececode=00340434161094042557",
      });
    if (then.includes("deliver")) sandbox.markShipment({ order: name, status: "delivered" });
    if (then.includes("cancel")) sandbox.cancelOrder({ order: name });
  }
  await sandbox.control("settled");
}

/** The messages that are due at once have been sent: the store is as a person will find it. */
async function waitForMails({ sandbox, worker }: Stack, count: number): Promise<void> {
  for (const deadline = Date.now() + 60_000; sandbox.mails().length < count; await sleep(100)) {
    if (Date.now() < deadline) continue;
    throw new Error(
      `${sandbox.mails().length} of ${count} mails were sent in a minute. The worker's last words:\n${worker.lastWords()}`,
    );
  }
}
