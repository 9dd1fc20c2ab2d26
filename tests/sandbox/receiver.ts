import { createServer, type IncomingHttpHeaders } from "node:http";
import { close, listen } from "#tests/sandbox/http.ts";
import { startSandbox, type Sandbox, type SandboxOptions } from "#tests/sandbox/sandbox.ts";

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A stand-in for the app that records what it is sent. */
export interface Receiver {
  url: string;
  received: Received[];
  /** What it answers; changeable while running. */
  answer: { status: number };
  /** Waits until so many requests have come (with that webhook topic, if named). */
  until(count: number, topic?: string): Promise<Received[]>;
  stop(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const answer = { status: 200 };
  const waiting = new Set<() => void>();
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      received.push({
        path: req.url ?? "",
        headers: req.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      });
      res.writeHead(answer.status).end();
      for (const look of waiting) look();
    });
  });
  const port = await listen(server, 0, "127.0.0.1");
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    answer,
    until(count, topic) {
      return new Promise((resolve) => {
        const look = () => {
          const found = received.filter((each) => !topic || each.headers["x-shopify-topic"] === topic);
          if (found.length < count) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      });
    },
    stop: () => close(server),
  };
}

export const FIXTURE_TOML = new URL("./fixtures/shopify.app.toml", import.meta.url).pathname;
export const API_KEY = "sandbox-key";
export const API_SECRET = "sandbox-secret";
export const WEBHOOK_SECRET = `whsec_${Buffer.from("a secret for mail events").toString("base64")}`;
export const ACME = "acme-outdoor.myshopify.com";

/** A sandbox with a receiver behind it, for the sandbox's own tests. */
export async function startPair(
  options: Partial<SandboxOptions> = {},
): Promise<{ sandbox: Sandbox; app: Receiver; stop: () => Promise<void> }> {
  const app = await startReceiver();
  const sandbox = await startSandbox({
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    appUrl: app.url,
    resendApiKey: "re_test",
    resendWebhookSecret: WEBHOOK_SECRET,
    tomlFile: FIXTURE_TOML,
    ...options,
  });
  sandbox.mailEvents.weather.delay = 1;
  return {
    sandbox,
    app,
    async stop() {
      await sandbox.stop();
      await app.stop();
    },
  };
}
