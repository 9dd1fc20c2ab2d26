import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeScratch, removeScratch } from "#tests/setup/scratch.ts";
import { removeEmbedded, startEmbedded, type Embedded } from "#app/platform/db/embedded.ts";

let folder: string;
let dataDir: string;
let started: Embedded[];
let elsewheres: ChildProcess[];

beforeEach(async () => {
  folder = await makeScratch();
  dataDir = join(folder, "postgres");
  started = [];
  elsewheres = [];
});

afterEach(async () => {
  for (const child of elsewheres.filter(isRunning)) await end(child, "SIGKILL");
  for (const embedded of started) await embedded.stop();
  await removeScratch(folder);
});

async function start(port?: number): Promise<Embedded> {
  const embedded = await startEmbedded({ dataDir, port, durable: false, log: () => undefined });
  started.push(embedded);
  return embedded;
}

/** A process of its own that starts the database, tells its pid, and stays. */
async function startElsewhere(): Promise<{
  process: ChildProcess;
  embedded: Pick<Embedded, "pid" | "adopted">;
}> {
  const script = `
    import { startEmbedded } from ${JSON.stringify(new URL("./embedded.ts", import.meta.url).href)};
    const embedded = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, durable: false, log: () => undefined });
    console.log(JSON.stringify({ pid: embedded.pid, adopted: embedded.adopted }));
    process.once("SIGTERM", () => void embedded.stop());
  `;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  elsewheres.push(child);
  const failed = once(child, "exit").then(([code]) => Promise.reject(new Error(`it ended with ${code}`)));
  failed.catch(() => undefined); // it also ends when it is told to
  const [line] = (await Promise.race([once(createInterface(child.stdout), "line"), failed])) as [string];
  return { process: child, embedded: JSON.parse(line) };
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function end(child: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

async function serverRuns(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return status !== undefined && !status.slice(status.lastIndexOf(")")).startsWith(") Z");
}

async function ask<T>(url: string, sql: string): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}

test("a plain role owns both databases, and the password is private", async () => {
  const embedded = await start();
  expect(embedded.adopted).toBe(false);
  for (const [url, name] of [
    [embedded.url, "aftercare"],
    [embedded.keysUrl, "aftercare_keys"],
  ] as const) {
    const [row] = await ask(
      url,
      `SELECT current_database() AS database, pg_get_userbyid(datdba) AS owner, rolsuper, rolbypassrls, rolcreaterole,
              rolcreatedb, current_setting('server_version_num')::int / 10000 AS version
         FROM pg_database, pg_roles WHERE datname = current_database() AND rolname = current_user`,
    );
    expect(row).toEqual({
      database: name,
      owner: "aftercare",
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      version: 18,
    });
  }
  expect((await stat(join(embedded.dataDir, "passwords.json"))).mode & 0o777).toBe(0o600);
  expect((await stat(embedded.dataDir)).mode & 0o777).toBe(0o700);
  const wrong = embedded.url.replace(/:[^:@]+@/, ":wrong@");
  await expect(ask(wrong, "SELECT 1")).rejects.toThrow(/password authentication failed/);
  await embedded.stop();
  expect(await serverRuns(embedded.pid)).toBe(false);
});

test("what was written is there after a stop and a start", async () => {
  const first = await start();
  await ask(first.url, "CREATE TABLE kept AS SELECT 7 AS n");
  await first.stop();
  const second = await start();
  expect(await ask(second.url, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
  await second.stop();
});

test("a server whose parent was killed is adopted and then stopped", async () => {
  const elsewhere = await startElsewhere();
  await end(elsewhere.process, "SIGKILL");
  expect(await serverRuns(elsewhere.embedded.pid)).toBe(true);
  const embedded = await start();
  expect(embedded).toMatchObject({ adopted: true, pid: elsewhere.embedded.pid });
  await embedded.stop();
  expect(await serverRuns(embedded.pid)).toBe(false);
});

test("the last of several users stops the server", async () => {
  const elsewhere = await startElsewhere();
  const embedded = await start();
  expect(embedded).toMatchObject({ adopted: true, pid: elsewhere.embedded.pid });
  await embedded.stop();
  expect(await serverRuns(embedded.pid)).toBe(true);
  await end(elsewhere.process, "SIGTERM");
  expect(await serverRuns(embedded.pid)).toBe(false);
});

test("many starts at once end with one server", async () => {
  const all = await Promise.all([1, 2, 3, 4].map(() => start()));
  expect(new Set(all.map(({ pid }) => pid)).size).toBe(1);
  expect(all.filter(({ adopted }) => !adopted)).toHaveLength(1);
  await Promise.all(all.map(({ stop }) => stop()));
  expect(await serverRuns(all[0]?.pid ?? 0)).toBe(false);
});

test("a server killed with -9 recovers, and its users are told", async () => {
  const first = await start();
  await ask(first.url, "CREATE TABLE kept AS SELECT 7 AS n");
  process.kill(first.pid, "SIGKILL");
  expect(await first.lost).toMatch(/server ended/);
  const second = await start();
  expect(second.adopted).toBe(false);
  expect(await ask(second.url, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
  await second.stop();
  await first.stop();
});

test("a pid file that names a stranger does not stop the start", async () => {
  const first = await start();
  await first.stop();
  const file = join(first.dataDir, "cluster", "postmaster.pid");
  await writeFile(
    file,
    `${process.pid}\n${join(first.dataDir, "cluster")}\n1\n5432\n\n127.0.0.1\n1 1\nready\n`,
  );
  const second = await start();
  expect(second).toMatchObject({ adopted: false });
  await second.stop();
});

test("a busy port is named", async () => {
  const blocker = createServer().listen(0, "127.0.0.1");
  await once(blocker, "listening");
  const { port } = blocker.address() as { port: number };
  await expect(start(port)).rejects.toThrow(`Port ${port} is busy`);
  blocker.close();
});

test("an orphan moves to the port that is asked for; a server in use does not", async () => {
  const elsewhere = await startElsewhere();
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");

  await expect(start(port)).rejects.toThrow(/is in use on port/);
  await end(elsewhere.process, "SIGKILL");
  const embedded = await start(port);
  expect(embedded).toMatchObject({ port, adopted: false });
  await embedded.stop();
});

test("removing a database that is in use is refused", async () => {
  const elsewhere = await startElsewhere();
  await expect(removeEmbedded({ dataDir, log: () => undefined })).rejects.toThrow(
    /in use by another process/,
  );
  await end(elsewhere.process, "SIGTERM");
});

test("a folder with other files in it is left alone", async () => {
  const other = join(folder, "other");
  await mkdir(other);
  await writeFile(join(other, "letter.txt"), "keep me");
  await expect(startEmbedded({ dataDir: other, log: () => undefined })).rejects.toThrow(
    /not a database of this app/,
  );
  expect(await readFile(join(other, "letter.txt"), "utf8")).toBe("keep me");
});
