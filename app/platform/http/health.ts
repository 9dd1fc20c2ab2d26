import type { IncomingMessage, ServerResponse } from "node:http";
import { findPlatformKey } from "#app/platform/crypto/keystore.ts";
import { rawPool } from "#app/platform/db/db.ts";
import { describeFailure } from "#app/platform/errors.ts";
import { refuseUnmigrated } from "#app/platform/installation.ts";
import { log } from "#app/platform/log.ts";
import { metrics } from "#app/platform/metrics.ts";

const CHECK_TIMEOUT_MS = 3_000;

/** What has to work for this process to be of use. Each throws when it does not. */
const checks = {
  database: () => rawPool().query("SELECT 1"),
  keys: () => findPlatformKey("health", false),
  migrations: refuseUnmigrated,
} satisfies Record<string, () => Promise<unknown>>;

/** Answers `/health/live`, `/health/ready` and `/metrics`; false for every other address. */
export function answerHealth(req: IncomingMessage, res: ServerResponse, isStopping: () => boolean): boolean {
  const path = (req.url ?? "").split("?", 1)[0];
  if (path === "/health/live") send(res, 200, { live: true });
  else if (path === "/health/ready") void answerReady(res, isStopping());
  else if (path === "/metrics" && !cameThroughProxy(req)) void answerMetrics(res);
  else return false;
  return true;
}

/**
 * Metrics are for those who reach the port itself, on the machine or in its private network. Whatever comes from outside comes
 * through a proxy, which must say so anyway (see refusePlainHttp).
 */
function cameThroughProxy(req: IncomingMessage): boolean {
  return ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded", "via"].some(
    (name) => req.headers[name] !== undefined,
  );
}

async function answerReady(res: ServerResponse, stopping: boolean): Promise<void> {
  const names = Object.keys(checks) as (keyof typeof checks)[];
  const results = await Promise.all(names.map(async (name) => [name, await passes(name)] as const));
  const ready = !stopping && results.every(([, ok]) => ok);
  send(res, ready ? 200 : 503, { ready, ...(stopping ? { stopping } : {}), ...Object.fromEntries(results) });
}

async function passes(name: keyof typeof checks): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, CHECK_TIMEOUT_MS, new Error("no answer in time"));
  });
  try {
    await Promise.race([checks[name](), late]);
    return true;
  } catch (error) {
    log.warn({ check: name, error: describeFailure(error) }, "not ready");
    return false;
  } finally {
    clearTimeout(timer);
  }
}

async function answerMetrics(res: ServerResponse): Promise<void> {
  try {
    const text = await metrics.metrics();
    res.writeHead(200, { "content-type": metrics.contentType }).end(text);
  } catch (error) {
    log.error({ error: describeFailure(error) }, "metrics failed");
    res.writeHead(500).end();
  }
}

function send(res: ServerResponse, status: number, body: object): void {
  res
    .writeHead(status, { "content-type": "application/json", "cache-control": "no-store" })
    .end(`${JSON.stringify(body)}\n`);
}
