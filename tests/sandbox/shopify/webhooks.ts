// Sends webhooks as Shopify does: signed, within 5 s (1 s to connect), 8 retries of the same bytes over 4 hours.
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { LosslessNumber, stringify } from "lossless-json";
import { compileSearch } from "#tests/sandbox/search.ts";
import { takeFault } from "#tests/sandbox/faults.ts";
import { withhold } from "#tests/sandbox/shopify/withhold.ts";
import type { AppConfig } from "#tests/sandbox/shopify/toml.ts";
import type { Shop } from "#tests/sandbox/shopify/types.ts";
import type { ApiSubscription, Delivery } from "#tests/sandbox/shopify/webhooks.types.ts";
import type { Store } from "#tests/sandbox/state.ts";

const TIMEOUT = 5_000;
const CONNECT_TIMEOUT = 1_000;
const CONCURRENCY = 32;
const KEPT = 5_000;

/** Eight waits that add up to four hours, in milliseconds. */
export const SHOPIFY_RETRIES = [10, 60, 300, 600, 1200, 2400, 3600, 6230].map((seconds) => seconds * 1000);

// Only these can be subscribed without the scope; the others need it granted by the shop.
const TOPIC_SCOPES: Record<string, string> = {
  orders: "read_orders",
  refunds: "read_orders",
  order_transactions: "read_orders",
  fulfillments: "read_fulfillments",
  fulfillment_events: "read_fulfillments",
  products: "read_products",
  collections: "read_products",
  customers: "read_customers",
  customer: "read_customers",
};

/** How webhooks travel at the moment; everything can be changed while running. */
export interface Weather {
  /** Extra copies of each delivery (same webhook id and event id). */
  duplicates: number;
  /** Milliseconds before the first try, random between the two. */
  delay: [number, number];
  /** Chance that a delivery is never sent. */
  loss: number;
  /** Keep deliveries until `release()`. */
  hold: boolean;
}

export interface Webhooks {
  weather: Weather;
  /** Sends `payload` to every subscription of the topic; returns the deliveries made. */
  emit(shop: Shop, topic: string, payload: Record<string, unknown>): Delivery[];
  /** Sends what is held, optionally shuffled (the same seed gives the same order) and doubled. */
  release(options?: {
    shuffle?: boolean | undefined;
    seed?: number | undefined;
    duplicates?: number | undefined;
  }): number;
  /** Sends one delivery once more, now. */
  redeliver(id: string): Delivery;
  /** Waits until nothing is under way (held ones and later retries not counted). */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

interface Options {
  store: Store;
  config: () => AppConfig;
  apiSecret: () => string;
  appUrl: string;
  retries: number[];
  now: () => Date;
}

export function startWebhooks({ store, config, apiSecret, appUrl, retries, now }: Options): Webhooks {
  const { state } = store;
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  const weather: Weather = { duplicates: 0, delay: [0, 0], loss: 0, hold: false };
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  const queue: Delivery[] = [];
  let stopped = false;

  // What was on its way when the last process ended.
  for (const delivery of state.deliveries) {
    if (delivery.state === "sending") delivery.state = "waiting";
    if (delivery.state === "waiting") schedule(delivery, Date.parse(delivery.dueAt) - now().getTime());
  }

  function subscriptions(shop: Shop, topic: string) {
    const needed = TOPIC_SCOPES[topic.split("/")[0]!];
    const allowed =
      !needed ||
      shop.scopes.includes(needed) ||
      topic.startsWith("customers/redact") ||
      topic === "customers/data_request";
    const fromToml = config().subscriptions.map((each) => ({ ...each, id: null as string | null }));
    const fromApi = state.subscriptions
      .filter((each) => each.shop === shop.domain)
      .map((each) => ({ ...each, compliance: false }));
    return [...fromToml, ...fromApi].filter((each) => {
      if (each.topic !== topic) return false;
      if (each.compliance || topic === "app/uninstalled") return true;
      return shop.installed && allowed;
    });
  }

  function emit(shop: Shop, topic: string, payload: Record<string, unknown>): Delivery[] {
    const eventId = randomUUID();
    const made: Delivery[] = [];
    for (const subscription of subscriptions(shop, topic)) {
      const compliance = subscription.compliance;
      const visible =
        compliance || topic.startsWith("app/") ? payload : withhold(payload, shop.protectedData);
      if (subscription.filter && !compileSearch(subscription.filter, fieldValues)(payload)) continue;
      const body = stringify(pick(visible, subscription.includeFields))!;
      const id = randomUUID();
      const delivery: Delivery = {
        id,
        shop: shop.domain,
        topic,
        url: new URL(subscription.uri, appUrl).href,
        headers: {
          "content-type": "application/json",
          "user-agent": "Shopify-Captain-Hook",
          accept: "*/*",
          "x-shopify-topic": topic,
          "x-shopify-hmac-sha256": createHmac("sha256", apiSecret()).update(body).digest("base64"),
          "x-shopify-shop-domain": shop.domain,
          "x-shopify-webhook-id": id,
          "x-shopify-event-id": eventId,
          "x-shopify-triggered-at": now().toISOString().replace("Z", "000000Z"),
          "x-shopify-api-version": config().apiVersion,
          ...(subscription.name ? { "x-shopify-name": subscription.name } : {}),
        },
        body,
        subscriptionId: subscription.id,
        state: weather.hold ? "held" : "waiting",
        dueAt: now().toISOString(),
        attempts: [],
      };
      made.push(delivery);
      for (let copy = 0; copy <= weather.duplicates; copy += 1)
        admit(copy === 0 ? delivery : { ...delivery, attempts: [] });
    }
    return made;
  }

  function admit(delivery: Delivery): void {
    state.deliveries.push(delivery);
    if (state.deliveries.length > KEPT) dropOldest();
    const fault = takeFault(store, "webhooks", delivery.topic);
    if (fault?.kind === "lose" || Math.random() < weather.loss) delivery.state = "lost";
    if (delivery.state === "waiting") {
      const [from, to] = weather.delay;
      schedule(delivery, from + Math.random() * (to - from));
    }
    store.changed();
  }

  function dropOldest(): void {
    const index = state.deliveries.findIndex(
      ({ state: now }) => now === "delivered" || now === "failed" || now === "lost",
    );
    if (index >= 0) state.deliveries.splice(index, 1);
  }

  function schedule(delivery: Delivery, wait: number): void {
    delivery.dueAt = new Date(now().getTime() + Math.max(0, wait)).toISOString();
    if (wait <= 0) {
      queue.push(delivery);
      work();
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      queue.push(delivery);
      work();
    }, wait);
    timers.add(timer);
  }

  function work(): void {
    while (!stopped && running.size < CONCURRENCY) {
      const delivery = queue.shift();
      if (!delivery) return;
      const run = attempt(delivery).finally(() => {
        running.delete(run);
        work();
      });
      running.add(run);
    }
  }

  async function attempt(delivery: Delivery): Promise<void> {
    delivery.state = "sending";
    const started = performance.now();
    const result = await post(delivery, agent);
    delivery.attempts.push({
      at: now().toISOString(),
      ...result,
      milliseconds: Math.round(performance.now() - started),
    });
    if (result.status !== null && result.status >= 200 && result.status < 300) {
      delivery.state = "delivered";
      countFailure(delivery, false);
    } else {
      const wait = retries[delivery.attempts.length - 1];
      delivery.state = wait === undefined ? "failed" : "waiting";
      if (wait !== undefined && !stopped) schedule(delivery, wait);
      else countFailure(delivery, true);
    }
    store.changed();
  }

  /** Shopify removes a subscription made through the API when a webhook failed all its tries; those of the toml stay. */
  function countFailure(delivery: Delivery, failed: boolean): void {
    const subscription = state.subscriptions.find(({ id }) => id === delivery.subscriptionId) as
      ApiSubscription | undefined;
    if (!subscription) return;
    subscription.failuresInARow = failed ? subscription.failuresInARow + delivery.attempts.length : 0;
    if (subscription.failuresInARow >= 8)
      state.subscriptions.splice(state.subscriptions.indexOf(subscription), 1);
  }

  function release({
    shuffle = false,
    seed = 1,
    duplicates = 0,
  }: Parameters<Webhooks["release"]>[0] = {}): number {
    weather.hold = false;
    const held = state.deliveries.filter((each) => each.state === "held");
    const copies = held.flatMap((each) =>
      Array.from({ length: duplicates }, () => ({ ...each, attempts: [] })),
    );
    state.deliveries.push(...copies);
    const all = [...held, ...copies];
    if (shuffle) shuffled(all, seed);
    for (const delivery of all) {
      delivery.state = "waiting";
      schedule(delivery, 0);
    }
    store.changed();
    return all.length;
  }

  function redeliver(id: string): Delivery {
    const original = state.deliveries.find((each) => each.id === id);
    if (!original) throw new Error(`No delivery ${id}`);
    const copy: Delivery = { ...original, attempts: [], state: "waiting" };
    state.deliveries.push(copy);
    schedule(copy, 0);
    return copy;
  }

  return {
    weather,
    emit,
    release,
    redeliver,
    async settled() {
      while (running.size > 0 || queue.length > 0) await Promise.all(running);
    },
    async stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      agent.destroy();
      await Promise.allSettled(running);
    },
  };
}

function post(delivery: Delivery, agent: Agent): Promise<{ status: number | null; error: string | null }> {
  return new Promise((resolve) => {
    const failed = (error: string) => resolve({ status: null, error });
    const req = request(delivery.url, {
      method: "POST",
      agent,
      headers: { ...delivery.headers, "content-length": Buffer.byteLength(delivery.body) },
      signal: AbortSignal.timeout(TIMEOUT),
    });
    req.on("socket", (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(() => req.destroy(new Error("no connection within 1 s")), CONNECT_TIMEOUT);
      socket.once("connect", () => clearTimeout(timer));
      socket.once("close", () => clearTimeout(timer));
    });
    req.on("response", (response) => {
      response.resume();
      response.on("end", () => resolve({ status: response.statusCode ?? null, error: null }));
      response.on("error", (error) => failed(error.message));
    });
    req.on("error", (error) =>
      failed(error.name === "TimeoutError" ? "no answer within 5 s" : error.message),
    );
    req.end(delivery.body);
  });
}

/** Reads a REST path such as `line_items.vendor`, through arrays. */
function fieldValues(payload: unknown, path: string): unknown[] | undefined {
  let found: unknown[] = [payload];
  for (const key of path.split(".")) {
    const next: unknown[] = [];
    for (const each of found) {
      if (each === null || typeof each !== "object" || !(key in each)) continue;
      const value = (each as Record<string, unknown>)[key];
      if (Array.isArray(value)) next.push(...value);
      else next.push(value);
    }
    found = next;
  }
  return found.map((value) => (value instanceof LosslessNumber ? value.toString() : value));
}

/** Keeps only the fields named (`id`, `customer.email`, `line_items.id`); nothing named = everything. */
export function pick(payload: Record<string, unknown>, fields: string[]): Record<string, unknown> {
  if (fields.length === 0) return payload;
  const wanted = new Map<string, string[]>();
  for (const field of fields) {
    const [head, ...rest] = field.split(".");
    const inner = wanted.get(head!) ?? [];
    if (rest.length > 0) inner.push(rest.join("."));
    wanted.set(head!, inner);
  }
  const narrow = (value: unknown, inner: string[]): unknown => {
    if (inner.length === 0 || value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((each) => narrow(each, inner));
    return pick(value as Record<string, unknown>, inner);
  };
  return Object.fromEntries(
    [...wanted]
      .filter(([head]) => head in payload)
      .map(([head, inner]) => [head, narrow(payload[head], inner)]),
  );
}

/** Fisher-Yates with a small seeded generator, so that a failing order can be played again. */
function shuffled<T>(list: T[], seed: number): void {
  let random = seed >>> 0 || 1;
  for (let i = list.length - 1; i > 0; i -= 1) {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    const j = Math.floor((random / 2 ** 32) * (i + 1));
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
}

/** A token like those in order URLs. */
export const hexToken = (bytes = 16) => randomBytes(bytes).toString("hex");
