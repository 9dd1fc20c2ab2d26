// What a merchant's developer starts from: a Remix app on Express with one route, which lets Shopify's library check the webhook and
// load the shop's session from the database, and stores the payload through Prisma before it answers. No encryption.
import "@shopify/shopify-app-remix/adapters/node";
import { createRequestHandler } from "@remix-run/express";
import type { ActionFunctionArgs, ServerBuild } from "@remix-run/node";
import { PrismaPg } from "@prisma/adapter-pg";
import { Session } from "@shopify/shopify-api";
import { ApiVersion, shopifyApp } from "@shopify/shopify-app-remix/server";
import express from "express";
import { PrismaClient } from "#app/platform/db/generated/client.ts";
import { overTheWall } from "#tests/setup/wall.ts";

const {
  PORT,
  DATABASE_URL = "",
  SHOPIFY_API_KEY,
  SHOPIFY_API_SECRET = "",
  SHOPIFY_APP_URL = "",
} = process.env;
const prisma = new PrismaClient({
  adapter: new PrismaPg({ connectionString: overTheWall(DATABASE_URL), max: 10 }),
});

const shopDomain = "lumen.myshopify.com";
const sessionId = `offline_${shopDomain}`;
const session = {
  id: sessionId,
  shop: shopDomain,
  state: "",
  isOnline: false,
  accessToken: "shpat_bench",
  scope: "read_orders",
};
const shop = await prisma.shop.create({ data: { domain: shopDomain, name: "Lumen", settings: {} } });
await prisma.session.create({
  data: { shopId: shop.id, sessionId, online: false, contentSealed: Buffer.from(JSON.stringify(session)) },
});

const shopify = shopifyApp({
  apiKey: SHOPIFY_API_KEY,
  apiSecretKey: SHOPIFY_API_SECRET,
  appUrl: SHOPIFY_APP_URL,
  apiVersion: ApiVersion.October26,
  sessionStorage: {
    storeSession: () => Promise.resolve(true),
    deleteSession: () => Promise.resolve(true),
    deleteSessions: () => Promise.resolve(true),
    findSessionsByShop: () => Promise.resolve([]),
    async loadSession(id) {
      const row = await prisma.session.findUnique({
        where: { shopId_sessionId: { shopId: shop.id, sessionId: id } },
      });
      return row
        ? new Session(JSON.parse(Buffer.from(row.contentSealed).toString("utf8")) as typeof session)
        : undefined;
    },
  },
});

async function action({ request }: ActionFunctionArgs): Promise<Response> {
  const { topic, shop, payload, webhookId } = await shopify.authenticate.webhook(request);
  await prisma.inbox.createMany({
    data: {
      source: "shopify",
      topic,
      shopDomain: shop,
      webhookId,
      bodySealed: Buffer.from(JSON.stringify(payload)),
    },
    skipDuplicates: true,
  });
  return new Response();
}

const route = { id: "routes/webhooks", path: "webhooks/*", parentId: "root", module: { action } };
const root = { id: "root", path: "", module: { default: () => null } };
const assets = { version: "1", url: "/manifest.js", entry: { module: "/entry.js", imports: [] }, routes: {} };
const build = {
  mode: "production",
  entry: { module: { default: () => new Response() } },
  routes: { root, [route.id]: route },
  assets,
  publicPath: "/",
  assetsBuildDirectory: "",
  future: {
    v3_fetcherPersist: true,
    v3_relativeSplatPath: true,
    v3_throwAbortReason: true,
    v3_lazyRouteDiscovery: false,
    v3_singleFetch: false,
    v3_routeConfig: false,
    unstable_optimizeDeps: false,
  },
  isSpaMode: false,
} as unknown as ServerBuild;

const answer = createRequestHandler({ build, mode: "production" });
const app = express();
app.get("/health/ready", (_req, res) => void res.end("ready"));
app.all("*", (req, res, next) => void answer(req, res, next));
const server = app.listen(Number(PORT), "127.0.0.1");
process.once("SIGTERM", () => {
  server.close(() => void prisma.$disconnect());
  server.closeAllConnections();
});
