// Guarantee: a rehearsed restore is the real one, into a schema of its own that nobody serves from and that is gone afterwards.
import { DRILL_OF } from "#app/features/privacy/backup.server.ts";
import { issueReceipt } from "#app/features/privacy/receipts.server.ts";
import { loadDataBackup, openBackup } from "#app/platform/backup/read.ts";
import type { Clock } from "#app/platform/clock.ts";
import { databaseUrl, forPlatform, rawPool } from "#app/platform/db/db.ts";
import { applyMigrations } from "#app/platform/db/migrate.ts";

const SCHEMA = "restore_drill";

/** Restores a backup as far as its rows, compares them with its manifest, and leaves a receipt. */
export async function rehearseRestore(path: string, clock: Clock): Promise<void> {
  const startedAt = clock();
  const pool = rawPool();
  await pool.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`);
  await pool.query(`CREATE SCHEMA ${SCHEMA}`);
  try {
    const url = new URL(databaseUrl());
    url.searchParams.set("options", `-c search_path=${SCHEMA}`);
    await applyMigrations(url.href);
    const backup = await openBackup(path, "data");
    const { rows } = await loadDataBackup(backup, startedAt, url.href);
    await forPlatform("backup", (tx) =>
      issueReceipt(tx, {
        kind: "drill",
        shopId: null,
        shopDomain: null,
        requestId: null,
        startedAt,
        finishedAt: clock(),
        counts: rows,
        details: { of: DRILL_OF, backup: backup.header.id, backupAt: backup.header.at },
      }),
    );
  } finally {
    await pool.query(`DROP SCHEMA ${SCHEMA} CASCADE`);
  }
}
