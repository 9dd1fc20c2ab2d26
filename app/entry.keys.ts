// `npm run keys:rotate` brings every key under the keyring's newest id, while the app runs; `npm run keys:check` only looks. Both end with
// 1 when a key does not open.
import { resolve } from "node:path";
import { openKeyring } from "#app/platform/crypto/keyring.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { checkKeys, describeId, rotateKeys } from "#app/platform/crypto/rotate.ts";
import { startEmbedded } from "#app/platform/db/embedded.ts";
import { keysEnv } from "#app/platform/env.ts";
import { runCommand } from "#app/start.ts";
import { log } from "#app/platform/log.ts";

await runCommand(keysEnv, async (env, undo) => {
  let url = env.KEYS_DATABASE_URL;
  if (!url) {
    const dataDir = resolve(env.DATA_DIR, "postgres");
    const embedded = await startEmbedded({ dataDir, log: (line) => log.info(line) });
    undo(embedded.stop);
    url = embedded.keysUrl;
  }
  await connectKeyStore({ url, keyring: await openKeyring(env) });
  undo(disconnectKeyStore);
  if (process.argv[2] === "rotate") await rotateKeys((facts, message) => log.info(facts, message));
  const report = await checkKeys();
  for (const id of report.ids) log.info({ id: id.id, keys: id.keys }, describeId(id));
  if (!report.sound) log.error("not every key opens");
  return report.sound ? 0 : 1;
});
