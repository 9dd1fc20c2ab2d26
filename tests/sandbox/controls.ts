// Everything that a test, a grader or a person can make happen, as one table: the same functions in the process and as
// POST /sandbox/<name> with JSON.
import express, { type Router } from "express";
import { z } from "zod";
import { waiting } from "#tests/sandbox/http.ts";
import type { Fault } from "#tests/sandbox/faults.ts";
import type { Domains } from "#tests/sandbox/resend/domains.ts";
import { EVENT_TYPES, type MailEvents } from "#tests/sandbox/resend/events.ts";
import { addressOf } from "#tests/sandbox/resend/validate.ts";
import { ControlError, type OrderActions } from "#tests/sandbox/shopify/orders.ts";
import { gid } from "#tests/sandbox/shopify/payloads.ts";
import { makeSessionToken } from "#tests/sandbox/shopify/session-token.ts";
import type { ShopActions } from "#tests/sandbox/shopify/shops.ts";
import type { Tokens } from "#tests/sandbox/shopify/tokens.ts";
import type { AdminApi } from "#tests/sandbox/shopify/graphql.ts";
import type { Fulfillment, Order, Refund, Shop } from "#tests/sandbox/shopify/types.ts";
import type { Webhooks } from "#tests/sandbox/shopify/webhooks.ts";
import type { Store } from "#tests/sandbox/state.ts";

export interface ControlDeps {
  store: Store;
  shopNamed: (name: string | undefined) => Shop;
  orders: OrderActions;
  shops: ShopActions;
  tokens: Tokens;
  webhooks: Webhooks;
  admin: AdminApi;
  domains: Domains;
  mailEvents: MailEvents;
  apiKey: string;
  apiSecret: () => string;
  setApiSecret: (secret: string) => void;
  now: () => Date;
  tokenLife: { seconds: number };
  mailLimit: { perSecond: number; answerDelay: number };
  openApp: (shop: Shop, path: string) => Promise<{ status: number; location: string | null; body: string }>;
}

const shop = z.string().trim().optional();
const ShopOnly = z.object({ shop });

const FaultInput = z.object({
  api: z.enum(["shopify", "resend", "webhooks"]),
  kind: z.enum([
    "status",
    "timeout",
    "reset_before",
    "reset_after",
    "throttle",
    "rate_limit",
    "daily_quota",
    "monthly_quota",
    "lose",
  ]),
  status: z.number().int().min(400).max(599).optional(),
  times: z.number().int().min(1).default(1),
  match: z.string().optional(),
});

const Weather = z.object({
  duplicates: z.number().int().min(0).max(10).optional(),
  delay: z.tuple([z.number().min(0), z.number().min(0)]).optional(),
  loss: z.number().min(0).max(1).optional(),
  hold: z.boolean().optional(),
});

const Release = z.object({
  shuffle: z.boolean().optional(),
  seed: z.number().int().optional(),
  duplicates: z.number().int().min(0).max(10).optional(),
});

/** An order with the ids as the Admin API writes them. */
export const orderView = (order: Order) => ({
  ...order,
  gid: gid("Order", order.id),
  lines: order.lines.map((line) => ({ ...line, gid: gid("LineItem", line.id) })),
});

const fulfillmentView = (fulfillment: Fulfillment) => ({
  ...fulfillment,
  gid: gid("Fulfillment", fulfillment.id),
});
const refundView = (refund: Refund) => ({ ...refund, gid: gid("Refund", refund.id) });

/** A shop without its long lists. */
export const shopView = ({ products, collections, customers, orders, ...rest }: Shop) => ({
  ...rest,
  gid: gid("Shop", rest.id),
  products: products.length,
  collections: collections.length,
  customers: customers.length,
  orders: orders.length,
});

type Control = (body: unknown) => unknown;

/** The table: name in the URL → what it does. Inputs are checked inside (zod), so that both ways in are equally strict. */
export function controlTable(deps: ControlDeps): Record<string, Control> {
  const { orders, shops, webhooks, mailEvents, store, shopNamed } = deps;
  const { state } = store;
  // The functions check what they are given themselves; here it arrives as unknown JSON.
  const pass =
    <T, R>(run: (given: T) => R, view: (result: R) => unknown = (result) => result): Control =>
    (body) =>
      view(run(body as T));
  const withShop =
    (run: (of: Shop) => unknown): Control =>
    (body) =>
      run(shopNamed(ShopOnly.parse(body).shop));

  return {
    "place-order": pass(orders.placeOrder, orderView),
    "pay-order": pass(orders.payOrder, orderView),
    fulfil: pass(orders.fulfil, fulfillmentView),
    "mark-shipment": pass(orders.markShipment, orderView),
    deliver: (body) =>
      orderView(orders.markShipment({ ...(body as { order: string }), status: "delivered" })),
    collect: (body) =>
      orderView(orders.markShipment({ ...(body as { order: string }), status: "picked_up" })),
    "cancel-fulfillment": pass(orders.cancelFulfillment, orderView),
    "cancel-order": pass(orders.cancelOrder, orderView),
    refund: pass(orders.refundOrder, refundView),
    "edit-order": pass(orders.editOrder, orderView),
    "delete-order": pass(shops.deleteOrder),
    order: (body) => {
      const { order, ...rest } = z.object({ shop, order: z.string() }).parse(body);
      const found = shopNamed(rest.shop).orders.find(({ id, name }) => id === order || name === order);
      if (!found) throw new ControlError(`No order ${order}`);
      return orderView(found);
    },
    orders: withShop((of) => of.orders.map(orderView)),
    products: withShop((of) =>
      of.products.map((product) => ({ ...product, gid: gid("Product", product.id) })),
    ),
    customers: withShop((of) => of.customers),
    shop: withShop(shopView),
    shops: () => Object.values(state.shops).map(shopView),

    install: pass(shops.install, shopView),
    reinstall: pass(shops.install, shopView),
    uninstall: pass(shops.uninstall, shopView),
    "set-shop": pass(shops.setShop, shopView),
    "grant-scopes": pass(shops.grantScopes, shopView),
    "revoke-scopes": pass(shops.revokeScopes, shopView),
    "data-request": pass(shops.dataRequest),
    "redact-customer": pass(shops.redactCustomer),
    "redact-shop": pass(shops.redactShop),
    "update-product": pass(shops.updateProduct),
    "delete-product": pass(shops.deleteProduct),
    "add-products": pass(shops.addProducts),
    "update-customer": pass(shops.updateCustomer),

    token: (body) => {
      const given = z.object({ shop, kind: z.enum(["offline", "online"]).default("offline") }).parse(body);
      return deps.tokens.issue(shopNamed(given.shop), given.kind);
    },
    "session-token": (body) => {
      const given = z
        .object({ shop, user: z.string().optional(), seconds: z.number().int().optional() })
        .parse(body);
      const of = shopNamed(given.shop);
      const staff =
        of.staff.find(({ id, email }) => id === given.user || email === given.user) ?? of.staff[0]!;
      const { apiKey, now } = deps;
      return {
        token: makeSessionToken({
          shop: of.domain,
          userId: staff.id,
          apiKey,
          apiSecret: deps.apiSecret(),
          now: now(),
          seconds: given.seconds,
        }),
      };
    },
    "revoke-tokens": withShop((of) => deps.tokens.revoke(of)),
    "expire-tokens": (body) => {
      const given = z.object({ shop, refresh: z.boolean().default(false) }).parse(body);
      deps.tokens.expire(shopNamed(given.shop), given.refresh);
    },
    "set-token-life": (body) => {
      deps.tokenLife.seconds = z.object({ seconds: z.number().int().min(1) }).parse(body).seconds;
    },
    "rotate-secret": (body) => {
      deps.setApiSecret(z.object({ secret: z.string().min(8) }).parse(body).secret);
    },
    "open-app": (body) => {
      const given = z.object({ shop, path: z.string().startsWith("/").optional() }).parse(body);
      return deps.openApp(shopNamed(given.shop), given.path ?? "");
    },
    "drain-points": (body) => {
      const given = z.object({ shop, points: z.number().min(0).default(0) }).parse(body);
      deps.admin.drain(shopNamed(given.shop), given.points);
    },

    fault: (body) => {
      const fault: Fault = FaultInput.parse(body);
      state.faults.push(fault);
      store.changed();
      return state.faults;
    },
    "clear-faults": () => {
      state.faults.length = 0;
      store.changed();
    },
    "webhook-weather": (body) => Object.assign(webhooks.weather, Weather.parse(body)),
    "release-webhooks": (body) => ({ released: webhooks.release(Release.parse(body)) }),
    redeliver: (body) => webhooks.redeliver(z.object({ id: z.string() }).parse(body).id),
    deliveries: (body) => {
      const given = z.object({ shop, topic: z.string().optional() }).parse(body);
      const domain = given.shop === undefined ? undefined : shopNamed(given.shop).domain;
      return state.deliveries.filter(
        (each) => (!domain || each.shop === domain) && (!given.topic || each.topic === given.topic),
      );
    },
    settled: () => webhooks.settled(),

    "mail-weather": (body) =>
      Object.assign(
        mailEvents.weather,
        z
          .object({
            delay: z.number().min(0).optional(),
            duplicates: z.number().int().min(0).max(10).optional(),
            hold: z.boolean().optional(),
          })
          .parse(body),
      ),
    "mail-event": (body) => {
      const given = z.object({ mail: z.string(), type: z.enum(EVENT_TYPES) }).parse(body);
      const mail = state.mails.find(({ id, to }) => id === given.mail || addressOf(to[0]) === given.mail);
      if (!mail) throw new ControlError(`No mail ${given.mail}`);
      return mailEvents.emit(mail, given.type);
    },
    "mail-events": () => state.mailEvents,
    "release-mail-events": () => ({ released: mailEvents.release() }),
    "redeliver-mail-event": (body) => mailEvents.redeliver(z.object({ id: z.string() }).parse(body).id),
    "publish-dns": (body) => {
      const given = z
        .object({
          domain: z.string(),
          value: z.enum(["right", "wrong", "missing"]).default("right"),
          records: z.array(z.number().int()).optional(),
        })
        .parse(body);
      return deps.domains.publish(given.domain, given.value, given.records);
    },
    "set-mail-limit": (body) =>
      Object.assign(
        deps.mailLimit,
        z
          .object({
            perSecond: z.number().int().min(1).optional(),
            answerDelay: z.number().int().min(0).max(60_000).optional(),
          })
          .parse(body),
      ),
    "empty-mailbox": () => {
      state.mails.length = 0;
      state.mailRequests.length = 0;
      store.changed();
    },
  };
}

/** The table over HTTP. JSON only, so that no foreign web page can press these buttons with a plain form. */
export function controlRoutes(table: Record<string, Control>): Router {
  const router = express.Router();
  router.get(
    "/",
    (_req, res) => void res.json({ controls: Object.keys(table).map((name) => `POST /sandbox/${name}`) }),
  );
  router.use(express.json({ limit: "5mb" }));
  router.post(
    "/:name",
    waiting(async (req, res) => {
      const name = req.params.name!;
      const control = Object.hasOwn(table, name) ? table[name] : undefined;
      if (!control) return res.status(404).json({ error: `No control ${name}` });
      if (!req.is("application/json")) return res.status(415).json({ error: "Send JSON" });
      try {
        res.json((await control(req.body ?? {})) ?? { ok: true });
      } catch (error) {
        if (error instanceof z.ZodError) return res.status(422).json({ error: z.prettifyError(error) });
        if (error instanceof ControlError) return res.status(422).json({ error: error.message });
        throw error;
      }
    }),
  );
  return router;
}
