// Remix and its assets on Express.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createRequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";
import compression from "compression";
import express, { type ErrorRequestHandler, type Express } from "express";
import { AppError, describeFailure, traceOf } from "#app/platform/errors.ts";
import { logRequest, refusePlainHttp, securityHeaders } from "#app/platform/http/guards.ts";
import { log } from "#app/platform/log.ts";

const built = fileURLToPath(new URL("../build", import.meta.url));

/**
 * The pages as they were built.
 * @throws AppError unavailable when they are not built
 */
export async function openPages(mode: string): Promise<Express> {
  const entry = `${built}/server/index.js`;
  if (!existsSync(entry))
    throw new AppError("unavailable", "The pages are not built yet: run npm run build.");
  const build = (await import(entry)) as ServerBuild;
  const app = express();
  app.disable("x-powered-by");
  // Only proxies of the machine and its private network may say where a request came from.
  app.set("trust proxy", "loopback, linklocal, uniquelocal");
  app.use(compression());
  app.use(securityHeaders);
  // File names of assets change with their content.
  app.use(
    "/assets",
    express.static(`${built}/client/assets`, { immutable: true, maxAge: "1y", fallthrough: false }),
  );
  // Browsers ask for this one where a page names none.
  app.get("/favicon.ico", (_req, res) => res.sendFile(`${built}/client/favicon.svg`, { maxAge: "1h" }));
  app.use(express.static(`${built}/client`, { maxAge: "1h", index: false }));
  app.use(logRequest);
  if (mode === "production") app.use(refusePlainHttp);
  // The link of a mail is its own permission, and mail programs post it from pages of theirs: Remix would take that for a forgery.
  app.use(["/unsubscribe", "/helped", "/alerts"], (req, _res, next) => {
    delete req.headers.origin;
    next();
  });
  const answerPage = createRequestHandler({ build, mode });
  app.all("*", (req, res, next) => void answerPage(req, res, next));
  app.use(answerError);
  return app;
}

const answerError: ErrorRequestHandler = (error: { status?: unknown }, _req, res, next) => {
  const status = typeof error.status === "number" && error.status < 500 ? error.status : 500;
  if (status === 500) log.error({ error: describeFailure(error), trace: traceOf(error) }, "request failed");
  if (res.headersSent) return next(error);
  res
    .status(status)
    .type("text")
    .send(status === 404 ? "Not found\n" : "Something went wrong.\n");
};
