import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";

// What runs in Node from source stays outside the server bundle, so that a process has one instance of it (one pool, one vault).
const fromSource = /^#app\/(?:platform|features|connectors)\/.*\.ts$|^#app\/(?:shopify|session)\.server\.ts$/;

export default defineConfig(({ isSsrBuild }) => ({
  plugins: [
    {
      name: "server-from-source",
      enforce: "pre",
      resolveId: (id, _importer, options) =>
        options.ssr && fromSource.test(id) ? { id, external: true } : null,
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
