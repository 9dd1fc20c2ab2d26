import { fileURLToPath } from "node:url";
import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";

// What runs in Node from source stays outside the server bundle, so that a process has one instance of it (one pool, one vault).
const fromSource = /^#app\/(?:platform|features|connectors)\/.*\.ts$|^#app\/(?:shopify|session)\.server\.ts$/;

// Its AppProvider must share the one Polaris of the pages, or they don't see its context: bundled, as Polaris is. (Vite's
// ssr.noExternal knows whole packages only, and this one's server half must stay outside.)
const provider = "@shopify/shopify-app-remix/react";

export default defineConfig(({ isSsrBuild }) => ({
  plugins: [
    {
      name: "server-from-source",
      enforce: "pre",
      resolveId: (id, _importer, options) =>
        options.ssr && fromSource.test(id) ? { id, external: true } : null,
    },
    {
      name: "provider-with-its-pages",
      enforce: "pre",
      resolveId: (id, _importer, options) =>
        options.ssr && id === provider ? fileURLToPath(import.meta.resolve(provider)) : null,
    },
    remix({
      appDirectory: "app",
      ignoredRouteFiles: ["**/*.test.*"],
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_lazyRouteDiscovery: false,
        v3_singleFetch: false,
        v3_routeConfig: false,
      },
    }),
  ],
  build: { assetsInlineLimit: 0, target: isSsrBuild ? "node24" : undefined },
  ssr: { noExternal: ["@shopify/polaris"] },
}));
