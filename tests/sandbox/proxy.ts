// The app behind a reverse proxy on its own loopback port, for a person's browser: the app is framed by a page on
// 127.0.0.1 instead of https://admin.shopify.com. Three things are rewritten, nothing else: the frame-ancestors header,
// the address of the App Bridge script, and redirects to https://admin.shopify.com.
import {
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from "node:http";

const APP_BRIDGE = "https://cdn.shopify.com/shopifycloud/app-bridge.js";
const ADMIN = "https://admin.shopify.com";

interface Options {
  appUrl: string;
  /** What stands for https://admin.shopify.com; absent = the app's answers pass untouched. */
  adminUrl?: string;
}

/** Passes requests on to the app. */
export function appProxy({ appUrl, adminUrl }: Options): (req: IncomingMessage, res: ServerResponse) => void {
  const target = new URL(appUrl);
  return (req, res) => {
    const headers: IncomingHttpHeaders = {
      ...req.headers,
      "x-forwarded-host": req.headers.host ?? "",
      "x-forwarded-proto": adminUrl ? "http" : "https",
    };
    // Pages are rewritten as text, so they must not come compressed.
    if (adminUrl) headers["accept-encoding"] = "identity";
    const up = request(
      {
        host: target.hostname,
        port: target.port,
        method: req.method,
        path: req.url,
        headers: headers as OutgoingHttpHeaders,
      },
      (answer) => {
        const sent = { ...answer.headers };
        const page = adminUrl !== undefined && String(sent["content-type"] ?? "").includes("text/html");
        if (adminUrl) rewriteHeaders(sent, adminUrl);
        if (!page) {
          res.writeHead(answer.statusCode ?? 502, sent);
          answer.pipe(res);
          return;
        }
        delete sent["content-length"];
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => {
          res.writeHead(answer.statusCode ?? 502, sent);
          res.end(
            Buffer.concat(chunks)
              .toString("utf8")
              .replaceAll(APP_BRIDGE, `${adminUrl}/shopifycloud/app-bridge.js`),
          );
        });
      },
    );
    up.on("error", () => {
      if (res.headersSent) return void res.destroy();
      res.writeHead(502, { "content-type": "text/html; charset=utf-8" });
      res.end(
        `<!doctype html><title>App not running</title><p>The app does not answer at ${target.origin}.</p>`,
      );
    });
    req.pipe(up);
  };
}

function rewriteHeaders(headers: IncomingHttpHeaders, adminUrl: string): void {
  const policy = headers["content-security-policy"];
  if (typeof policy === "string") {
    headers["content-security-policy"] = policy.replace(
      /frame-ancestors[^;]*/,
      `frame-ancestors ${adminUrl}`,
    );
  }
  if (typeof headers.link === "string")
    headers.link = headers.link.replaceAll(APP_BRIDGE, `${adminUrl}/shopifycloud/app-bridge.js`);
  if (headers.location?.startsWith(`${ADMIN}/`))
    headers.location = adminUrl + headers.location.slice(ADMIN.length);
}
