// A stand-in for Shopify and Resend over real HTTP, shared by the demo, the tests and anybody with curl.
import type { Server } from "node:http";
import express, { type ErrorRequestHandler } from "express";
import { controlRoutes, controlTable } from "#tests/sandbox/controls.ts";
import { close, listen, serve } from "#tests/sandbox/http.ts";
import { appProxy } from "#tests/sandbox/proxy.ts";
import { resendApi } from "#tests/sandbox/resend/api.ts";
import { domainApi } from "#tests/sandbox/resend/domains.ts";
import { mailEvents as makeMailEvents, type MailEvents } from "#tests/sandbox/resend/events.ts";
import { mailboxRoutes } from "#tests/sandbox/resend/mailbox.ts";
import type { Mail, MailRequest } from "#tests/sandbox/resend/types.ts";
import { adminApiRoutes } from "#tests/sandbox/shopify/admin-api-routes.ts";
import { adminApi } from "#tests/sandbox/shopify/graphql.ts";
import { launchQuery } from "#tests/sandbox/shopify/launch.ts";
import { ControlError, orderActions, type OrderActions } from "#tests/sandbox/shopify/orders.ts";
import { pageRoutes } from "#tests/sandbox/shopify/pages.ts";
import { seedShops } from "#tests/sandbox/shopify/seed.ts";
import { shopActions, type ShopActions } from "#tests/sandbox/shopify/shops.ts";
import { tokenIssuer, type Tokens } from "#tests/sandbox/shopify/tokens.ts";
import { defaultTomlFile, readAppConfig, type AppConfig } from "#tests/sandbox/shopify/toml.ts";
import type { Shop } from "#tests/sandbox/shopify/types.ts";
import { SHOPIFY_RETRIES, startWebhooks, type Webhooks } from "#tests/sandbox/shopify/webhooks.ts";
import { openStore, type State } from "#tests/sandbox/state.ts";
import { APP_HOST, chromiumArgs, tlsServer } from "#tests/sandbox/tls.ts";

/** The shop meant when a control names none. */
export const DEFAULT_SHOP = "acme-outdoor.myshopify.com";
/** The address book's way to write mails nobody verified a domain for. */
export const SHARED_DOMAIN = "mail.aftercare.test";

export interface SandboxOptions {
  host?: "127.0.0.1";
  /** 0 = a free port. `tls` is only opened when it is named. */
  ports?: { admin?: number; app?: number; mail?: number; tls?: number };
  /** Keeps the state in a JSON file there; absent = memory. */
  dataDir?: string;
  apiKey: string;
  apiSecret: string;
  /** Loopback address where the app's process listens. */
  appUrl: string;
  resendApiKey: string;
  resendWebhookSecret: string;
  /** Default: `<appUrl>/webhooks/resend`. */
  resendWebhookUrl?: string;
  /** The account's verified domain that needs no DNS work. */
  sharedDomain?: string;
  /** Default: the app's shopify.app.toml. */
  tomlFile?: string;
  /** Are the seeded shops installed already? Default true. */
  installed?: boolean;
  /** Life of offline access tokens in seconds; default 3600. */
  tokenSeconds?: number;
  /** The eight waits between webhook tries, in milliseconds; default Shopify's four hours. */
  webhookRetries?: number[];
  /** Resend's requests per second; default 10. */
  mailsPerSecond?: number;
  clock?: () => Date;
}

export interface Sandbox extends OrderActions, ShopActions {
  /** Page of the app inside the admin of the default shop. */
  adminUrl: string;
  /** Origin of Shopify: admin pages, Admin API, controls. What SANDBOX_SHOPIFY_URL must be set to. */
  shopifyUrl: string;
  /** Admin GraphQL API; the access token says which shop. */
  adminApiUrl: string;
  /** The app as a person's browser sees it inside the admin; SHOPIFY_APP_URL for that way in. */
  appProxyUrl: string;
  mailboxUrl: string;
  /** What RESEND_BASE_URL must be set to. */
  resendUrl: string;
  /** The way in for browser tests; undefined unless `ports.tls` was given. */
  tls: { port: number; appUrl: string; adminUrl: string; chromiumArgs: string[] } | undefined;
  /** Environment of the app's process that makes it talk to this sandbox. */
  env: Record<string, string>;
  shops: State["shops"];
  state: State;
  webhooks: Webhooks;
  mailEvents: MailEvents;
  tokens: Tokens;
  mails(): Mail[];
  mailRequests(): MailRequest[];
  /** Any control by its name in the URL, as over HTTP. */
  control(name: string, body?: unknown): Promise<unknown>;
  /** Opens the app's page as Shopify's iframe would, which makes it exchange its token. */
  openApp(shop?: string, path?: string): Promise<{ status: number; location: string | null; body: string }>;
  stop(): Promise<void>;
}

/** Starts everything. @throws with a plain sentence when a port is busy */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const host = options.host ?? "127.0.0.1";
  const now = options.clock ?? (() => new Date());
  const { apiKey } = options;
  let apiSecret = options.apiSecret;
  const secret = () => apiSecret;
  const tomlFile = options.tomlFile ?? defaultTomlFile();
  const config = cached(() => readAppConfig(tomlFile));
  const store = openStore(options.dataDir);
  if (Object.keys(store.state.shops).length === 0) {
    seedShops(store.state, now().toISOString(), config().scopes, options.installed ?? true);
    store.changed();
  }
  const shopNamed = (name: string | undefined): Shop => {
    const wanted = name ?? DEFAULT_SHOP;
    const shop = store.state.shops[wanted.includes(".") ? wanted : `${wanted}.myshopify.com`];
    if (!shop) throw new ControlError(`No shop ${wanted}`);
    return shop;
  };

  const tokenLife = { seconds: options.tokenSeconds ?? 3600 };
  const tokens = tokenIssuer({ store, apiKey, apiSecret: secret, now, seconds: () => tokenLife.seconds });
  const webhooks = startWebhooks({
    store,
    config,
    apiSecret: secret,
    appUrl: options.appUrl,
    retries: options.webhookRetries ?? SHOPIFY_RETRIES,
    now,
  });
  const orders = orderActions({ store, webhooks, now, shopNamed });
  const shops = shopActions({ store, webhooks, tokens, config, now, shopNamed });

  let shopifyUrl = "";
  const admin = adminApi({
    store,
    config,
    apiKey,
    now,
    imageUrl: (shop, product) => `${shopifyUrl}/images/${shop.handle}/${product.id}.svg`,
    revokeScopes: (shop, scopes) => void shops.revokeScopes({ shop: shop.domain, scopes }),
  });
  const sharedDomain = options.sharedDomain ?? SHARED_DOMAIN;
  const domains = domainApi(store, sharedDomain, now);
  const eventsUrl = options.resendWebhookUrl ?? new URL("/webhooks/resend", options.appUrl).href;
  const events = makeMailEvents(store, eventsUrl, options.resendWebhookSecret, now);
  const mailLimit = { perSecond: options.mailsPerSecond ?? 10, answerDelay: 0 };

  async function openApp(shop: Shop, path: string) {
    const query = launchQuery(shop, shop.staff[0]!, { apiKey, apiSecret, now: now() });
    const url = new URL(path || config().homePath, options.appUrl);
    for (const [key, value] of query) url.searchParams.set(key, value);
    const userAgent =
      "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0 Safari/537.36";
    const answer = await fetch(url, {
      headers: { "user-agent": userAgent, accept: "text/html" },
      redirect: "manual",
    });
    return { status: answer.status, location: answer.headers.get("location"), body: await answer.text() };
  }

  const table = controlTable({
    store,
    shopNamed,
    orders,
    shops,
    tokens,
    webhooks,
    admin,
    domains,
    mailEvents: events,
    apiKey,
    apiSecret: secret,
    setApiSecret: (value) => (apiSecret = value),
    now,
    tokenLife,
    mailLimit,
    openApp,
  });

  const ports = options.ports ?? {};
  const servers: Server[] = [];
  const start = async (handler: Parameters<typeof serve>[0], port = 0) => {
    const started = await serve(handler, port, host);
    servers.push(started.server);
    return `http://${host}:${started.port}`;
  };

  const shopify = express();
  const mail = express();
  for (const server of [shopify, mail]) server.disable("x-powered-by").set("etag", false);
  let appProxyUrl = "";
  let adminOrigins = { loopback: "", tls: "https://admin.shopify.com" };
  shopify.use("/sandbox", controlRoutes(table));
  shopify.use("/admin", adminApiRoutes({ store, tokens, admin, config }));
  shopify.use(
    pageRoutes({
      store,
      config,
      shopNamed,
      shops,
      apiKey,
      apiSecret: secret,
      now,
      origins: () => adminOrigins,
      appOrigin: (viaTls) => (viaTls ? `https://${APP_HOST}` : appProxyUrl),
      mailboxUrl: () => mailboxUrl,
    }),
  );
  mail.use("/sandbox", controlRoutes(table));
  mail.use(mailboxRoutes({ store, domains, shopifyUrl: () => shopifyUrl, appUrl: options.appUrl }));
  mail.use(
    resendApi({ store, domains, events, apiKey: options.resendApiKey, sharedDomain, now, limit: mailLimit }),
  );

  for (const server of [shopify, mail]) server.use(answerError);

  const started = await Promise.allSettled([start(shopify, ports.admin), start(mail, ports.mail)]);
  const failed = started.find((each) => each.status === "rejected");
  if (failed) {
    await Promise.all(servers.map(close));
    throw failed.reason;
  }
  shopifyUrl = (started[0] as PromiseFulfilledResult<string>).value;
  const resendUrl = (started[1] as PromiseFulfilledResult<string>).value;
  const mailboxUrl = `${resendUrl}/mailbox`;
  adminOrigins = { ...adminOrigins, loopback: shopifyUrl };
  try {
    appProxyUrl = await start(appProxy({ appUrl: options.appUrl, adminUrl: shopifyUrl }), ports.app);
  } catch (error) {
    await Promise.all(servers.map(close));
    throw error;
  }
  const handle = shopNamed(undefined).handle;
  const appPath = `/store/${handle}/apps/${config().handle}`;

  let tls: Sandbox["tls"];
  if (ports.tls !== undefined) {
    const server = await tlsServer({ admin: shopify, app: appProxy({ appUrl: options.appUrl }) });
    const port = await listen(server, ports.tls, host);
    servers.push(server);
    tls = {
      port,
      appUrl: `https://${APP_HOST}`,
      adminUrl: `https://admin.shopify.com${appPath}`,
      chromiumArgs: chromiumArgs(port),
    };
  }

  return {
    ...orders,
    ...shops,
    adminUrl: shopifyUrl + appPath,
    shopifyUrl,
    adminApiUrl: `${shopifyUrl}/admin/api/${config().apiVersion}/graphql.json`,
    appProxyUrl,
    mailboxUrl,
    resendUrl,
    tls,
    env: {
      SHOPIFY_API_KEY: apiKey,
      SHOPIFY_API_SECRET: apiSecret,
      SHOPIFY_APP_URL: tls?.appUrl ?? appProxyUrl,
      SANDBOX_SHOPIFY_URL: shopifyUrl,
      RESEND_BASE_URL: resendUrl,
      RESEND_API_KEY: options.resendApiKey,
      RESEND_WEBHOOK_SECRET: options.resendWebhookSecret,
      MAIL_SHARED_DOMAIN: sharedDomain,
    },
    shops: store.state.shops,
    state: store.state,
    webhooks,
    mailEvents: events,
    tokens,
    mails: () => store.state.mails,
    mailRequests: () => store.state.mailRequests,
    async control(name, body = {}) {
      const run = table[name];
      if (!run) throw new ControlError(`No control ${name}`);
      return run(body);
    },
    openApp: (shop, path = "") => openApp(shopNamed(shop), path),
    async stop() {
      await Promise.all([webhooks.stop(), events.stop()]);
      await Promise.all(servers.map(close));
      store.close();
    },
  };
}

/** The toml is read again when it may have changed, at most once a second. */
function cached(read: () => AppConfig): () => AppConfig {
  let value: AppConfig | undefined;
  let at = 0;
  return () => {
    const time = performance.now();
    if (!value || time - at > 1000) {
      value = read();
      at = time;
    }
    return value;
  };
}

const answerError: ErrorRequestHandler = (error: Error & { status?: number }, _req, res, next) => {
  if (res.headersSent) return next(error);
  res.status(error instanceof ControlError ? 404 : (error.status ?? 500)).json({ error: error.message });
};
