// One set-up at a time in a checkout.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./steps.mjs";

/**
 * Runs `work` while holding the lock file; waits for its holder, takes it over from a dead one.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  const me = `${process.pid} ${startOf(process.pid)}`;
  for (let said = false; !take(file, me); await sleep(100)) {
    const holder = read(file);
    if (holder === undefined) continue;
    if (!lives(holder)) evict(file, holder);
    else if (!said) {
      said = true;
      say(`  another set-up is under way (process ${holder.split(" ")[0]}): waiting for it`);
    }
  }
  const release = () => {
    if (read(file) === me) rmSync(file, { force: true });
  };
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.off("exit", release);
    release();
  }
}

/** link(2) makes the file appear with its content, or not at all. */
function take(file, me) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, me);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves a dead holder's file away; if another process was quicker and holds it by now, it gets its file back. */
function evict(file, dead) {
  const away = `${file}.${process.pid}.dead`;
  try {
    renameSync(file, away);
    if (read(away) !== dead) linkSync(away, file);
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") throw error;
  } finally {
    rmSync(away, { force: true });
  }
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function lives(holder) {
  const [pid, started] = holder.split(" ");
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code !== "EPERM") return false;
  }
  return startOf(Number(pid)) === started;
}

/** When the process started, in the kernel's ticks: a pid alone may be somebody else's by now. "-" where there is no /proc. */
export function startOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "utf8");
    return status.slice(status.lastIndexOf(")") + 2).split(" ")[19] ?? "-";
  } catch {
    return "-"; // no such process, or no /proc
  }
}
