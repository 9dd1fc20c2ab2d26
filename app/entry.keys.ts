// `npm run keys:rotate` brings every key under the keyring's newest id, while the app runs; `npm run keys:check` only looks. Both end with
// 1 when a key does not open.
import { recordPlatformAudit } from "#app/features/audit/audit.server.ts";
import { checkKeys, describeId, rotateKeys } from "#app/platform/crypto/rotate.ts";
import { forPlatform } from "#app/platform/db/db.ts";
import { keysEnv } from "#app/platform/env.ts";
import { log } from "#app/platform/log.ts";
import { openForCommand, runCommand } from "#app/start.ts";

/** @param asked whether to rotate first */
export const run = (asked: { rotate?: boolean }) =>
  runCommand(keysEnv, async (env, undo) => {
    await openForCommand(env, undo);
    if (asked.rotate) await rotate();
    const report = await checkKeys();
    for (const id of report.ids) log.info({ id: id.id, keys: id.keys }, describeId(id));
    if (!report.sound) log.error("not every key opens");
    return report.sound ? 0 : 1;
  });

async function rotate(): Promise<void> {
  const { newest, ...done } = await rotateKeys((facts, message) => log.info(facts, message));
  if (done.rewrapped === 0 && done.retired.length === 0) return;
  const event = { actor: "system", action: "keys.rotated", subject: newest, after: done } as const;
  await forPlatform("audit", (tx) => recordPlatformAudit(tx, event));
}
