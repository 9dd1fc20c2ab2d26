// What a test needs to be there before it starts, made by the app's own forms; and what it waits for.
import { expect } from "@playwright/test";
import { starterDraft, type StarterKey } from "#app/features/templates/starters.ts";
import {
  emptyDefinition,
  type TriggerDefinition,
  type TriggerDraft,
} from "#app/features/triggers/triggers.ts";
import { publish } from "#tests/sandbox/demo.door.ts";
import { house } from "./house.ts";
import type { TestShop } from "./test.ts";

/** Saves a template from a starter; its id. */
export async function addTemplate({ door }: TestShop, starter: StarterKey): Promise<string> {
  const draft = starterDraft(starter, "en");
  const { saved } = await door.send<{ saved: { id: string } }>(
    "app.templates.$id",
    "/app/templates/draft",
    draft,
  );
  return saved.id;
}

export const AT_ONCE = {
  start: { event: "paid", fallbackDays: null },
  delay: { amount: 0, unit: "minutes" },
} as const satisfies Partial<TriggerDefinition>;

/** Saves a trigger and makes it live, for a type of products; its id. */
export async function addTrigger(
  { door }: TestShop,
  {
    name,
    templateId,
    type,
    ...definition
  }: { name: string; templateId: string; type: string } & Partial<TriggerDefinition>,
): Promise<string> {
  const include: TriggerDefinition["include"] = {
    mode: "any",
    rules: [{ kind: "productType", values: [{ id: type, label: type }] }],
  };
  const draft: TriggerDraft = {
    name,
    templateId,
    priority: 0,
    definition: { ...emptyDefinition, include, ...definition },
  };
  const { saved } = await door.send<{ saved: { id: string } }>(
    "app.triggers.$id",
    "/app/triggers/new",
    draft,
  );
  await publish(door, saved.id);
  return saved.id;
}

export async function switchSending({ door }: TestShop, on: boolean): Promise<void> {
  const wish = new URLSearchParams({ intent: "sending", on: String(on) });
  await door.send("app._index", "/app?index", wish);
}

type Order = { id: string; name: string };

/** Somebody buys one product; resolves when Shopify has told the app. */
export async function buy(shop: TestShop, email: string, product: string): Promise<Order> {
  const order = await shop.control<Order>("place-order", { email, firstName: "Jo", lines: [{ product }] });
  await shop.control("settled");
  return order;
}

/** Resolves when the app knows as many orders with their buyers: Shopify is answered before an order is taken in. */
export async function buyersAreHeld({ door }: TestShop, count: number): Promise<void> {
  type Page = { holdings: { kind: string; rows: number }[] };
  const rows = async () =>
    (await door.read<Page>("app.privacy.data", "/app/privacy/data")).holdings.find(
      ({ kind }) => kind === "buyer",
    )?.rows;
  await expect.poll(rows, { timeout: 30_000 }).toBe(count);
}

type Mail = { subject: string; to: string[]; from: string; text: string };

export async function mailsTo(address: string): Promise<Mail[]> {
  const answer = await fetch(`${house().mailboxUrl}.json?to=${encodeURIComponent(address)}`);
  return ((await answer.json()) as { mails: Mail[] }).mails;
}

/** Resolves when the buyer has as many mails. */
export async function mailsArrive(address: string, count: number): Promise<Mail[]> {
  await expect.poll(async () => (await mailsTo(address)).length, { timeout: 40_000 }).toBe(count);
  return mailsTo(address);
}

type Listed = { id: string; orderName: string; state: string; reason: string | null };

export async function listMessages({ door }: TestShop): Promise<Listed[]> {
  return (await door.read<{ rows: Listed[] }>("app.messages._index", "/app/messages")).rows;
}

/** Resolves with the only message of an order, once it is in that state. */
export async function messageBecomes(
  shop: TestShop,
  order: { name: string },
  state: string,
): Promise<Listed> {
  const find = async () => (await listMessages(shop)).find(({ orderName }) => orderName === order.name);
  await expect.poll(async () => (await find())?.state, { timeout: 30_000 }).toBe(state);
  return (await find()) as Listed;
}
