// Guarantee: a chain's checkpoint only moves forward, but for `replaceCheckpoints`. Kept beside the keys, outside the database it vouches for.
import { openedKeyStore } from "#app/platform/crypto/keystore.ts";

/** The signed end of a chain at some time. */
export type Checkpoint = {
  chain: string;
  seq: number;
  hash: string;
  at: Date;
  signature: string;
  keyId: string;
};

const COLUMNS = `chain, seq, hash, at, signature, key_id AS "keyId"`;

export async function findCheckpoints(chains: string[]): Promise<Map<string, Checkpoint>> {
  const { rows } = await openedKeyStore().pool.query<Checkpoint>(
    `SELECT ${COLUMNS} FROM audit_checkpoints WHERE chain = ANY($1)`,
    [chains],
  );
  return new Map(rows.map((row) => [row.chain, row]));
}

export async function listCheckpoints(): Promise<Checkpoint[]> {
  return (await openedKeyStore().pool.query<Checkpoint>(`SELECT ${COLUMNS} FROM audit_checkpoints`)).rows;
}

/** The time of the newest checkpoint, null when there is none. */
export async function newestCheckpoint(): Promise<Date | null> {
  const { rows } = await openedKeyStore().pool.query<{ at: Date | null }>(
    "SELECT max(at) AS at FROM audit_checkpoints",
  );
  return rows[0]?.at ?? null;
}

export async function keepCheckpoints(checkpoints: Checkpoint[]): Promise<void> {
  await write(checkpoints, "WHERE audit_checkpoints.seq < excluded.seq");
}

/** Also backwards: after a restore that was told of in the platform's chain. */
export async function replaceCheckpoints(checkpoints: Checkpoint[]): Promise<void> {
  await write(checkpoints, "");
}

/** Forgets the checkpoints of all chains but these: of the others nothing is there any more. */
export async function keepCheckpointsOf(chains: string[]): Promise<void> {
  await openedKeyStore().pool.query("DELETE FROM audit_checkpoints WHERE chain <> ALL ($1)", [chains]);
}

async function write(checkpoints: Checkpoint[], condition: string): Promise<void> {
  const column = <K extends keyof Checkpoint>(name: K) => checkpoints.map((each) => each[name]);
  await openedKeyStore().pool.query(
    `INSERT INTO audit_checkpoints (chain, seq, hash, at, signature, key_id)
     SELECT * FROM unnest($1::text[], $2::integer[], $3::text[], $4::timestamptz[], $5::text[], $6::text[])
     ON CONFLICT (chain) DO UPDATE
       SET seq = excluded.seq, hash = excluded.hash, at = excluded.at, signature = excluded.signature, key_id = excluded.key_id
       ${condition}`,
    [column("chain"), column("seq"), column("hash"), column("at"), column("signature"), column("keyId")],
  );
}
