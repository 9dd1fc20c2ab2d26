// Guarantee: every query runs inside one of two doors, each one transaction with its scope told to PostgreSQL.
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient, type Prisma } from "#app/platform/db/generated/client.ts";
import { AppError, ConfigurationError } from "#app/platform/errors.ts";

export type Tx = Prisma.TransactionClient;
export type DatabaseOptions = { url: string; pool?: number };

type Database = { prisma: PrismaClient; pool: pg.Pool; url: string };
let database: Database | undefined;

/** Why work steps outside one shop. One line a reason, so that the list stays short and known. */
export type PlatformReason =
  | "webhooks"
  | "dispatch"
  | "schedule"
  | "install"
  | "health"
  | "delivery"
  | "setup"
  | "audit"
  | "privacy"
  | "purge"
  | "retention"
  | "backup"
  | "restore"
  | "notices"
  | "trust";

/**
 * Opens the pool. Refuses a login that row level security would not bind.
 * @throws AppError unavailable
 */
export async function connectDatabase(options: DatabaseOptions): Promise<void> {
  if (database) throw new AppError("internal", "the database is already connected");
  const pool = new pg.Pool({ connectionString: options.url, max: options.pool ?? 10 });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on("error", () => {});
  await refuseMightyLogin(pool).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    transactionOptions: { maxWait: 10_000, timeout: 30_000 },
  });
  database = { prisma, pool, url: options.url };
}

async function refuseMightyLogin(pool: pg.Pool): Promise<void> {
  const { rows } = await pool
    .query<{ mighty: boolean }>(
      "SELECT rolsuper OR rolbypassrls AS mighty FROM pg_roles WHERE rolname = current_user",
    )
    .catch((cause: unknown) => {
      throw new AppError("unavailable", "the database does not answer", { cause });
    });
  if (rows[0]?.mighty !== false) {
    throw new ConfigurationError(
      "the database login is a superuser or bypasses row level security: use a plain owner",
    );
  }
}

export async function disconnectDatabase(): Promise<void> {
  const open = database;
  database = undefined;
  await open?.prisma.$disconnect();
  await open?.pool.end();
}

function opened(): Database {
  if (!database) throw new AppError("unavailable", "the database is not connected");
  return database;
}

/** One transaction that may see one shop. */
export function forShop<T>(shopId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction((tx) => tx.$queryRaw`SELECT set_config('app.shop', ${shopId}, true)`, work);
}

/** One transaction across shops or without any, for a reason that is on the list. */
export function forPlatform<T>(reason: PlatformReason, work: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction((tx) => tx.$queryRaw`SELECT set_config('app.scope', ${reason}, true)`, work);
}

const lastWork = new WeakMap<Tx, ((tx: Tx) => Promise<void>)[]>();

function inTransaction<T>(enter: (tx: Tx) => Promise<unknown>, work: (tx: Tx) => Promise<T>): Promise<T> {
  return opened().prisma.$transaction(async (tx) => {
    const last: ((tx: Tx) => Promise<void>)[] = [];
    lastWork.set(tx, last);
    await enter(tx);
    const result = await work(tx);
    for (const step of last) await step(tx);
    lastWork.delete(tx);
    return result;
  });
}

/** Runs `step` after the work of the transaction, just before it commits: for locks that many want and none may hold for long. */
export function beforeCommit(tx: Tx, step: (tx: Tx) => Promise<void>): void {
  const last = lastWork.get(tx);
  if (!last) throw new AppError("internal", "not a transaction under way");
  last.push(step);
}

/** The raw pool, for platform code alone: the inbox's grouped insert, LISTEN, pg-boss, health. */
export function rawPool(): pg.Pool {
  return opened().pool;
}

export function databaseUrl(): string {
  return opened().url;
}
