// What a browser sees of Shopify: the admin around the app, the shop's orders, its storefront, pictures, the log.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import express, { type Request, type Router } from "express";
import { html } from "#tests/sandbox/html.ts";
import { gid } from "#tests/sandbox/shopify/payloads.ts";
import { makeSessionToken } from "#tests/sandbox/shopify/session-token.ts";
import { findProducts, type ShopActions } from "#tests/sandbox/shopify/shops.ts";
import { launchQuery } from "#tests/sandbox/shopify/launch.ts";
import { frame } from "#tests/sandbox/shopify/frame.ts";
import { picture } from "#tests/sandbox/shopify/pictures.ts";
import { deliveriesPage } from "#tests/sandbox/shopify/deliveries-page.ts";
import { ordersPage } from "#tests/sandbox/shopify/orders-page.ts";
import { installPage, shellPage, shopsPage } from "#tests/sandbox/shopify/shell-page.ts";
import { storefrontPage } from "#tests/sandbox/shopify/storefront-page.ts";
import type { AppConfig } from "#tests/sandbox/shopify/toml.ts";
import type { Product, Shop, Staff } from "#tests/sandbox/shopify/types.ts";
import type { Store } from "#tests/sandbox/state.ts";

const browser = join(dirname(fileURLToPath(import.meta.url)), "..", "browser");

export interface PageDeps {
  store: Store;
  config: () => AppConfig;
  shopNamed: (name: string | undefined) => Shop;
  shops: ShopActions;
  apiKey: string;
  apiSecret: () => string;
  now: () => Date;
  origins: () => { loopback: string; tls: string };
  appOrigin: (viaTls: boolean) => string;
  mailboxUrl: () => string;
}

const viaTls = (req: Request) => "encrypted" in req.socket;

export function pageRoutes(deps: PageDeps): Router {
  const { store, config, shopNamed, shops } = deps;
  const router = express.Router();
  const file = (name: string, type: string) =>
    void router.get(
      `/assets/${name}`,
      (_req, res) =>
        void res
          .type(type)
          .set("cache-control", "no-cache")
          .send(readFileSync(join(browser, name))),
    );
  file("shell.js", "js");
  file("picker.js", "js");
  file("shell.css", "css");
  file("store.css", "css");
  file("store.js", "js");

  // The script knows which page frames the app, because its address is all it has in common with it.
  router.get("/shopifycloud/app-bridge.js", (req, res) => {
    const origins = deps.origins();
    const admin = viaTls(req) ? origins.tls : origins.loopback;
    const parts = readdirSync(join(browser, "bridge")).sort();
    const script = parts
      .map((name) => readFileSync(join(browser, "bridge", name), "utf8"))
      .join("\n")
      .replace("__ADMIN_ORIGIN__", admin);
    res
      .type("js")
      .set("cache-control", "no-cache")
      .set("cross-origin-resource-policy", "cross-origin")
      .send(script);
  });

  router.get("/images/:handle/:file", (req, res) => {
    const product = shopNamed(req.params.handle).products.find(({ id }) => `${id}.svg` === req.params.file);
    if (!product) return void res.status(404).end();
    res
      .type("svg")
      .set("access-control-allow-origin", "*")
      .set("cross-origin-resource-policy", "cross-origin")
      .send(picture(product));
  });

  router.get("/favicon.ico", (_req, res) => void res.status(204).end());
  router.get("/", (_req, res) => void res.send(shopsPage(deps).text));
  router.get("/deliveries", (_req, res) => void res.send(deliveriesPage(store).text));
  router.get("/deliveries.json", (_req, res) => void res.json({ deliveries: store.state.deliveries }));

  router.use("/store/:handle", (req, res, next) => {
    const shop = store.state.shops[`${req.params.handle}.myshopify.com`];
    if (!shop)
      return void res.status(404).send(
        html`<!doctype html><title>No such shop</title>
          <h1>No shop ${req.params.handle}</h1>`.text,
      );
    res.locals.shop = shop;
    next();
  });
  router.get("/store/:handle", (req, res) =>
    res.redirect(`/store/${req.params.handle}/apps/${config().handle}`),
  );
  router.get(
    "/store/:handle/storefront",
    (_req, res) => void res.send(storefrontPage(res.locals.shop as Shop, deps).text),
  );
  router.get(
    "/store/:handle/orders",
    (_req, res) => void res.send(ordersPage(res.locals.shop as Shop, deps).text),
  );

  // What the shell's script asks for on behalf of the app. JSON only, see controls.ts.
  router.use("/store/:handle/shell", express.json(), (req, res, next) => {
    if (req.method === "POST" && !req.is("application/json")) return void res.status(415).end();
    next();
  });
  router.post("/store/:handle/shell/token", (req, res) => {
    const shop = res.locals.shop as Shop;
    const { apiKey, now } = deps;
    res.json({
      token: makeSessionToken({
        shop: shop.domain,
        userId: staffOf(req, shop).id,
        apiKey,
        apiSecret: deps.apiSecret(),
        now: now(),
      }),
    });
  });
  router.get("/store/:handle/shell/picker", (req, res) => {
    const shop = res.locals.shop as Shop;
    const text = String(req.query.text ?? "");
    const query = String(req.query.query ?? "");
    res.json({
      items: pickerItems(
        shop,
        String(req.query.type),
        text,
        query,
        deps.origins()[viaTls(req) ? "tls" : "loopback"],
      ),
    });
  });
  router.get("/store/:handle/shell/launch", (req, res) => {
    const shop = res.locals.shop as Shop;
    res.json({
      url: launchUrl(
        shop,
        staffOf(req, shop),
        String(req.query.path ?? ""),
        deps.appOrigin(viaTls(req)),
        deps,
      ),
    });
  });
  router.get(
    "/store/:handle/shell/scopes",
    (_req, res) => void res.json(scopesDetail(res.locals.shop as Shop)),
  );
  router.post("/store/:handle/shell/scopes", (req, res) => {
    const shop = res.locals.shop as Shop;
    const { grant, revoke } = req.body as { grant?: string[]; revoke?: string[] };
    if (grant?.length) shops.grantScopes({ shop: shop.domain, scopes: grant });
    if (revoke?.length) shops.revokeScopes({ shop: shop.domain, scopes: revoke });
    res.json(scopesDetail(shop));
  });
  router.post("/store/:handle/shell/install", (_req, res) => {
    shops.install({ shop: (res.locals.shop as Shop).domain });
    res.json({ ok: true });
  });
  router.post("/store/:handle/shell/staff", (req, res) => {
    const { id } = req.body as { id: string };
    res.cookie("staff", id, { sameSite: "lax", httpOnly: true }).json({ ok: true });
  });

  router.get(["/store/:handle/apps/:app", "/store/:handle/apps/:app/*"], (req, res) => {
    const shop = res.locals.shop as Shop;
    const prefix = `/store/${shop.handle}/apps/${req.params.app}`;
    const path = req.originalUrl.slice(prefix.length) || "";
    res.set("cache-control", "no-store");
    if (!shop.installed) return void res.send(installPage(shop, deps).text);
    const staff = staffOf(req, shop);
    const app = deps.appOrigin(viaTls(req));
    res.send(
      shellPage({ shop, staff, prefix, path, app, launch: launchUrl(shop, staff, path, app, deps), deps })
        .text,
    );
  });
  router.get("/store/:handle/*", (req, res) => {
    res
      .status(404)
      .send(
        frame(
          res.locals.shop as Shop,
          "Not part of the sandbox",
          html`<p>
            Shopify's admin has a page at <code>${req.path}</code>; the sandbox plays only what the app needs.
          </p>`,
          deps,
        ).text,
      );
  });
  return router;

  function scopesDetail(shop: Shop) {
    return { granted: shop.scopes, required: config().scopes, optional: config().optionalScopes };
  }
}

/** The address of the iframe: a path of the app with what Shopify adds to it. */
function launchUrl(
  shop: Shop,
  staff: Staff,
  path: string,
  app: string,
  { config, apiKey, apiSecret, now }: PageDeps,
): string {
  const url = new URL(path || config().homePath, app);
  for (const [key, value] of launchQuery(shop, staff, { apiKey, apiSecret: apiSecret(), now: now() }))
    url.searchParams.set(key, value);
  return url.href;
}

function staffOf(req: Request, shop: Shop): Staff {
  const id = /(?:^|;\s*)staff=(\d+)/.exec(req.headers.cookie ?? "")?.[1];
  return shop.staff.find((each) => each.id === id) ?? shop.staff[0]!;
}

/** Resources in the shapes App Bridge's picker returns. */
function pickerItems(shop: Shop, type: string, text: string, query: string, origin: string): unknown[] {
  if (type === "collection") {
    return shop.collections
      .filter(({ title }) => title.toLowerCase().includes(text.trim().toLowerCase()))
      .map((each) => ({
        id: gid("Collection", each.id),
        title: each.title,
        handle: each.handle,
        description: "",
        descriptionHtml: "",
        image: null,
        productsCount: each.productIds.length,
        seo: {},
        sortOrder: "BEST_SELLING",
        updatedAt: each.updatedAt,
      }));
  }
  const products = findProducts(shop, text, query).map((each) => pickerProduct(shop, each, origin));
  if (type === "variant") {
    return products.flatMap((product) =>
      product.variants.map((variant) => ({
        ...variant,
        image: product.images[0],
        product: { id: product.id, title: product.title },
      })),
    );
  }
  return products;
}

function pickerProduct(shop: Shop, each: Product, origin: string) {
  const originalSrc = `${origin}/images/${shop.handle}/${each.id}.svg`;
  return {
    id: gid("Product", each.id),
    title: each.title,
    handle: each.handle,
    descriptionHtml: each.descriptionHtml,
    hasOnlyDefaultVariant: each.variants.length === 1,
    images: [{ id: gid("ProductImage", each.image.id), altText: each.title, originalSrc }],
    options: [],
    productType: each.productType,
    status: each.status,
    tags: each.tags,
    totalInventory: 40 * each.variants.length,
    totalVariants: each.variants.length,
    tracksInventory: true,
    vendor: each.vendor,
    createdAt: each.createdAt,
    updatedAt: each.updatedAt,
    variants: each.variants.map((variant, index) => ({
      id: gid("ProductVariant", variant.id),
      title: variant.title,
      displayName: `${each.title} - ${variant.title}`,
      sku: variant.sku,
      price: variant.price,
      position: index + 1,
      availableForSale: true,
      inventoryQuantity: 40,
      product: { id: gid("Product", each.id), title: each.title },
    })),
  };
}
