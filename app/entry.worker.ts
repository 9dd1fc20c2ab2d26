// The worker: takes webhooks out of the inbox, sends what is due, runs schedules and rare jobs. Any number of them may run.
import { closeRenderer } from "#app/features/templates/render.server.ts";
import { runDispatcher } from "#app/features/messages/dispatcher.server.ts";
import { recordConfiguration } from "#app/features/trust/configuration.server.ts";
import { jobs } from "#app/jobs.ts";
import { systemClock } from "#app/platform/clock.ts";
import { answerHealth } from "#app/platform/http/health.ts";
import { serve } from "#app/platform/http/server.ts";
import { consumeInbox } from "#app/platform/inbox/inbox.ts";
import { startQueue } from "#app/platform/queue/queue.ts";
import { runProcess } from "#app/start.ts";
import { handleWebhook } from "#app/webhooks.ts";

await runProcess("worker", async (env, undo) => {
  let stopping = false;
  const server = await serve({
    host: env.HOST,
    port: env.WORKER_PORT,
    portVariable: "WORKER_PORT",
    handle: (req, res) => {
      if (!answerHealth(req, res, () => stopping)) res.writeHead(404).end();
    },
  });
  undo(() => server.stop(1_000));
  undo(closeRenderer);
  await recordConfiguration(systemClock());
  const queue = await startQueue({ jobs, work: true });
  const ending = new AbortController();
  const loops = Promise.all([
    consumeInbox({ handle: handleWebhook, signal: ending.signal, parallel: handlersFor(env.DATABASE_POOL) }),
    runDispatcher(systemClock, ending.signal),
  ]);
  // A loop that ends by itself takes the process with it: better no worker than half of one.
  loops.catch((error: unknown) => process.emit("uncaughtException", error as Error));
  // Both at once, so that together they have the ten seconds that each of them may take.
  undo(async () => {
    stopping = true;
    ending.abort();
    await Promise.all([loops, queue.stop()]);
  });
  return { host: env.HOST, port: server.port };
});

/**
 * How many webhooks to handle at once. A handler holds one connection and may need a second (to renew a token): with the
 * dispatcher and the jobs there must always be one left, or they would all wait for each other.
 */
function handlersFor(pool: number): number {
  return Math.max(1, Math.min(8, pool - 4));
}
