// Guarantee: a checkpoint is replaced only while the chain still holds what it vouches for, so that no later end covers a missing tail.
import type { Broken } from "#app/features/audit/broken.ts";
import { headStatement, PLATFORM, type Link } from "#app/features/audit/chain.ts";
import { removedUpTo } from "#app/features/audit/removals.server.ts";
import { raiseAlarm } from "#app/features/audit/verify.all.server.ts";
import {
  findCheckpoints,
  keepCheckpoints,
  keepCheckpointsOf,
  newestCheckpoint,
  replaceCheckpoints,
  type Checkpoint,
} from "#app/platform/crypto/checkpoints.ts";
import { openSigner } from "#app/platform/crypto/signing.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";

const PAGE = 500;
/** How long a transaction may take from signing a chain's end to committing it. */
const OVERLAP_MS = 120_000;

/** Copies the ends of chains that moved since the last time into the key store's database. @returns how many */
export async function copyHeads(signal?: AbortSignal): Promise<number> {
  const newest = await newestCheckpoint();
  const since = new Date((newest?.getTime() ?? 0) - OVERLAP_MS);
  let copied = 0;
  let after = "";
  for (;;) {
    signal?.throwIfAborted();
    const heads = await forPlatform("audit", (tx) => readMoved(tx, since, after));
    copied += await copy(heads);
    if (heads.length < PAGE) break;
    after = heads.at(-1)!.chain;
  }
  const [platform] = await forPlatform("audit", (tx) => tx.platformAuditHead.findMany());
  return copied + (await copy(platform ? [platform] : []));
}

/** After a restore that the platform's chain tells of: checkpoints say what the chains are now, also where that is less. */
export async function rewindCheckpoints(): Promise<void> {
  const heads: Head[] = [];
  for (let after = ""; ;) {
    const some = await forPlatform("audit", (tx) => readMoved(tx, new Date(0), after));
    heads.push(...some);
    if (some.length < PAGE) break;
    after = some.at(-1)!.chain;
  }
  heads.push(...(await forPlatform("audit", (tx) => tx.platformAuditHead.findMany())));
  await keepCheckpointsOf(heads.map(({ chain }) => chain));
  await replaceCheckpoints(
    heads.flatMap(({ signature, keyId, ...head }) =>
      signature && keyId ? [{ ...head, signature, keyId }] : [],
    ),
  );
}

type Head = Omit<Checkpoint, "signature" | "keyId"> & { signature: string | null; keyId: string | null };

function readMoved(tx: Tx, since: Date, after: string): Promise<Head[]> {
  return tx.$queryRaw<Head[]>`
    SELECT shop_id::text AS chain, seq, hash, at, signature, key_id AS "keyId" FROM audit_heads
     WHERE at >= ${since} AND shop_id::text > ${after} ORDER BY shop_id::text LIMIT ${PAGE}`;
}

async function copy(heads: Head[]): Promise<number> {
  const signer = await openSigner();
  const known = await findCheckpoints(heads.map(({ chain }) => chain));
  const moved: Checkpoint[] = [];
  for (const { signature, keyId, ...head } of heads) {
    const old = known.get(head.chain);
    if (!signature || !keyId || (old && old.seq >= head.seq)) continue;
    // An end that is not ours is no evidence; verification will name it.
    if (!signer.verify(headStatement(head.chain, head, head.at), { signature, keyId })) continue;
    const broken = old && (await forPlatform("audit", (tx) => compare(tx, head.chain, old)));
    if (broken) raiseAlarm(head.chain, broken);
    else moved.push({ ...head, signature, keyId });
  }
  await keepCheckpoints(moved);
  return moved.length;
}

/** Whether the chain holds the entry of its old checkpoint, or told of its removal. */
async function compare(tx: Tx, chain: string, old: Link): Promise<Broken | null> {
  const where = { seq: old.seq, hash: old.hash };
  const entry =
    chain === PLATFORM
      ? await tx.platformAuditEvent.findFirst({ where })
      : await tx.auditEvent.findFirst({ where: { shopId: chain, ...where } });
  if (entry) return null;
  if (chain !== PLATFORM) {
    const removed = await removedUpTo(tx, chain);
    if (removed && removed.seq >= old.seq) return null;
  }
  return { seq: old.seq, fault: "checkpoint" };
}
