// `npm run audit:verify [-- --shop acme.myshopify.com]`: verifies the audit log, names the first broken entry of each chain and why, and
// ends with 1 when there is one. It writes nothing.
import { FAULTS } from "#app/features/audit/broken.ts";
import { findChain, verifyAll } from "#app/features/audit/verify.all.server.ts";
import type { ChainReport } from "#app/features/audit/verify.server.ts";
import { keysEnv } from "#app/platform/env.ts";
import { AppError } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";
import { openForCommand, runCommand } from "#app/start.ts";

/** @param asked what was typed, as commands.mjs read it */
export const run = (asked: { shop?: string }) =>
  runCommand(keysEnv, async (env, undo) => {
    await openForCommand(env, undo);

    const only = asked.shop === undefined ? undefined : [await chainOf(asked.shop)];
    const tell = ({ chain, broken }: ChainReport) => {
      if (!broken) return;
      const { seq, fault } = broken;
      log.error({ chain, entry: seq, fault }, `broken at entry ${seq}: ${FAULTS[fault]}`);
    };
    const { chains, entries, broken, guards, failed } = await verifyAll(tell, { chains: only });
    for (const guard of guards)
      log.error({ guard }, "the database does not guard the audit log as it should");
    const faults = broken.length + guards.length + failed.length;
    const facts = { chains, entries, faults };
    if (faults > 0) log.error(facts, "the audit log is NOT as it was written");
    else log.info(facts, "the audit log is unbroken");
    return faults > 0 ? 1 : 0;
  });

async function chainOf(shop: string): Promise<string> {
  const chain = await findChain(shop);
  if (!chain) throw new AppError("not_found", `there is no shop ${shop}`);
  return chain;
}
