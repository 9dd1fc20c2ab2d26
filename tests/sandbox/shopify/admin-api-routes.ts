import express, { type Request, type Response, type Router } from "express";
import { playFault, takeFault } from "#tests/sandbox/faults.ts";
import { waiting } from "#tests/sandbox/http.ts";
import type { AdminApi } from "#tests/sandbox/shopify/graphql.ts";
import type { Tokens } from "#tests/sandbox/shopify/tokens.ts";
import type { AppConfig } from "#tests/sandbox/shopify/toml.ts";
import type { Shop } from "#tests/sandbox/shopify/types.ts";
import type { Store } from "#tests/sandbox/state.ts";

interface Options {
  store: Store;
  tokens: Tokens;
  admin: AdminApi;
  config: () => AppConfig;
}

const UNKNOWN_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)";
const UNAVAILABLE = {
  frozen: [402, "Unavailable Shop"],
  locked: [423, "[API] Shop is unavailable"],
} as const;

/** `https://{shop}/admin/oauth/access_token` and `/admin/api/{version}/graphql.json`. */
export function adminApiRoutes({ store, tokens, admin, config }: Options): Router {
  const router = express.Router();
  // The shop is the host of the address; a caller without that host (a curl) is known by its token.
  const shopOf = (req: Request): Shop | undefined => {
    const host = req.get("x-sandbox-host") ?? req.get("x-shopify-shop-domain") ?? req.hostname;
    return store.state.shops[host];
  };
  const unavailable = (shop: Shop, res: Response): boolean => {
    if (shop.status === "active") return false;
    const [status, errors] = UNAVAILABLE[shop.status];
    res.status(status).json({ errors });
    return true;
  };

  router.use((req, res, next) => {
    const fault = takeFault(store, "shopify", req.path);
    if (fault?.kind === "throttle") {
      res.json({ errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }] });
      return;
    }
    if (!playFault(fault, req, res)) next();
  });
  router.use(express.json({ limit: "10mb" }));

  router.post("/oauth/access_token", (req, res) => {
    const shop = shopOf(req);
    if (!shop) return void res.status(404).json({ errors: "Not Found" });
    if (unavailable(shop, res)) return;
    const answer = tokens.grant(shop, (req.body ?? {}) as Record<string, unknown>);
    res.status(answer.status).json(answer.body);
  });

  router.post(
    "/api/:version/graphql.json",
    waiting(async (req, res) => {
      const token = tokens.use(req.get("x-shopify-access-token") ?? "");
      const shop = shopOf(req) ?? (token && store.state.shops[token.shop]);
      if (!token || !shop || token.shop !== shop.domain)
        return res.status(401).json({ errors: UNKNOWN_TOKEN });
      if (unavailable(shop, res)) return;
      const version = req.params.version!;
      if (version !== config().apiVersion) return res.status(404).json({ errors: "Not Found" });
      const answer = await admin.run(shop, token, (req.body ?? {}) as Record<string, unknown>);
      res.set("x-shopify-api-version", version).status(answer.status).json(answer.body);
    }),
  );

  router.use((_req, res) => void res.status(404).json({ errors: "Not Found" }));
  return router;
}
