// Guarantee: a process goes on only with a main database, a key store and a journal that are up to date, belong together, and belong to
// its environment; the first start marks them.
import { randomUUID } from "node:crypto";
import { openedKeyStore } from "#app/platform/crypto/keystore.ts";
import { forPlatform, rawPool } from "#app/platform/db/db.ts";
import { keyMigrationsFolder, migrationsFolder, missingMigrations } from "#app/platform/db/migrate.ts";
import { AppError, ConfigurationError } from "#app/platform/errors.ts";
import { hasJournal, journalFolder, markJournal, markOf } from "#app/platform/journal.ts";

type Mark = { installationId: string; environment: string };

/**
 * Refuses databases that lack a migration. One that is ahead of us is fine: during a deploy old and new run side by side.
 * @throws AppError unavailable: the next start may find them up to date
 */
export async function refuseUnmigrated(): Promise<void> {
  const [main, keys] = await Promise.all([
    missingMigrations(rawPool(), migrationsFolder),
    missingMigrations(openedKeyStore().pool, keyMigrationsFolder),
  ]);
  const lacking = [...main, ...keys.map((name) => `${name} (key store)`)];
  if (lacking.length > 0)
    throw new AppError(
      "unavailable",
      `Run "npm run db:migrate" first; migrations missing: ${lacking.join(", ")}`,
    );
}

/**
 * Takes both databases for this environment, or finds them taken by it.
 * @returns the installation's id
 * @throws ConfigurationError when they belong to another environment, or not to each other
 */
export async function claimInstallation(environment: string): Promise<string> {
  const main = await findMain();
  const keys = await findKeys();
  for (const [name, mark] of [
    ["database", main],
    ["key store", keys],
  ] as const)
    if (mark && mark.environment !== environment)
      throw new ConfigurationError(
        `The ${name} belongs to the environment "${mark.environment}", this process to "${environment}" (ENVIRONMENT, or else NODE_ENV).`,
      );
  if (!main || !keys) await refuseStrangers();
  // The key store first, and what it then holds counts: of two first starts at once both go on with the same mark.
  const mark =
    keys ?? (await markKeys({ environment, installationId: main?.installationId ?? randomUUID() }));
  const kept = main ?? (await markMain(mark));
  if (kept.installationId !== mark.installationId)
    throw new ConfigurationError(
      "The database and the key store belong to different installations: DATABASE_URL and KEYS_DATABASE_URL do not fit together.",
    );
  if (kept.environment !== environment || mark.environment !== environment)
    throw new ConfigurationError(`The database was just taken by the environment "${mark.environment}".`);
  return kept.installationId;
}

/**
 * Takes the folder of the erasure journal for this installation, once. From then on a folder without its mark is a mistaken one: what
 * is written there would be missed by a restore.
 * @throws ConfigurationError
 */
export async function claimJournal(installationId: string): Promise<void> {
  // The row is held until the folder is marked, so that of two first starts with two folders one is refused.
  await forPlatform("setup", async (tx) => {
    const first = await tx.$executeRaw`UPDATE installation SET journal_at = now() WHERE journal_at IS NULL`;
    if (!first && !(await hasJournal(installationId)))
      throw new ConfigurationError(
        `${journalFolder()} does not hold the erasure journal of this installation: name its folder in JOURNAL_DIR. Where that is lost for good, an empty file "${markOf(installationId)}" makes this one its folder.`,
      );
    await markJournal(installationId);
  });
}

/** Of two databases that do not both carry a mark: they belong together when they share a shop, or when there is none to lose. */
async function refuseStrangers(): Promise<void> {
  const shops = await forPlatform("setup", (tx) => tx.shop.findMany({ select: { id: true, state: true } }));
  const { rows } = await openedKeyStore().pool.query<{ shop_id: string }>("SELECT shop_id FROM data_keys");
  const known = new Set(shops.map(({ id }) => id));
  if (rows.some((row) => known.has(row.shop_id))) return;
  if (rows.length > 0)
    throw new ConfigurationError(
      "The key store holds keys of shops that the database does not know: DATABASE_URL and KEYS_DATABASE_URL do not fit together.",
    );
  if (shops.some(({ state }) => state === "installed"))
    throw new ConfigurationError(
      "The key store holds the key of none of the database's shops: DATABASE_URL and KEYS_DATABASE_URL do not fit together.",
    );
}

/** Whose the main database is; null before a first start. */
export const findMain = (): Promise<Mark | null> => forPlatform("setup", (tx) => tx.installation.findFirst());

async function markMain(mark: Mark): Promise<Mark> {
  await forPlatform("setup", (tx) => tx.installation.createMany({ data: mark, skipDuplicates: true }));
  return (await findMain()) ?? mark;
}

async function findKeys(): Promise<Mark | null> {
  const { rows } = await openedKeyStore().pool.query<Mark>(
    `SELECT installation_id AS "installationId", environment FROM installation`,
  );
  return rows[0] ?? null;
}

async function markKeys(mark: Mark): Promise<Mark> {
  await openedKeyStore().pool.query(
    "INSERT INTO installation (installation_id, environment) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    [mark.installationId, mark.environment],
  );
  return (await findKeys()) ?? mark;
}
