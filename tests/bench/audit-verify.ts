// Verifying a long audit chain, against nothing but SHA-256 over the same bytes: one call an entry, from memory, without a database.
import { randomBytes, hash } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { entryHash, genesis, headStatement, writeEntry } from "#app/features/audit/chain.ts";
import { verifyChain } from "#app/features/audit/verify.server.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { openSigner } from "#app/platform/crypto/signing.ts";
import { connectDatabase, disconnectDatabase } from "#app/platform/db/db.ts";
import { startEmbedded } from "#app/platform/db/embedded.ts";
import { newId } from "#app/platform/db/ids.ts";
import { applyMigrations, keyMigrationsFolder } from "#app/platform/db/migrate.ts";
import { overTheWall } from "#tests/setup/wall.ts";
import type { Benchmark, Goal } from "./harness.ts";
import type { Load } from "./load.ts";

const ENTRIES = 1_000_000;
const BATCH = 20_000;

const VERIFY = "audit:verify";
const BARE = "bare SHA-256";
const goals: Goal[] = [{ of: VERIFY, to: BARE, target: 0.3 }];

export const auditVerify: Benchmark = {
  what: `a chain of ${ENTRIES.toLocaleString("en")} entries, read, hashed and compared`,
  async run(measure) {
    const folder = await mkdtemp(join(tmpdir(), "aftercare-bench-"));
    await chmod(folder, 0o755); // under root PostgreSQL runs as another account, which must reach its files
    const dataDir = join(folder, "postgres");
    const database = await startEmbedded({ dataDir, durable: false, log: () => undefined });
    try {
      await applyMigrations(database.url);
      await applyMigrations(database.keysUrl, keyMigrationsFolder);
      await connectDatabase({ url: database.url });
      await connectKeyStore({ url: database.keysUrl, keyring: [{ id: "b1", key: randomBytes(32) }] });
      const { shopId, links } = await seed(database.url);
      await measure(
        [
          { name: VERIFY, measure: () => timed(() => verify(shopId)) },
          { name: BARE, measure: () => timed(() => links.forEach((link) => hash("sha256", link, "hex"))) },
        ],
        goals,
      );
    } finally {
      await disconnectDatabase();
      await disconnectKeyStore();
      await database.stop();
      await rm(database.dataDir, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function verify(shopId: string): Promise<void> {
  const { entries, broken } = await verifyChain(shopId);
  if (broken || entries !== ENTRIES) throw new Error(`${entries} entries, ${JSON.stringify(broken)}`);
}

async function timed(work: () => Promise<void> | void): Promise<Load> {
  const started = performance.now();
  await work();
  const ms = performance.now() - started;
  return { ok: ENTRIES, failed: 0, perSecond: ENTRIES / (ms / 1_000), p50: ms, p99: ms, max: ms };
}

/** @returns what is hashed for each entry, as bytes */
async function seed(url: string): Promise<{ shopId: string; links: Buffer[] }> {
  const sql = new Client({ connectionString: overTheWall(url) });
  await sql.connect();
  const shopId = newId();
  await sql.query(
    "INSERT INTO shops (id, domain, name, settings) VALUES ($1, 'bench.myshopify.com', 'Bench', '{}')",
    [shopId],
  );
  const links: Buffer[] = [];
  let end = genesis(shopId);
  for (let done = 0; done < ENTRIES; done += BATCH) {
    const entries: string[] = [];
    const hashes: string[] = [];
    for (let seq = done + 1; seq <= done + BATCH; seq += 1) {
      const entry = writeEntry({
        seq,
        id: newId(),
        at: new Date(seq * 1_000).toISOString(),
        actor: "user:98765432109",
        action: "trigger.saved",
        subject: shopId,
        request: shopId,
        before: { name: "First use", active: true, priority: seq % 7 },
        after: { name: "First use, renamed", active: true, priority: seq % 5 },
      });
      links.push(Buffer.from(`${end.hash}\n${entry}`));
      end = { seq, hash: entryHash(end.hash, entry) };
      entries.push(entry);
      hashes.push(end.hash);
    }
    await sql.query(
      "INSERT INTO audit_events (shop_id, entry, hash) SELECT $1, * FROM unnest($2::text[], $3::text[])",
      [shopId, entries, hashes],
    );
  }
  const at = new Date();
  const { signature, keyId } = (await openSigner()).sign(headStatement(shopId, end, at));
  await sql.query(
    "INSERT INTO audit_heads (shop_id, seq, hash, at, signature, key_id) VALUES ($1, $2, $3, $4, $5, $6)",
    [shopId, end.seq, end.hash, at, signature, keyId],
  );
  await sql.query("VACUUM ANALYZE audit_events");
  await sql.end();
  return { shopId, links };
}
