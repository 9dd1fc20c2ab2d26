// Temporary folders that hold a database, and what is left of them when their owner was killed.
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeEmbedded } from "#app/platform/db/embedded.ts";
import { startOf } from "#tests/setup/lock.mjs";

const PREFIX = "aftercare-scratch-";
const OWNER = "owner";

/** A folder that other accounts can pass through (under root PostgreSQL runs as one of them); clears away abandoned ones. */
export async function makeScratch(): Promise<string> {
  await sweepScratch();
  const folder = await mkdtemp(join(tmpdir(), PREFIX));
  await chmod(folder, 0o755);
  await writeFile(join(folder, OWNER), `${process.pid} ${startOf(process.pid)}`);
  return folder;
}

/** Removes a folder of `makeScratch`, its database first. */
export async function removeScratch(folder: string): Promise<void> {
  if (existsSync(join(folder, "postgres")))
    await removeEmbedded({ dataDir: join(folder, "postgres"), log: () => undefined });
  await rm(folder, { recursive: true, force: true });
}

/** A killed run leaves a server behind that nobody would ever end. */
async function sweepScratch(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const folder = join(tmpdir(), name);
    if (!name.startsWith(PREFIX)) continue;
    // Another run may sweep at the same time: what is gone is fine.
    const owner = await readFile(join(folder, OWNER), "utf8").catch(() => undefined);
    const uid = await stat(folder).then(
      (found) => found.uid,
      () => undefined,
    );
    if (!owner || uid !== process.getuid?.() || isRunning(owner)) continue;
    await removeScratch(folder).catch((error: Error) => {
      process.stderr.write(
        `${folder} is left over from a killed run and cannot be removed: ${error.message}\n`,
      );
    });
  }
}

/** Whether "pid start" still names the process it was written for; without a start time, any process of that id counts. */
export function isRunning(owner: string): boolean {
  const [pid = "0", start] = owner.split(" ");
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return startOf(Number(pid)) === start;
}
