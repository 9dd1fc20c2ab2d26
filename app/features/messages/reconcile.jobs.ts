// Guarantee: what a webhook lost is found within one round.
import { z } from "zod";
import { reconcileAll } from "#app/features/messages/intake.server.ts";
import { listWorkingShops } from "#app/features/shops/installed.server.ts";
import { forPlatform } from "#app/platform/db/db.ts";
import { defineJob } from "#app/platform/queue/queue.ts";

/** Reads the orders that changed since the last round, of every shop. */
export const reconcile = defineJob({
  name: "reconcile",
  schema: z.object({}),
  schedule: "*/5 * * * *",
  seconds: 3_600,
  async run(_, { clock }) {
    await reconcileAll(await forPlatform("schedule", listWorkingShops), clock());
  },
});
