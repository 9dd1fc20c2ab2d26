import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";
import helmet from "helmet";
import { withOrigin } from "#app/platform/http/origin.ts";
import { log, withLogContext } from "#app/platform/log.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * Refuses pages over plain HTTP: they carry session tokens. TLS ends at a proxy, so that says how the request came. A host that
 * is the machine itself needs none: nothing leaves it.
 */
export const refusePlainHttp: RequestHandler = (req, res, next) => {
  if (req.secure || LOOPBACK.test(req.headers.host ?? "")) return next();
  res
    .status(403)
    .type("text")
    .send("This address needs https. Behind a proxy, let it send the header X-Forwarded-Proto.\n");
};

/** Gives each request an id, which its log lines and its answer carry, and writes one line when it is answered. */
export const logRequest: RequestHandler = (req, res, next) => {
  const given = req.get("x-request-id");
  const request = given && /^[\w.-]{8,64}$/.test(given) ? given : randomUUID();
  const started = performance.now();
  res.setHeader("x-request-id", request);
  withLogContext({ request }, () => {
    res.once("close", () => {
      // Never the query: it carries tokens.
      const line = {
        method: req.method,
        path: req.originalUrl.split("?", 1)[0],
        status: res.statusCode,
        ms: Math.round(performance.now() - started),
      };
      if (res.writableFinished) log.info(line, "request");
      else log.info({ ...line, aborted: true }, "request");
    });
    withOrigin(req.ip ?? "", next);
  });
};

/** Where nobody said otherwise: only Shopify's admin may frame us, and no cache keeps a merchant's data. */
const FRAMED_BY_DEFAULT = "frame-ancestors https://admin.shopify.com";

/** Headers that make browsers careful. Framing is allowed per shop, by Shopify's library; it must not be forbidden here. */
export const securityHeaders: RequestHandler[] = [
  helmet({
    contentSecurityPolicy: false,
    frameguard: false,
    crossOriginOpenerPolicy: { policy: "same-origin-allow-popups" },
    referrerPolicy: { policy: "strict-origin-when-cross-origin" },
  }),
  (_req, res, next) => {
    // Set as late as possible: Remix adds its headers to those that are there, and of two policies a browser obeys both.
    const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => typeof res;
    res.writeHead = ((...args: unknown[]) => {
      if (!res.hasHeader("content-security-policy"))
        res.setHeader("content-security-policy", FRAMED_BY_DEFAULT);
      if (!res.hasHeader("cache-control")) res.setHeader("cache-control", "no-store");
      return writeHead(...args);
    }) as typeof res.writeHead;
    next();
  },
];
