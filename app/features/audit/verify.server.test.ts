// Every way to tamper with a chain, by somebody who may do anything to the database but sign: triggers off, unique indexes gone.
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordAudit } from "#app/features/audit/audit.server.ts";
import { entryHash, genesis, headStatement, writeEntry } from "#app/features/audit/chain.ts";
import { verifyChain } from "#app/features/audit/verify.server.ts";
import { replaceCheckpoints } from "#app/platform/crypto/checkpoints.ts";
import { connectKeyStore, disconnectKeyStore, ensureShopKey } from "#app/platform/crypto/keystore.ts";
import { openSigner } from "#app/platform/crypto/signing.ts";
import { connectDatabase, disconnectDatabase, forPlatform, forShop } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { withOrigin } from "#app/platform/http/origin.ts";
import { createTestDatabase, type TestDatabase } from "#tests/db.ts";
import { overTheWall } from "#tests/setup/wall.ts";

type Row = { entry: string; hash: string; detail: string | null };
type Head = { seq: number; hash: string; at: Date; signature: string; keyId: string };
type State = { rows: Row[]; head: Head | null };

const LENGTH = 12;
let database: TestDatabase;
let owner: Client;
let shopId: string;
let genuine: State;
/** A chain of the same length, of another shop. */
let stranger: Row[];
/** The signed ends that the chain once had, by their place. */
const ends: Head[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await connectDatabase({ url: database.url });
  await connectKeyStore({ url: database.keysUrl, keyring: [{ id: "k1", key: randomBytes(32) }] });
  owner = new Client({ connectionString: overTheWall(database.url) });
  await owner.connect();
  shopId = await makeChain();
  genuine = await read(shopId);
  const signer = await openSigner();
  genuine.rows.forEach(({ hash }, index) => {
    const end = { seq: index + 1, hash };
    const at = new Date(2026, 0, index + 1);
    ends[end.seq] = { ...end, at, ...signer.sign(headStatement(shopId, end, at)) };
  });
  stranger = (await read(await makeChain())).rows;
  await owner.query("ALTER TABLE audit_events DISABLE TRIGGER USER");
  await owner.query("ALTER TABLE audit_events DROP CONSTRAINT audit_events_pkey");
});
afterAll(async () => {
  await owner.end();
  await disconnectDatabase();
  await disconnectKeyStore();
  await database.drop();
});

async function makeChain(): Promise<string> {
  const id = newId();
  await ensureShopKey(id);
  await forPlatform("install", (tx) =>
    tx.shop.create({ data: { id, domain: `${id}.myshopify.com`, name: "A shop", settings: {} } }),
  );
  for (let place = 1; place <= LENGTH; place += 1) {
    const one = () =>
      forShop(id, (tx) => recordAudit(tx, id, { actor: "user:7", action: "sending.on", after: { place } }));
    // Every other entry with a sealed detail.
    await (place % 2 ? one() : withOrigin("203.0.113.7", one));
  }
  return id;
}

async function read(id: string): Promise<State> {
  const { rows } = await owner.query<Row>(
    "SELECT entry, hash, encode(detail_sealed, 'hex') AS detail FROM audit_events WHERE shop_id = $1 ORDER BY seq",
    [id],
  );
  const heads = await owner.query<Head>(
    `SELECT seq, hash, at, signature, key_id AS "keyId" FROM audit_heads WHERE shop_id = $1`,
    [id],
  );
  return { rows, head: heads.rows[0] ?? null };
}

async function write({ rows, head }: State): Promise<void> {
  await owner.query("BEGIN");
  await owner.query("DELETE FROM audit_events WHERE shop_id = $1", [shopId]);
  await owner.query("DELETE FROM audit_heads WHERE shop_id = $1", [shopId]);
  await owner.query(
    `INSERT INTO audit_events (shop_id, entry, hash, detail_sealed)
     SELECT $1, entry, hash, decode(detail, 'hex') FROM unnest($2::text[], $3::text[], $4::text[]) AS row (entry, hash, detail)`,
    [shopId, rows.map(({ entry }) => entry), rows.map(({ hash }) => hash), rows.map(({ detail }) => detail)],
  );
  if (head)
    await owner.query(
      "INSERT INTO audit_heads (shop_id, seq, hash, at, signature, key_id) VALUES ($1, $2, $3, $4, $5, $6)",
      [shopId, head.seq, head.hash, head.at, head.signature, head.keyId],
    );
  await owner.query("COMMIT");
}

/** What somebody may try: the entry it is about (from 1), another one, and where the outside checkpoint stands. */
type Attempt = { place: number; other: number; checkpoint: number };
/** Changes the state in place. @returns the entry that verification has to name */
type Tampering = (state: State, attempt: Attempt) => number;

const forged = (row: Row): Row => ({ ...row, entry: row.entry.replace('"user:7"', '"user:8"') });
const moved = (row: Row, seq: number): Row => ({
  ...row,
  entry: row.entry.replace(/"seq":\d+/, `"seq":${seq}`),
});
/** Hashes everything anew from an entry on, as if nothing had happened. */
function rehash(rows: Row[], from: number): void {
  for (let index = from - 1; index < rows.length; index += 1) {
    const before = rows[index - 1]?.hash ?? genesis(shopId).hash;
    rows[index] = { ...rows[index]!, hash: entryHash(before, rows[index]!.entry) };
  }
}
/** Where a chain that is consistent in itself, but another one from `place` on, is found: at the checkpoint, or at its end. */
const consistentFrom = ({ place, checkpoint }: Attempt) => (checkpoint >= place ? checkpoint : LENGTH);
const at = (rows: Row[], place: number) => rows[place - 1]!;

const tamperings: Record<string, Tampering> = {
  "alters an entry": ({ rows }, { place }) => {
    rows[place - 1] = forged(at(rows, place));
    return place;
  },
  "alters an entry's hash": ({ rows }, { place }) => {
    rows[place - 1] = { ...at(rows, place), hash: entryHash("", "") };
    return place;
  },
  "alters an entry together with its hash": ({ rows }, { place, checkpoint }) => {
    rows[place - 1] = forged(at(rows, place));
    const [hashed] = [rows.slice(0, place)];
    rehash(hashed, place);
    rows[place - 1] = hashed[place - 1]!;
    return place === checkpoint || place === LENGTH ? place : place + 1;
  },
  "alters an entry and hashes the rest anew": ({ rows }, attempt) => {
    rows[attempt.place - 1] = forged(at(rows, attempt.place));
    rehash(rows, attempt.place);
    return consistentFrom(attempt);
  },
  "alters an entry, hashes the rest anew and takes the head along": (state, attempt) => {
    const { rows, head } = state;
    rows[attempt.place - 1] = forged(at(rows, attempt.place));
    rehash(rows, attempt.place);
    state.head = { ...head!, hash: at(rows, LENGTH).hash };
    return consistentFrom(attempt);
  },
  "deletes an entry": ({ rows }, { place }) => {
    rows.splice(place - 1, 1);
    return place;
  },
  "deletes an entry and closes the gap": ({ rows }, { place }) => {
    rows.splice(place - 1, 1);
    for (let index = place - 1; index < rows.length; index += 1) rows[index] = moved(rows[index]!, index + 1);
    return place;
  },
  "deletes an entry, closes the gap and hashes the rest anew": ({ rows }, { place, checkpoint }) => {
    rows.splice(place - 1, 1);
    for (let index = place - 1; index < rows.length; index += 1) rows[index] = moved(rows[index]!, index + 1);
    rehash(rows, place);
    return checkpoint >= place ? Math.min(checkpoint, LENGTH) : LENGTH;
  },
  "inserts an entry in the place of another": ({ rows }, { place }) => {
    rows.splice(place, 0, forged(at(rows, place)));
    return place;
  },
  "inserts an entry that follows the one before, beside the genuine one": ({ rows }, { place }) => {
    const fork = [...rows.slice(0, place - 1), forged(at(rows, place))];
    rehash(fork, place);
    rows.splice(place, 0, fork[place - 1]!);
    return place;
  },
  "inserts an entry and moves the rest": ({ rows }, { place }) => {
    rows.splice(place, 0, forged(at(rows, place)));
    for (let index = place; index < rows.length; index += 1) rows[index] = moved(rows[index]!, index + 1);
    return place === LENGTH ? LENGTH + 1 : place + 1;
  },
  "appends an entry": ({ rows }) => {
    rows.push(forged(moved(at(rows, LENGTH), LENGTH + 1)));
    rehash(rows, LENGTH + 1);
    return LENGTH + 1;
  },
  "swaps what two entries say": ({ rows }, { place, other }) => {
    const [first, second] = [at(rows, place), at(rows, other)];
    rows[place - 1] = { ...moved(second, place), hash: first.hash };
    rows[other - 1] = { ...moved(first, other), hash: second.hash };
    return Math.min(place, other);
  },
  "swaps two entries with their hashes": ({ rows }, { place, other }) => {
    const [first, second] = [at(rows, place), at(rows, other)];
    rows[place - 1] = moved(second, place);
    rows[other - 1] = moved(first, other);
    return Math.min(place, other);
  },
  "cuts off the beginning": ({ rows }, { place }) => {
    rows.splice(0, place);
    return 1;
  },
  "cuts off the tail": ({ rows }, { place }) => {
    rows.length = place - 1;
    return place;
  },
  "cuts off the tail and puts back the head of that time": (state, attempt) => {
    const place = Math.max(2, Math.min(attempt.place, attempt.checkpoint));
    attempt.checkpoint = Math.max(place, attempt.checkpoint);
    state.rows.length = place - 1;
    state.head = ends[place - 1]!;
    return place;
  },
  "removes the whole chain": (state) => {
    state.rows = [];
    state.head = null;
    return 1;
  },
  "removes the head": (state) => {
    state.head = null;
    return 1;
  },
  "forks the chain and takes the head along": (state, attempt) => {
    const { rows, head } = state;
    for (let index = attempt.place - 1; index < LENGTH; index += 1) rows[index] = forged(rows[index]!);
    rehash(rows, attempt.place);
    state.head = { ...head!, hash: at(rows, LENGTH).hash, at: new Date() };
    return consistentFrom(attempt);
  },
  "signs the head with another key": (state) => {
    state.head = { ...state.head!, signature: randomBytes(64).toString("base64url") };
    return LENGTH;
  },
  "puts in an entry of another shop": ({ rows }, { place }) => {
    rows[place - 1] = at(stranger, place);
    return place;
  },
  "changes, adds or removes a sealed detail": ({ rows }, { place }) => {
    const { detail } = at(rows, place);
    rows[place - 1] = { ...at(rows, place), detail: detail && place % 4 ? null : "00" };
    return place;
  },
};

test("tampering is always found, at the right place: 1,000 times", { timeout: 240_000 }, async () => {
  const place = fc.integer({ min: 1, max: LENGTH });
  const attempts = fc
    .record({ place, other: place, checkpoint: place })
    .filter((attempt) => attempt.place !== attempt.other);
  const tried = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(tamperings)), attempts, async (name, attempt) => {
      const state = { rows: [...genuine.rows], head: genuine.head };
      const wanted = { ...attempt };
      const found = tamperings[name]!(state, wanted);
      await replaceCheckpoints([{ chain: shopId, ...ends[wanted.checkpoint]! }]);
      await write(state);
      expect((await verifyChain(shopId)).broken?.seq, name).toBe(found);
      tried.add(name);
    }),
    { numRuns: 1_000, endOnFailure: false },
  );
  expect(tried.size).toBe(Object.keys(tamperings).length);
});

test("untouched it is unbroken, wherever the checkpoint stands", async () => {
  await write(genuine);
  for (const end of ends.slice(1)) {
    await replaceCheckpoints([{ chain: shopId, ...end }]);
    expect(await verifyChain(shopId)).toEqual({ chain: shopId, entries: LENGTH, seq: LENGTH, broken: null });
  }
});

test(
  "a chain of many pages is sound, and what is broken on any of them is named",
  { timeout: 240_000 },
  async () => {
    const length = 85_000;
    const rows: Row[] = [];
    let end = genesis(shopId);
    for (let seq = 1; seq <= length; seq += 1) {
      const said = {
        seq,
        id: newId(),
        at: new Date(seq).toISOString(),
        actor: "user:7",
        action: "sending.on",
      };
      const entry = writeEntry(said);
      end = { seq, hash: entryHash(end.hash, entry) };
      rows.push({ entry, hash: end.hash, detail: null });
    }
    const at = new Date(0);
    const head = { ...end, at, ...(await openSigner()).sign(headStatement(shopId, end, at)) };
    await replaceCheckpoints([{ chain: shopId, ...head }]);
    await write({ rows, head });
    expect(await verifyChain(shopId)).toEqual({ chain: shopId, entries: length, seq: length, broken: null });
    for (const [first, last] of [
      [84_000, 84_999],
      [61_000, 83_000],
      [40_001, 40_001],
      [40_000, 40_000],
      [6_001, 39_999],
      [2_000, 2_001],
    ]) {
      await owner.query("UPDATE audit_events SET hash = 'x' WHERE shop_id = $1 AND seq = $2", [
        shopId,
        first,
      ]);
      expect(await verifyChain(shopId)).toMatchObject({ broken: { seq: first, fault: "altered" } });
      await owner.query("DELETE FROM audit_events WHERE shop_id = $1 AND seq BETWEEN $2 AND $3", [
        shopId,
        first,
        last,
      ]);
      expect(await verifyChain(shopId)).toMatchObject({ broken: { seq: first, fault: "missing" } });
    }
  },
);
