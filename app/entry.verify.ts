// `npm run audit:verify [-- --shop acme.myshopify.com]`: verifies the audit log, names the first broken entry of each chain and why, and
// ends with 1 when there is one. It writes nothing.
import { parseArgs } from "node:util";
import { FAULTS } from "#app/features/audit/broken.ts";
import { PLATFORM } from "#app/features/audit/chain.ts";
import { missingGuards } from "#app/features/audit/guards.server.ts";
import { findChain, listChains } from "#app/features/audit/verify.all.server.ts";
import { verifyChain } from "#app/features/audit/verify.server.ts";
import { keysEnv } from "#app/platform/env.ts";
import { AppError } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";
import { openForCommand, runCommand } from "#app/start.ts";

await runCommand(keysEnv, async (env, undo) => {
  const { values } = parseArgs({ options: { shop: { type: "string" } } });
  await openForCommand(env, undo);

  const chains =
    values.shop === undefined ? [PLATFORM, ...(await listChains())] : [await chainOf(values.shop)];
  const guards = await missingGuards();
  let faults = guards.length;
  for (const guard of guards) log.error({ guard }, "the database does not guard the audit log as it should");
  let entries = 0;
  for (const chain of chains) {
    const report = await verifyChain(chain);
    entries += report.entries;
    if (!report.broken) continue;
    const { seq, fault } = report.broken;
    faults += 1;
    log.error({ chain, entry: seq, fault }, `broken at entry ${seq}: ${FAULTS[fault]}`);
  }
  const facts = { chains: chains.length, entries, faults };
  if (faults > 0) log.error(facts, "the audit log is NOT as it was written");
  else log.info(facts, "the audit log is unbroken");
  return faults > 0 ? 1 : 0;
});

async function chainOf(shop: string): Promise<string> {
  const chain = await findChain(shop);
  if (!chain) throw new AppError("not_found", `there is no shop ${shop}`);
  return chain;
}
