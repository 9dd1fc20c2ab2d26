// What row level security costs: the same questions of the same rows through the same doors, with the wall standing and with it taken down.
import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { connectDatabase, disconnectDatabase, forPlatform, forShop } from "#app/platform/db/db.ts";
import { startEmbedded } from "#app/platform/db/embedded.ts";
import { applyMigrations } from "#app/platform/db/migrate.ts";
import { fillWithShops } from "#tests/factories/crowd.ts";
import { readTables } from "#app/platform/db/catalogue.ts";
import { hotQueries, LONG_AGO, type Hot } from "#tests/wall/hot.ts";
import { record } from "#tests/wall/recorder.ts";
import type { Benchmark, Goal, Peer } from "./harness.ts";
import type { Load } from "./load.ts";

const CROWD = { shops: 100, ordersEach: 1_000 };
const SECONDS = 2;
const ATONCE = 4;

const QUESTIONS = {
  "list page": 0.85,
  "message detail": 0.85,
  "section history": 0.85,
  "due claim": 0.85,
  "one query": 0.85,
  "five queries": 0.85,
};
type Question = keyof typeof QUESTIONS;

const walled = (name: string) => `${name}, walled`;
const bare = (name: string) => `${name}, no wall`;

const goals: Goal[] = Object.entries(QUESTIONS).map(([name, target]) => ({
  of: walled(name),
  to: bare(name),
  target,
}));

export const wall: Benchmark = {
  what: `${CROWD.shops} shops of ${CROWD.ordersEach} orders, ${ATONCE} questions at once, row level security forced against disabled`,
  async run(measure) {
    const folder = await mkdtemp(join(tmpdir(), "aftercare-bench-"));
    await chmod(folder, 0o755);
    const database = await startEmbedded({
      dataDir: join(folder, "postgres"),
      durable: true,
      log: () => undefined,
    });
    Object.assign(process.env, environment());
    const sql = new pg.Client({ connectionString: database.url });
    try {
      await applyMigrations(database.url);
      await sql.connect();
      await fillWithShops(sql, CROWD);
      await connectDatabase({ url: database.url, pool: ATONCE });
      const tables = (await readTables(sql)).filter(({ shop }) => shop !== null);
      const stand = async (standing: boolean) => {
        for (const { name } of tables)
          await sql.query(`ALTER TABLE "${name}" ${standing ? "ENABLE" : "DISABLE"} ROW LEVEL SECURITY`);
      };
      const questions = await ask();
      const peers = Object.entries(questions).flatMap(([name, question]): Peer[] => [
        { name: walled(name), measure: async () => (await stand(true), load(question)) },
        { name: bare(name), measure: async () => (await stand(false), load(question)) },
      ]);
      for (const question of Object.values(questions)) await load(question, 0.5);
      await measure(peers, goals);
    } finally {
      await disconnectDatabase();
      await sql.end();
      await database.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function ask(): Promise<Record<Question, () => Promise<unknown>>> {
  const hot: Hot & { shop: { id: string } } = await hotQueries();
  const shopId = hot.shop.id;
  const { id } = await forShop(shopId, (tx) => tx.order.findFirstOrThrow({ where: { shopId } }));
  const claim = await dueClaim(hot.claim);
  const one = () => forShop(shopId, (tx) => tx.order.findUnique({ where: { shopId_id: { shopId, id } } }));
  const five = () =>
    forShop(shopId, async (tx) => {
      for (let count = 0; count < 5; count += 1)
        await tx.order.findUnique({ where: { shopId_id: { shopId, id } } });
    });
  return {
    "list page": hot.list,
    "message detail": hot.detail,
    "section history": hot.history,
    "due claim": claim,
    "one query": one,
    "five queries": five,
  };
}

/** The dispatcher's own statement with something to find, taken back each time: what is claimed stays due. */
async function dueClaim(claim: () => Promise<unknown>): Promise<() => Promise<unknown>> {
  const said = (await record(claim)).find(({ sql }) => sql.includes("sending AS MATERIALIZED"));
  if (!said) throw new Error("the dispatcher no longer claims as it did");
  const longAgo = LONG_AGO.toISOString().slice(0, 10);
  const values = said.values.map((value) =>
    (value instanceof Date ? value.toISOString() : String(value)).startsWith(longAgo)
      ? new Date().toISOString()
      : value,
  );
  const done = new Error("taken back");
  return () =>
    forPlatform("dispatch", async (tx) => {
      await tx.$queryRawUnsafe(said.sql, ...values);
      throw done;
    }).catch((error: unknown) => {
      if (error !== done) throw error;
    });
}

/** Keeps `ATONCE` questions under way. */
async function load(question: () => Promise<unknown>, seconds = SECONDS): Promise<Load> {
  const times: number[] = [];
  const started = performance.now();
  const until = started + seconds * 1000;
  await Promise.all(
    Array.from({ length: ATONCE }, async () => {
      while (performance.now() < until) {
        const asked = performance.now();
        await question();
        times.push(performance.now() - asked);
      }
    }),
  );
  const elapsed = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return {
    perSecond: times.length / elapsed,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    ok: times.length,
    failed: 0,
  };
}

/** The features read it, and send nothing here. */
function environment(): Record<string, string> {
  return {
    NODE_ENV: "test",
    KEYRING: `b1:${randomBytes(32).toString("base64")}`,
    SHOPIFY_API_KEY: "bench",
    SHOPIFY_API_SECRET: "bench-secret",
    SHOPIFY_APP_URL: "https://app.test",
    RESEND_API_KEY: "re_bench",
    RESEND_WEBHOOK_SECRET: "whsec_YmVuY2g=",
    MAIL_SHARED_DOMAIN: "mail.example.com",
    SUPPORT_EMAIL: "support@example.com",
  };
}
