// One loopback HTTPS server plays admin.shopify.com, cdn.shopify.com and the app's host for browser tests, so that the
// app's real headers meet real origins.
import { createServer, type Server } from "node:https";
import { generate } from "selfsigned";
import type { RequestListener } from "node:http";

/** The host under which browser tests see the app. */
export const APP_HOST = "app.test";

export interface TlsHosts {
  admin: RequestListener;
  app: RequestListener;
}

/** A server with a certificate made now (never stored). */
export async function tlsServer(hosts: TlsHosts): Promise<Server> {
  const pems = await generate([{ name: "commonName", value: "sandbox" }], {
    keySize: 2048,
    extensions: [
      {
        name: "subjectAltName",
        altNames: ["admin.shopify.com", "cdn.shopify.com", APP_HOST].map((value) => ({ type: 2, value })),
      },
    ],
  });
  return createServer({ key: pems.private, cert: pems.cert }, (req, res) => {
    const host = (req.headers.host ?? "").split(":")[0];
    (host === APP_HOST ? hosts.app : hosts.admin)(req, res);
  });
}

/** What Chromium must be started with to find these hosts here, and nothing else anywhere. */
export function chromiumArgs(port: number): string[] {
  const rules = ["admin.shopify.com", "cdn.shopify.com", APP_HOST].map(
    (host) => `MAP ${host}:443 127.0.0.1:${port}`,
  );
  return [`--host-resolver-rules=${[...rules, "MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1"].join(", ")}`];
}
