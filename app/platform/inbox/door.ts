// Guarantee: 200 only when the webhook is committed; a rightly signed one of bearable size is never refused while the database
// stands; nothing unsigned or cut short is ever stored. Shopify removes a subscription after 8 answers other than 2xx.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Counter, Histogram } from "prom-client";
import { systemClock, type Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/db/ids.ts";
import { describeFailure, traceOf } from "#app/platform/errors.ts";
import { announcedLength, readBody } from "#app/platform/inbox/body.ts";
import { Budget } from "#app/platform/inbox/budget.ts";
import { inboxKey, sealBody } from "#app/platform/inbox/keys.ts";
import type { WebhookSource } from "#app/platform/inbox/sources.ts";
import type { InboxStore } from "#app/platform/inbox/store.ts";
import { log } from "#app/platform/log.ts";
import { metrics } from "#app/platform/metrics.ts";

/** Most bytes of a webhook's body; more is answered with 413 while it is being read. */
export const BODY_LIMIT = 10 * 1024 * 1024;

const READ_TIMEOUT_MS = 10_000;
const SMALL = 256 * 1024;
const LANE_BYTES = 64 * 1024 * 1024;
const LINGER_MS = 2_000;
const LINGER_BYTES = 4 * BODY_LIMIT;

export type Door = {
  /** Whether the request is ours to answer. */
  owns(req: IncomingMessage): boolean;
  /** Answers it. Never rejects. */
  answer(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Whether a broken connection was in the middle of a webhook: what arrived is a truncated one. */
  wasReading(socket: Socket): boolean;
};

const answered = new Counter({
  name: "aftercare_webhooks_answered_total",
  help: "Webhook requests by source and HTTP status",
  labelNames: ["source", "status"],
  registers: [metrics],
});
const duration = new Histogram({
  name: "aftercare_webhook_answer_seconds",
  help: "Time from the head of a webhook request to its answer",
  labelNames: ["source"],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers: [metrics],
});

/** The one entrance for everybody's webhooks: size, signature, sealing, commit, 200. */
export function openDoor(options: { sources: WebhookSource[]; store: InboxStore; clock?: Clock }): Door {
  const { store, clock = systemClock } = options;
  const sources = [...options.sources].sort((a, b) => b.path.length - a.path.length);
  const find = (req: IncomingMessage) => {
    const path = pathOf(req);
    return sources.find((source) => path === source.path || path.startsWith(`${source.path}/`));
  };
  // Large bodies, which anybody may announce, must not keep the usual ones waiting.
  const lanes = { small: new Budget(LANE_BYTES), large: new Budget(LANE_BYTES) };
  const reading = new WeakSet<Socket>();

  async function admit(source: WebhookSource, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const length = announcedLength(req) ?? BODY_LIMIT;
    if (length > BODY_LIMIT) return refuse(source, req, res, 413, "too large");
    const lane = length <= SMALL ? lanes.small : lanes.large;
    const turn = lane.take(length);
    if (turn) await turn;
    try {
      if (req.headers.expect) res.writeContinue();
      await take(source, req, res);
    } finally {
      lane.give(length);
    }
  }

  async function take(source: WebhookSource, req: IncomingMessage, res: ServerResponse): Promise<void> {
    reading.add(req.socket);
    const body = await readBody(req, BODY_LIMIT, READ_TIMEOUT_MS);
    if (body.kind === "broken") return refuse(source, req, res, 401, "truncated");
    reading.delete(req.socket);
    if (body.kind === "too_large") return refuse(source, req, res, 413, "too large");
    if (body.kind === "slow") return refuse(source, req, res, 408, "too slow");

    const now = clock();
    const verdict = source.verify(req.headers, body.raw, now);
    if (!verdict.accepted) return refuse(source, req, res, verdict.status, verdict.reason);
    const id = newId();
    try {
      const bodySealed = sealBody(await inboxKey(now), id, body.raw);
      await store.put({ ...verdict.facts, id, source: source.source, receivedAt: now, bodySealed });
    } catch (error) {
      log.error({ error: describeFailure(error), ...source.describe(req.headers) }, "webhook not stored");
      return reply(source, res, 503);
    }
    reply(source, res, 200);
  }

  return {
    owns: (req) => find(req) !== undefined,
    wasReading: (socket) => reading.has(socket),
    async answer(req, res) {
      const source = find(req);
      if (!source) return void res.writeHead(404).end();
      const started = performance.now();
      res.once("close", () =>
        duration.observe({ source: source.source }, (performance.now() - started) / 1000),
      );
      if (req.method !== "POST") {
        res.setHeader("allow", "POST");
        return refuse(source, req, res, 405, "not a POST");
      }
      try {
        await admit(source, req, res);
      } catch (error) {
        log.error({ error: describeFailure(error), trace: traceOf(error) }, "the webhook door failed");
        if (!res.headersSent) reply(source, res, 500);
      }
    },
  };
}

function pathOf(req: IncomingMessage): string {
  const url = req.url ?? "";
  const query = url.indexOf("?");
  return query < 0 ? url : url.slice(0, query);
}

function reply(source: WebhookSource, res: ServerResponse, status: number): void {
  answered.inc({ source: source.source, status });
  if (!res.destroyed) res.writeHead(status, { "content-length": 0 }).end();
}

function refuse(
  source: WebhookSource,
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  reason: string,
): void {
  log.warn({ source: source.source, status, reason, ...source.describe(req.headers) }, "webhook refused");
  if (req.complete || res.destroyed) return reply(source, res, status);
  answered.inc({ source: source.source, status });
  hangUp(req, res, status);
}

/**
 * Answers while the sender is still sending. Closing at once would make the kernel reset the connection, and the sender might
 * never read the answer: so it is written, what still comes is thrown away for a while, and then the connection ends.
 */
function hangUp(req: IncomingMessage, res: ServerResponse, status: number): void {
  res.writeHead(status, { "content-length": 0, connection: "close" });
  res.flushHeaders();
  let dropped = 0;
  const timer = setTimeout(end, LINGER_MS);
  req.on("data", (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > LINGER_BYTES) end();
  });
  req.on("error", () => {});
  req.once("end", end).once("close", end).resume();
  function end(): void {
    clearTimeout(timer);
    res.end();
    req.socket.destroySoon();
  }
}
