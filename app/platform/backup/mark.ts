// Guarantee: what was erased after a backup was made is not served from it: until the erasures are repeated, no process starts.
import { rawPool } from "#app/platform/db/db.ts";
import { AppError } from "#app/platform/errors.ts";

/** @throws AppError conflict while the database is restored, and the erasures since are not repeated */
export async function refuseUnreplayed(): Promise<void> {
  const { rows } = await rawPool().query<{ backup_at: Date }>(
    "SELECT backup_at FROM restores WHERE replayed_at IS NULL LIMIT 1",
  );
  if (!rows[0]) return;
  throw new AppError(
    "conflict",
    `The database was restored from a backup of ${rows[0].backup_at.toISOString()}, and what was erased since is not erased again yet: run "npm run restore" to its end.`,
  );
}
