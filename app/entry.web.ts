// The web process: webhooks at a raw door before everything else, then health, then the pages.
import type { IncomingMessage, ServerResponse } from "node:http";
import { closeRenderer } from "#app/features/templates/render.server.ts";
import { jobs } from "#app/jobs.ts";
import { databaseUrl } from "#app/platform/db/db.ts";
import { answerHealth } from "#app/platform/http/health.ts";
import { serve } from "#app/platform/http/server.ts";
import { openDoor } from "#app/platform/inbox/door.ts";
import { openInboxStore } from "#app/platform/inbox/store.ts";
import { startQueue } from "#app/platform/queue/queue.ts";
import { openPages } from "#app/pages.ts";
import { runProcess } from "#app/start.ts";
import { webhookSources } from "#app/webhooks.ts";

await runProcess("web", async (env, undo) => {
  const store = openInboxStore({ url: databaseUrl() });
  undo(store.close);
  undo(closeRenderer);
  const queue = await startQueue({ jobs, work: false });
  undo(queue.stop);
  const door = openDoor({ sources: webhookSources(env), store });
  const pages = await openPages(env.NODE_ENV);
  let stopping = false;
  const server = await serve({
    host: env.HOST,
    port: env.PORT,
    portVariable: "PORT",
    statusOfBroken: (socket) => (door.wasReading(socket) ? 401 : 400),
    handle(req: IncomingMessage, res: ServerResponse) {
      if (door.owns(req)) return void door.answer(req, res);
      if (answerHealth(req, res, () => stopping)) return;
      if (req.headers.expect) res.writeContinue();
      pages(req, res);
    },
  });
  undo(() => {
    stopping = true;
    return server.stop();
  });
  return { host: env.HOST, port: server.port };
});
