// Guarantee: orders that an approval included are planned within a minute, or as soon as their source answers.
import { z } from "zod";
import { planIncluded } from "#app/features/messages/inclusion.server.ts";
import { defineJob } from "#app/platform/queue/queue.ts";

/** Plans what approvals included. */
export const includeOrders = defineJob({
  name: "include-orders",
  schema: z.object({}),
  schedule: "* * * * *",
  seconds: 3_600,
  async run(_, { clock }) {
    await planIncluded(clock());
  },
});
