import "@shopify/shopify-app-remix/adapters/node";
import { ApiVersion, AppDistribution, shopifyApp } from "@shopify/shopify-app-remix/server";
import { sessionStorage } from "#app/features/shops/sessions.server.ts";
import { installed } from "#app/features/shops/install.server.ts";
import { env } from "#app/platform/env.ts";

const shopify = shopifyApp({
  apiKey: env().SHOPIFY_API_KEY,
  apiSecretKey: env().SHOPIFY_API_SECRET,
  apiVersion: ApiVersion.October26,
  appUrl: env().SHOPIFY_APP_URL,
  authPathPrefix: "/auth",
  sessionStorage,
  distribution: AppDistribution.AppStore,
  hooks: {
    // Runs at every token exchange, about hourly: must stay idempotent.
    afterAuth: ({ session }) => installed(session),
  },
  future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
});

export const { addDocumentResponseHeaders, authenticate, login } = shopify;
