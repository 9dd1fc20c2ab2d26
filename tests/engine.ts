// The engine on one desk: a database of its own, the sandbox, the door and the inbox in this process, a clock to turn.
import { createServer } from "node:http";
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { dispatchRound } from "#app/features/messages/dispatch.server.ts";
import { noticeRound } from "#app/features/messages/notices.send.server.ts";
import { sessionStorage } from "#app/features/shops/sessions.server.ts";
import { ensureShop, setSending, type Shop } from "#app/features/shops/shops.server.ts";
import { closeRenderer } from "#app/features/templates/render.server.ts";
import { saveTemplate } from "#app/features/templates/templates.server.ts";
import type { TemplateDraft } from "#app/features/templates/templates.ts";
import type { TriggerDraft } from "#app/features/triggers/triggers.ts";
import { openKeyring } from "#app/platform/crypto/keyring.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import { connectDatabase, disconnectDatabase, forShop, rawPool } from "#app/platform/db/db.ts";
import { env } from "#app/platform/env.ts";
import { openDoor } from "#app/platform/inbox/door.ts";
import { consumeInbox, inboxDepth } from "#app/platform/inbox/inbox.ts";
import { openInboxStore } from "#app/platform/inbox/store.ts";
import { startQueue } from "#app/platform/queue/queue.ts";
import { setLogLevel } from "#app/platform/log.ts";
import { jobs } from "#app/jobs.ts";
import { handleWebhook, webhookSources } from "#app/webhooks.ts";
import { Session } from "@shopify/shopify-api";
import { createTestDatabase } from "#tests/db.ts";
import * as make from "#tests/factories/orders.ts";
import { saveLive } from "#tests/factories/releases.ts";
import { DEFAULT_SHOP, startSandbox, type Sandbox } from "#tests/sandbox/sandbox.ts";
import { makeScratch, removeScratch } from "#tests/setup/scratch.ts";
import { vi } from "vitest";

export const BATTERY = "Trailcell 600 Lithium Battery Pack";

export type Engine = {
  sandbox: Sandbox;
  shop: Shop;
  /** Where webhooks are delivered. */
  doorUrl: string;
  databaseUrl: string;
  keysUrl: string;
  /** What the engine takes for now; null = the real time. */
  setTime(now: Date | null): void;
  clock(): Date;
  /** One more of the sandbox's shops, installed and sending. */
  install(domain: string): Promise<Shop>;
  /** A template and a trigger for it, switched on; of the first shop unless another is named. */
  addTrigger(over?: {
    shop?: Shop;
    name?: string;
    draft?: Partial<TemplateDraft>;
    trigger?: Partial<TriggerDraft>;
  }): Promise<{ triggerId: string; templateId: string }>;
  productId(title: string): string;
  /** Waits until every webhook on its way has arrived and was handled, and the jobs that came of it have ended. */
  settle(): Promise<void>;
  /** Sends what is due until nothing is. */
  dispatch(): Promise<void>;
  stop(): Promise<void>;
};

const JOBS_UNDER_WAY =
  "SELECT name, state, output FROM pgboss.job WHERE state IN ('created', 'active', 'retry') AND start_after <= now() LIMIT 1";

/** Starts it with one installed shop that is sending. */
export async function startEngine(): Promise<Engine> {
  const database = await createTestDatabase();
  const folder = await makeScratch();
  const door: { answer: ReturnType<typeof openDoor>["answer"] | null } = { answer: null };
  const server = createServer((req, res) => void door.answer?.(req, res));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const doorUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sandbox = await startSandbox({
    appUrl: doorUrl,
    apiKey: "engine-key",
    apiSecret: "engine-secret-0123456789",
    resendApiKey: "re_engine",
    resendWebhookSecret: `whsec_${randomBytes(24).toString("base64")}`,
    mailsPerSecond: 1_000,
    webhookRetries: [50, 100, 200, 400, 800, 1_600, 3_200, 6_400],
  });
  // What becomes of a mail is told when a test asks for it.
  sandbox.mailEvents.weather.hold = true;
  Object.assign(process.env, {
    ...sandbox.env,
    KEYRING: `k1:${randomBytes(32).toString("base64")}`,
    SUPPORT_EMAIL: "support@aftercare.test",
    NODE_ENV: "test",
    DATA_DIR: folder,
  });
  await import("#tests/sandbox/redirect.mjs");
  setLogLevel("silent");
  await connectDatabase({ url: database.url });
  await connectKeyStore({ url: database.keysUrl, keyring: await openKeyring(env()) });
  const store = openInboxStore({ url: database.url });
  door.answer = openDoor({ sources: webhookSources(env()), store }).answer;

  let time: Date | null = null;
  const clock = () => time ?? new Date();
  const ending = new AbortController();
  // Without schedules: what comes round by itself is called by the test that wants it.
  const queue = await startQueue({ jobs: jobs.filter(({ schedule }) => !schedule), work: true, clock });
  const consuming = consumeInbox({ handle: handleWebhook, signal: ending.signal, clock });

  const install = async (domain: string) => {
    const token = sandbox.tokens.issue(sandbox.shops[domain]!);
    await sessionStorage.storeSession(
      new Session({
        id: `offline_${domain}`,
        shop: domain,
        state: "",
        isOnline: false,
        accessToken: token.token,
        refreshToken: token.refreshToken ?? undefined,
        expires: new Date(token.expiresAt),
        scope: token.scopes.join(","),
      }),
    );
    const shop = await ensureShop(domain, new Date());
    await forShop(shop.id, (tx) => setSending(tx, shop.id, true, "user:1"));
    return shop;
  };
  const firstShop = await install(DEFAULT_SHOP);

  const productId = (title: string) => {
    const product = sandbox.shops[DEFAULT_SHOP]!.products.find((each) => each.title === title);
    if (!product) throw new Error(`no product ${title}`);
    return product.id;
  };
  return {
    sandbox,
    shop: firstShop,
    doorUrl,
    databaseUrl: database.url,
    keysUrl: database.keysUrl,
    install,
    clock,
    setTime: (now) => void (time = now),
    productId,
    async addTrigger({ shop = firstShop, name = "First use", draft, trigger } = {}) {
      return forShop(shop.id, async (tx) => {
        const content = {
          subject: `About {{ line.title }} in {{ order.name }}`,
          body: `Hello {{ customer.first_name }}, charge it fully.`,
        };
        const template = await saveTemplate(
          tx,
          shop.id,
          null,
          { name, purpose: "usage", fallbackLocale: "en", locales: { en: content }, ...draft },
          "user:1",
          clock(),
        );
        const include = {
          mode: "any" as const,
          rules: [{ kind: "product" as const, values: [{ id: productId(BATTERY), label: BATTERY }] }],
        };
        const saved = await saveLive(
          tx,
          shop.id,
          null,
          {
            name,
            priority: 0,
            templateId: template.id,
            ...trigger,
            definition: trigger?.definition ?? make.definition({ include }),
          },
          "user:1",
          clock(),
        );
        return { triggerId: saved.id, templateId: template.id };
      });
    },
    async settle() {
      await sandbox.webhooks.settled();
      await vi.waitFor(
        async () => {
          const { pending } = await inboxDepth();
          if (pending > 0) throw new Error(`${pending} webhooks wait in the inbox`);
          const { rows } = await rawPool().query(JOBS_UNDER_WAY);
          if (rows.length > 0) throw new Error(`a job has not ended: ${JSON.stringify(rows[0])}`);
        },
        { timeout: 120_000, interval: 20 },
      );
    },
    async dispatch() {
      while ((await dispatchRound("email", clock)) || (await noticeRound(clock)));
    },
    async stop() {
      ending.abort();
      await consuming;
      await queue.stop();
      await sandbox.stop();
      server.closeAllConnections();
      server.close();
      await store.close();
      await closeRenderer();
      await disconnectDatabase();
      await disconnectKeyStore();
      await database.drop();
      await removeScratch(folder);
    },
  };
}
