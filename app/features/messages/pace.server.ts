// Guarantee: all workers together ask a provider account no more often than it allows.
import type { ProviderPace } from "#app/connectors/channels.ts";
import { forPlatform } from "#app/platform/db/db.ts";

/** What waits for the provider longer than this waits unfrozen: it can still be stopped, and no batch outlasts its lease, or its key. */
export const LONGEST_PAUSE_MS = 10_000;

/** Takes the next free moment of the account; resolves to the milliseconds to wait until it. */
export async function takeSlot(account: string): Promise<number> {
  const [row] = await forPlatform("dispatch", async (tx) => {
    await tx.$executeRaw`INSERT INTO provider_accounts (id) VALUES (${account}) ON CONFLICT DO NOTHING`;
    return tx.$queryRaw<{ wait: number }[]>`
      UPDATE provider_accounts
      SET next_slot_at = greatest(next_slot_at, clock_timestamp()) + make_interval(secs => 1.0 / per_second)
      WHERE id = ${account}
      RETURNING extract(epoch FROM next_slot_at - make_interval(secs => 1.0 / per_second) - clock_timestamp())::float8 * 1000 AS wait`;
  });
  return Math.max(0, Math.ceil(row?.wait ?? 0));
}

/** For how many milliseconds the account is to be left alone. */
export async function readPause(account: string): Promise<number> {
  const [row] = await forPlatform(
    "dispatch",
    (tx) => tx.$queryRaw<{ pause: number }[]>`
    SELECT extract(epoch FROM next_slot_at - clock_timestamp())::float8 * 1000 AS pause
    FROM provider_accounts WHERE id = ${account}`,
  );
  return Math.max(0, Math.ceil(row?.pause ?? 0));
}

/** Learns the account's pace from an answer's headers; `pauseMs` keeps everybody away for a while (429). */
export async function learnPace(
  account: string,
  pace: ProviderPace | null,
  pauseMs: number | null,
): Promise<void> {
  const perSecond = pace && pace.limit > 0 ? pace.limit : null;
  if (perSecond === null && pauseMs === null) return;
  await forPlatform(
    "dispatch",
    (tx) => tx.$executeRaw`
    UPDATE provider_accounts
    SET per_second = coalesce(${perSecond}::float8, per_second),
        next_slot_at = greatest(next_slot_at, clock_timestamp() + make_interval(secs => ${(pauseMs ?? 0) / 1000}))
    WHERE id = ${account}`,
  );
}
