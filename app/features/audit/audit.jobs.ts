// Guarantee: a broken chain is noticed within a day, a tail that was cut off after the last checkpoint at the next one.
import { z } from "zod";
import { copyHeads } from "#app/features/audit/checkpoint.server.ts";
import { verifyAndKeep } from "#app/features/audit/verify.all.server.ts";
import { log } from "#app/platform/log.ts";
import { defineJob } from "#app/platform/queue/queue.ts";

/** Copies the ends of the chains that moved to where the keys lie. */
export const checkpointAudit = defineJob({
  name: "audit-checkpoint",
  schema: z.object({}),
  schedule: "*/5 * * * *",
  async run(_, { signal }) {
    await copyHeads(signal);
  },
});

/** Verifies every chain and keeps what was found. */
export const verifyAudit = defineJob({
  name: "audit-verify",
  schema: z.object({}),
  schedule: "17 3 * * *",
  seconds: 4 * 3_600,
  async run(_, { clock, signal }) {
    const { chains, entries, broken } = await verifyAndKeep(clock(), signal);
    log.info({ chains, entries, broken: broken.length }, "the audit log is verified");
  },
});
