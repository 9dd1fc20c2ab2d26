// Kills the worker (-9) exactly between the provider's answer and the record of it, again and again, while some of the orders
// in the batch are cancelled, and counts what the buyers got.
import { once } from "node:events";
import pg from "pg";
import { emptyDefinition } from "#app/features/triggers/triggers.ts";
import { openDoor, publish } from "#tests/sandbox/demo.door.ts";
import { startStack, type Stack } from "#tests/setup/stack.ts";
import { overTheWall } from "#tests/setup/wall.ts";

export type KillReport = {
  kills: number;
  /** Messages that were frozen into a batch at the moment of a kill. */
  inDoubt: number;
  orders: number;
  cancelled: number;
  /** Cancelled before they were in any batch: rightly never sent. */
  stopped: number;
  delivered: number;
  lost: number;
  twice: number;
  /** Requests that repeated a key, and of those how many differed in a byte. */
  repeats: number;
  differing: number;
  largestBatch: number;
};

const PRODUCT = "Trailcell 600 Lithium Battery Pack";

/** @param batchOf how many orders to place before each kill, at most 100 */
export async function killWorker(options: {
  folder: string;
  kills: number;
  batchOf: (round: number) => number;
  log: (line: string) => void;
}): Promise<KillReport> {
  const stack = await startStack({
    folder: options.folder,
    durable: true,
    sandbox: { mailsPerSecond: 1_000 },
    env: { MAIL_SHARED_DAILY_CAP: "1000000" },
    log: options.log,
  });
  const admin = new pg.Client({ connectionString: stack.superuserUrl.replace(/\/[^/]*$/, "/aftercare") });
  await admin.connect();
  try {
    return await rounds(stack, admin, options);
  } finally {
    await admin.end();
    await stack.stop();
  }
}

async function rounds(
  stack: Stack,
  admin: pg.Client,
  { kills, batchOf, log }: { kills: number; batchOf: (round: number) => number; log: (line: string) => void },
): Promise<KillReport> {
  await addTrigger(stack);
  const placed = new Set<string>();
  let inDoubt = 0;
  let cancelled = 0;
  for (let round = 1; round <= kills; round += 1) {
    await setSending(admin, false);
    const size = batchOf(round);
    const names: string[] = [];
    for (let index = 0; index < size; index += 1) {
      const order = stack.sandbox.placeOrder({
        email: `buyer-${round}-${index}@example.com`,
        lines: [{ product: PRODUCT }],
      });
      names.push(order.id);
      placed.add(order.name);
    }
    await until(admin, "SELECT count(*)::int AS n FROM messages WHERE state = 'planned'", (n) => n === size);

    // The record of an answer writes attempts: with this lock the worker has its answer and cannot note it.
    await admin.query("BEGIN");
    await admin.query("LOCK TABLE attempts IN SHARE ROW EXCLUSIVE MODE");
    await setSendingElsewhere(stack, true);
    await until(
      admin,
      "SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND relation = 'attempts'::regclass",
      (n) => n > 0,
    );
    const frozen = await admin.query("SELECT 1 FROM messages WHERE state = 'sending'");
    inDoubt += frozen.rowCount ?? 0;
    const killed = stack.worker.ended;
    const restarted = stack.restartWorker("kill");
    // Only a dead worker may get the lock's end: a living one would note the answer.
    await killed;
    for (const id of names.filter((_, index) => index % 5 === 0)) {
      stack.sandbox.cancelOrder({ order: id });
      cancelled += 1;
    }
    await admin.query("ROLLBACK");
    await restarted;
    // Nobody waits here: not a minute for the dead worker's lease, nor minutes for what a loaded machine was too slow to write out.
    await admin.query("UPDATE batches SET next_at = now() WHERE state = 'frozen'");
    await until(
      admin,
      "SELECT count(*)::int AS n FROM messages WHERE state IN ('planned', 'sending')",
      (n) => n === 0,
      () => bringHeldForward(admin),
    );
    // What the provider tells of a mail settles its message before the batch is repeated.
    await until(admin, "SELECT count(*)::int AS n FROM batches WHERE state = 'frozen'", (n) => n === 0);
    log(`kill ${round} of ${kills}: ${size} orders, all settled`);
  }
  const { rows } = await admin.query<{ name: string }>(
    "SELECT o.name FROM messages m JOIN orders o ON o.shop_id = m.shop_id AND o.id = m.order_id WHERE m.state = 'cancelled'",
  );
  return count(stack, [...placed], new Set(rows.map((row) => row.name)), { kills, inDoubt, cancelled });
}

/** One template and one trigger for the product, through the app's own forms. */
async function addTrigger(stack: Stack): Promise<void> {
  const opened = await stack.sandbox.openApp(undefined, "/app");
  if (opened.status !== 200) throw new Error(`the app was answered with ${opened.status}`);
  const door = openDoor(stack);
  const content = { subject: "About {{ order.name }}", body: "Charge it fully before the first use." };
  const template = await door.send<{ saved: { id: string } }>("app.templates.$id", "/app/templates/draft", {
    name: "First use",
    purpose: "usage",
    fallbackLocale: "en",
    locales: { en: content },
  });
  const { saved } = await door.send<{ saved: { id: string } }>("app.triggers.$id", "/app/triggers/new", {
    name: "First use",
    templateId: template.saved.id,
    priority: 0,
    definition: {
      ...emptyDefinition,
      include: { mode: "any", rules: [{ kind: "tag", values: [{ id: "lithium", label: "lithium" }] }] },
      start: { event: "paid", fallbackDays: null },
      delay: { amount: 0, unit: "minutes" },
    },
  });
  await publish(door, saved.id);
}

function count(
  stack: Stack,
  placed: string[],
  stopped: Set<string>,
  known: { kills: number; inDoubt: number; cancelled: number },
): KillReport {
  const mailsOf = new Map<string, number>();
  for (const mail of stack.sandbox.mails()) {
    const [name] = /#\d+/.exec(mail.subject) ?? [];
    if (name) mailsOf.set(name, (mailsOf.get(name) ?? 0) + 1);
  }
  const byKey = Map.groupBy(stack.sandbox.mailRequests(), (request) => request.idempotencyKey ?? "");
  const repeated = [...byKey.values()].filter((requests) => requests.length > 1);
  const sizes = [...byKey.values()].map(
    ([first]) => (JSON.parse(Buffer.from(first!.body, "base64").toString()) as unknown[]).length,
  );
  return {
    ...known,
    orders: placed.length,
    stopped: stopped.size,
    delivered: placed.filter((name) => mailsOf.get(name) === 1).length,
    lost: placed.filter((name) => !mailsOf.has(name) && !stopped.has(name)).length,
    twice: placed.filter((name) => (mailsOf.get(name) ?? 0) > 1).length,
    repeats: repeated.reduce((sum, requests) => sum + requests.length - 1, 0),
    differing: repeated.filter((requests) => requests.some((request) => request.body !== requests[0]?.body))
      .length,
    largestBatch: Math.max(0, ...sizes),
  };
}

async function setSending(admin: pg.Client, on: boolean): Promise<void> {
  await admin.query("UPDATE shops SET sending = $1", [on]);
}

/** On a connection of its own: the other one is in the middle of a transaction. */
async function setSendingElsewhere(stack: Stack, on: boolean): Promise<void> {
  const client = new pg.Client({ connectionString: overTheWall(stack.databaseUrl) });
  await client.connect();
  await client.query("UPDATE shops SET sending = $1", [on]);
  await client.query("SELECT pg_notify('messages_due', '')");
  await client.end();
}

/** Held for five minutes until the renderer has time again: here for twenty seconds, so that it does have time. */
async function bringHeldForward(admin: pg.Client): Promise<void> {
  const { rowCount } = await admin.query(
    "UPDATE messages SET due_at = now() WHERE state = 'planned' AND reason = 'render_held' AND due_at BETWEEN now() AND now() + interval '280 seconds'",
  );
  if (rowCount) await admin.query("SELECT pg_notify('messages_due', '')");
}

/** Asks the database until the number is as wanted, and helps meanwhile. Fails after two minutes. */
async function until(
  admin: pg.Client,
  query: string,
  wanted: (n: number) => boolean,
  help?: () => Promise<void>,
): Promise<void> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    const { rows } = await admin.query<{ n: number }>(query);
    const n = rows[0]?.n ?? 0;
    if (wanted(n)) return;
    await help?.();
    if (performance.now() > deadline)
      throw new Error(`still ${n} after two minutes: ${query}\n${await describeWaiting(admin)}`);
    await once(AbortSignal.timeout(20), "abort");
  }
}

async function describeWaiting(admin: pg.Client): Promise<string> {
  const { rows } = await admin.query<object>(
    `SELECT m.state, m.reason, m.due_at - now() AS due_in, m.timeline -> -1 AS last, b.state AS batch, b.code, b.attempts
       FROM messages m LEFT JOIN batches b ON b.id = m.batch_id WHERE m.state IN ('planned', 'sending')`,
  );
  return rows.map((row) => JSON.stringify(row)).join("\n");
}
