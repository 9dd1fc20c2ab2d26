// Guarantee: what is past its time is gone within a day of it.
import { z } from "zod";
import { sweepAll } from "#app/features/privacy/sweep.server.ts";
import { defineJob } from "#app/platform/queue/queue.ts";

/** Every night, every shop. */
export const sweepRetention = defineJob({
  name: "sweep-retention",
  schema: z.object({}),
  schedule: "20 2 * * *",
  seconds: 6 * 3_600,
  retries: 3,
  run: (_, { clock, signal }) => sweepAll(clock, signal),
});
