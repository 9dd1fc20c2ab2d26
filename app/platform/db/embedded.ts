// A real PostgreSQL from npm, for machines without one. Guarantee: whoever starts it last stops it; a server that outlived its
// parent is adopted, never duplicated; two starts at once end with one server.
import { spawn } from "node:child_process";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import {
  createCluster,
  exists,
  findPlace,
  give,
  identity,
  isAlive,
  postgresEnv,
  readPasswords,
  type Passwords,
  type Place,
} from "#app/platform/db/embedded.place.ts";

export type EmbeddedOptions = {
  /** Folder of the database's files; created when missing. */
  dataDir: string;
  /** TCP port on 127.0.0.1; any free one when left out. */
  port?: number;
  /** false turns fsync off: for tests. A killed server still loses nothing, a power cut may cost everything. */
  durable?: boolean;
  /** Told, in words for the operator, what is unusual or slow. */
  log: (line: string) => void;
};

export type Embedded = {
  /** Main database, as the plain owner `aftercare`. */
  url: string;
  /** Database of the wrapped data keys, as the same role. */
  keysUrl: string;
  /** Maintenance database as PostgreSQL's superuser: set-up and tests only, row level security proves nothing under it. */
  superuserUrl: string;
  port: number;
  /** Where the files really are (elsewhere than asked when the database's account can't reach the folder). */
  dataDir: string;
  /** Process id of the server. */
  pid: number;
  /** true when the server was running already. */
  adopted: boolean;
  /** Resolves with the reason if the server ends although nobody called `stop`. */
  lost: Promise<string>;
  /** Fast shutdown, waited for; leaves the server to the others while other processes still use it. */
  stop: () => Promise<void>;
};

const ROLE = "aftercare";
const DATABASES = ["aftercare", "aftercare_keys"];

// Every user of the server holds this advisory lock shared, on a connection that dies with its process. Whoever gets it
// exclusively is alone, and may stop the server; a newcomer that waits for it meanwhile is cut off and starts afresh.
const USERS_LOCK = 8_206_201;

const START_TIMEOUT = 120_000;
const STOP_TIMEOUT = 60_000;

type Running = { pid: number; port: number; ready: boolean };
type Attempt = { retry: string } | { held: Held };
type Held = { client: Client; running: Running; adopted: boolean };

/**
 * Starts or adopts the embedded PostgreSQL, with the role and the two databases in place.
 * Throws when the port is taken, the folder belongs to another account, or the server does not come up.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { log, durable = true } = options;
  const place = await findPlace(options.dataDir, log);
  const deadline = Date.now() + START_TIMEOUT;
  for (let said = Date.now(); ;) {
    const attempt = await tryOnce(place, options, durable);
    if ("held" in attempt) return handle(place, attempt.held, await readPasswords(place), log);
    if (Date.now() > deadline)
      throw new Error(`The database did not start within 2 minutes: ${attempt.retry}`);
    if (Date.now() > said + 5000) {
      said = Date.now();
      log(`waiting for the database: ${attempt.retry}`);
    }
    await sleep(50);
  }
}

/** Stops the embedded database in that folder and deletes its files. Throws while another process uses it. */
export async function removeEmbedded(options: Pick<EmbeddedOptions, "dataDir" | "log">): Promise<void> {
  const place = await findPlace(options.dataDir, options.log);
  if (await findRunning(place)) {
    const embedded = await startEmbedded(options);
    await embedded.stop();
    if (await findRunning(place))
      throw new Error(`The database in ${place.dataDir} is in use by another process`);
  }
  await rm(place.dataDir, { recursive: true, force: true });
}

async function tryOnce(place: Place, options: EmbeddedOptions, durable: boolean): Promise<Attempt> {
  await createCluster(place, durable, options.log);
  const passwords = await readPasswords(place);
  const running = await findRunning(place);
  if (!running) return startServer(place, options, durable, passwords);

  if (!running.ready) return { retry: "it is starting, stopping or recovering" };
  const attempt = await hold(place, running, passwords, true);
  if ("retry" in attempt || options.port === undefined || running.port === options.port) return attempt;
  if (!(await isLastUser(attempt.held.client))) {
    await attempt.held.client.end();
    throw new Error(
      `The database in ${place.dataDir} is in use on port ${running.port}, not on port ${options.port}`,
    );
  }
  await shutDown(place, attempt.held, options.log);
  return { retry: `moving from port ${running.port} to ${options.port}` };
}

/** The living server of this cluster, by its pid file; a stale file (pid gone or reused by something else) is no server. */
async function findRunning(place: Place): Promise<Running | undefined> {
  const file = join(place.cluster, "postmaster.pid");
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n");
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (!isAlive(pid)) return undefined;
  if (!(await isZombie(pid)) && (await isOurs(place, pid)))
    return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
  // PostgreSQL itself would take the stranger with this pid for its predecessor and refuse to start.
  await rm(file, { force: true });
  return undefined;
}

async function isOurs(place: Place, pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return command === "" || command.split("\0").includes(place.cluster); // "": no /proc here, or not ours to read
}

async function startServer(
  place: Place,
  options: EmbeddedOptions,
  durable: boolean,
  passwords: Passwords,
): Promise<Attempt> {
  const port = options.port ?? (await freePort());
  const logStart = await rotateLog(place);
  const output = await open(place.serverLog, "a", 0o600);
  await give(place.account, place.serverLog);
  // Detached: Ctrl-C in a terminal reaches the whole process group, and the app must still have its database while it drains.
  const child = spawn(place.postgres, serverArguments(place, port, durable), {
    ...identity(place.account),
    cwd: "/",
    env: postgresEnv,
    detached: true,
    stdio: ["ignore", output.fd, output.fd],
  });
  const ended = new Promise<string>((done) => {
    child.once("error", (error) => done(error.message));
    child.once("exit", (code, signal) => done(`it ended with ${signal ?? `code ${code}`}`));
  });
  await output.close();
  child.unref();

  for (const deadline = Date.now() + START_TIMEOUT; Date.now() < deadline;) {
    const running = await findRunning(place);
    if (running?.ready && running.pid === child.pid) return hold(place, running, passwords, false);
    const reason = await Promise.race([ended, sleep(20, undefined)]);
    if (reason !== undefined) return explain(place, options, port, reason, logStart);
  }
  child.kill("SIGQUIT");
  return { retry: "the server does not answer" };
}

function serverArguments(place: Place, port: number, durable: boolean): string[] {
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    max_connections: "200",
    timezone: "UTC",
    log_timezone: "UTC",
    jit: "off",
    // The server's log must not repeat rows: no statement, no DETAIL ("Key (email)=(…) already exists").
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
    log_parameter_max_length_on_error: "0",
    ...(durable ? {} : { fsync: "off", full_page_writes: "off", max_wal_size: "4GB" }),
  };
  return [
    "-D",
    place.cluster,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
}

/** Turns a server that ended at once into a reason to try again, or throws the reason it can't work. */
async function explain(
  place: Place,
  options: EmbeddedOptions,
  port: number,
  reason: string,
  logStart: number,
): Promise<Attempt> {
  const said = (await readFile(place.serverLog, "utf8").catch(() => "")).slice(logStart);
  if (/lock file "postmaster.pid" (already exists|is empty)/.test(said))
    return { retry: "another start is under way" };
  // The children of a server killed with -9 notice within moments.
  if (said.includes("pre-existing shared memory block"))
    return { retry: "the last server's processes are still ending" };
  if (/Address already in use|could not (create|bind).*(socket|address)/.test(said)) {
    if (options.port === undefined) return { retry: `port ${port} was taken meanwhile` };
    throw new Error(`Port ${port} is busy: choose another one for the database`);
  }
  const last = said.trim().split("\n").slice(-5).join("\n");
  throw new Error(`The database did not start (${reason}):\n${last || "it said nothing"}`);
}

/** Connects, becomes a user of the server and sees to role and databases. */
async function hold(
  place: Place,
  running: Running,
  passwords: Passwords,
  adopted: boolean,
): Promise<Attempt> {
  const client = new Client({
    connectionString: urlOf("postgres", passwords.superuser, running.port, "postgres"),
    application_name: "aftercare embedded",
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  client.on("error", () => undefined); // an end is noticed by its 'end' event
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>("SHOW data_directory");
    if (rows[0]?.data_directory !== place.cluster) throw new Error("another server");
    await client.query("SELECT pg_advisory_lock_shared($1)", [USERS_LOCK]);
    await createRoleAndDatabases(client, passwords.app);
    return { held: { client, running, adopted } };
  } catch (error) {
    await client.end().catch(() => undefined);
    const code = (error as { code?: string }).code ?? "";
    if (code === "28P01")
      throw new Error(
        `The database in ${place.dataDir} runs, but refuses the password kept in passwords.json`,
      );
    // 42xxx and the like are mistakes of ours, which no repetition mends; connection and start-up trouble passes.
    if (/^[0-9A-Z]{5}$/.test(code) && !/^(08|28|57)/.test(code)) throw error;
    return { retry: (error as Error).message };
  }
}

async function createRoleAndDatabases(client: Client, password: string): Promise<void> {
  const lock = USERS_LOCK + 1;
  await client.query("SELECT pg_advisory_lock($1)", [lock]);
  try {
    const role = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [ROLE]);
    if (!role.rowCount)
      await client.query(
        `CREATE ROLE ${ROLE} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB PASSWORD ${client.escapeLiteral(password)}`,
      );
    for (const database of DATABASES) {
      const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [database]);
      if (found.rowCount) continue;
      await client.query(`CREATE DATABASE ${database} OWNER ${ROLE}`);
      await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
    }
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [lock]).catch(() => undefined);
  }
}

function handle(place: Place, held: Held, passwords: Passwords, log: (line: string) => void): Embedded {
  const { client, running, adopted } = held;
  let stopped: Promise<void> | undefined;
  const lost = new Promise<string>((done) => {
    client.once("end", () => {
      if (!stopped) done(`the database server ended; its log is ${place.serverLog}`);
    });
  });
  return {
    url: urlOf(ROLE, passwords.app, running.port, "aftercare"),
    keysUrl: urlOf(ROLE, passwords.app, running.port, "aftercare_keys"),
    superuserUrl: urlOf("postgres", passwords.superuser, running.port, "postgres"),
    port: running.port,
    dataDir: place.dataDir,
    pid: running.pid,
    adopted,
    lost,
    stop: () => (stopped ??= stopUnlessUsed(place, held, log)),
  };
}

async function stopUnlessUsed(place: Place, held: Held, log: (line: string) => void): Promise<void> {
  // A connection that is gone means that the server is: nothing of ours is left to stop, but it may still be on its way out.
  const alone = await isLastUser(held.client).catch(() => true);
  if (!alone) return held.client.end();
  await shutDown(place, held, log);
}

async function isLastUser(client: Client): Promise<boolean> {
  await client.query("SELECT pg_advisory_unlock_shared($1)", [USERS_LOCK]);
  const { rows } = await client.query<{ alone: boolean }>("SELECT pg_try_advisory_lock($1) AS alone", [
    USERS_LOCK,
  ]);
  return rows[0]?.alone === true;
}

async function shutDown(place: Place, held: Held, log: (line: string) => void): Promise<void> {
  const { pid } = held.running;
  const ours = (await findRunning(place))?.pid === pid;
  if (ours) process.kill(pid, "SIGINT"); // PostgreSQL's fast shutdown
  if (ours && !(await gone(place, pid, STOP_TIMEOUT))) {
    log("the database takes too long to stop: it is ended at once and will recover at its next start");
    process.kill(pid, "SIGQUIT");
    if (!(await gone(place, pid, 10_000)))
      throw new Error(`The database server (process ${pid}) does not stop`);
  }
  await held.client.end().catch(() => undefined);
}

async function gone(place: Place, pid: number, timeout: number): Promise<boolean> {
  for (const deadline = Date.now() + timeout; Date.now() < deadline; await sleep(20)) {
    if (await exists(join(place.cluster, "postmaster.pid"))) continue;
    if (!isAlive(pid) || (await isZombie(pid))) return true;
  }
  return false;
}

/** An adopted server's remains stay in the process table where nobody reaps (containers without an init). */
async function isZombie(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return status.slice(status.lastIndexOf(")") + 2).startsWith("Z");
}

async function rotateLog(place: Place): Promise<number> {
  const size = await stat(place.serverLog).then(
    (found) => found.size,
    () => 0,
  );
  if (size < 5_000_000) return size;
  await rename(place.serverLog, `${place.serverLog}.old`);
  return 0;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done, fail) => probe.once("error", fail).listen(0, "127.0.0.1", done));
  const { port } = probe.address() as { port: number };
  await new Promise((done) => probe.close(done));
  return port;
}

function urlOf(role: string, password: string, port: number, database: string): string {
  return `postgresql://${role}:${password}@127.0.0.1:${port}/${database}`;
}
