// The whole product on one machine: PostgreSQL, the sandbox, the app's web process and its worker.
import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { join } from "node:path";
import { startEmbedded } from "#app/platform/db/embedded.ts";
import { applyMigrations, keyMigrationsFolder } from "#app/platform/db/migrate.ts";
import { startSandbox, type Sandbox, type SandboxOptions } from "#tests/sandbox/sandbox.ts";
import { startProcess, type AppProcess } from "#tests/setup/process.ts";

export type Ports = {
  admin?: number;
  app?: number;
  mail?: number;
  web?: number;
  worker?: number;
  database?: number;
  tls?: number;
};

export type StackOptions = {
  /** Data, secrets and logs; kept and used again. */
  folder: string;
  /** 0 or nothing = any free one; `tls` is opened only when named. */
  ports?: Ports;
  /** false: faster and not safe against a power cut, for tests. */
  durable?: boolean;
  sandbox?: Partial<SandboxOptions>;
  /** More environment for the app's processes. */
  env?: Record<string, string>;
  log: (line: string) => void;
};

export type Stack = {
  sandbox: Sandbox;
  /** Where the web process itself listens. */
  webUrl: string;
  databaseUrl: string;
  keysUrl: string;
  superuserUrl: string;
  secrets: Secrets;
  /** Environment of the app's processes. */
  env: Record<string, string>;
  web: AppProcess;
  worker: AppProcess;
  /** Ends the worker (-9 unless told otherwise) and starts it again. */
  restartWorker: (how?: "kill" | "stop") => Promise<void>;
  restartWeb: (how?: "kill" | "stop") => Promise<void>;
  /** Resolves with the reason when a part of it ends by itself. */
  lost: Promise<string>;
  /** Stops everything in order; `hurry` ends the app's processes at once. */
  stop: (options?: { hurry?: boolean }) => Promise<void>;
};

export type Secrets = {
  apiKey: string;
  apiSecret: string;
  resendApiKey: string;
  resendWebhookSecret: string;
  keyring: string;
};

/** Starts everything, in the order in which one needs the other. Throws in words for the person; nothing is left running then. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { folder, ports = {}, log } = options;
  const secrets = readSecrets(folder);
  const [web = 0, worker = 0] = await choosePorts([ports.web ?? 0, ports.worker ?? 0]);
  const webUrl = `http://127.0.0.1:${web}`;
  const undo: (() => Promise<void>)[] = [];
  const stopAll = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };

  try {
    const database = await startEmbedded({
      dataDir: join(folder, "postgres"),
      port: ports.database || undefined,
      durable: options.durable ?? true,
      log,
    });
    undo.push(database.stop);
    const migrated = [
      ...(await applyMigrations(database.url)),
      ...(await applyMigrations(database.keysUrl, keyMigrationsFolder)),
    ];
    log(
      `database ${database.adopted ? "found running" : "started"} on port ${database.port}` +
        (migrated.length ? `, ${migrated.length} migrations applied` : ""),
    );

    const sandbox = await startSandbox({
      ports: { admin: ports.admin ?? 0, app: ports.app ?? 0, mail: ports.mail ?? 0, ...tlsPort(ports) },
      dataDir: join(folder, "sandbox"),
      appUrl: webUrl,
      apiKey: secrets.apiKey,
      apiSecret: secrets.apiSecret,
      resendApiKey: secrets.resendApiKey,
      resendWebhookSecret: secrets.resendWebhookSecret,
      ...options.sandbox,
    });
    undo.push(sandbox.stop);
    log(`sandbox started: ${sandbox.shopifyUrl}`);

    const env: Record<string, string> = {
      NODE_ENV: "development",
      HOST: "127.0.0.1",
      PORT: String(web),
      WORKER_PORT: String(worker),
      DATABASE_URL: database.url,
      KEYS_DATABASE_URL: database.keysUrl,
      DATA_DIR: folder,
      KEYRING: secrets.keyring,
      SUPPORT_EMAIL: "support@aftercare.test",
      HOSTING_PROVIDER: "This computer",
      DATA_REGION: "On this computer",
      ...sandbox.env,
      ...options.env,
    };
    const starts = {
      web: { name: "web", entry: "app/entry.web.ts", readyUrl: `${webUrl}/health/ready` },
      worker: {
        name: "worker",
        entry: "app/entry.worker.ts",
        readyUrl: `http://127.0.0.1:${worker}/health/ready`,
      },
    };
    const begin = (which: "web" | "worker") =>
      startProcess({ ...starts[which], env, logFile: join(folder, "logs", `${which}.log`) });

    let stopping = false;
    let tell: (reason: string) => void;
    const lost = new Promise<string>((done) => (tell = done));
    void database.lost.then((reason) => tell(reason));
    const expected = new Set<AppProcess>();
    const watch = (started: AppProcess) =>
      void started.ended.then((how) => {
        if (stopping || expected.has(started)) return;
        tell(`the ${started.name} process ${how}. Its last words:\n${started.lastWords()}`);
      });

    const running = {} as Record<"web" | "worker", AppProcess>;
    for (const which of ["web", "worker"] as const) {
      running[which] = await begin(which);
      watch(running[which]);
      undo.push(() => running[which].stop());
      log(`${which} process started`);
    }
    const restart =
      (which: "web" | "worker") =>
      async (how: "kill" | "stop" = "kill"): Promise<void> => {
        expected.add(running[which]);
        await running[which][how]();
        running[which] = await begin(which);
        watch(running[which]);
      };

    return {
      sandbox,
      webUrl,
      secrets,
      env,
      databaseUrl: database.url,
      keysUrl: database.keysUrl,
      superuserUrl: database.superuserUrl,
      get web() {
        return running.web;
      },
      get worker() {
        return running.worker;
      },
      restartWeb: restart("web"),
      restartWorker: restart("worker"),
      lost,
      stop: async ({ hurry = false } = {}) => {
        stopping = true;
        if (hurry) await Promise.all([running.web.kill(), running.worker.kill()]);
        await stopAll();
      },
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

const tlsPort = (ports: Ports) => (ports.tls === undefined ? {} : { tls: ports.tls });

/** Made once for this folder: the data in it is sealed under them. All begin with a mark by which production refuses them (env.ts). */
function readSecrets(folder: string): Secrets {
  const file = join(folder, "secrets.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Secrets;
  mkdirSync(folder, { recursive: true });
  const secrets: Secrets = {
    apiKey: randomBytes(16).toString("hex"),
    apiSecret: `shpss_demo${randomBytes(16).toString("hex")}`,
    resendApiKey: `re_demo${randomBytes(16).toString("hex")}`,
    resendWebhookSecret: `whsec_demo${randomBytes(24).toString("base64")}`,
    keyring: `demo1:${randomBytes(32).toString("base64")}`,
  };
  writeFileSync(`${file}.new`, JSON.stringify(secrets), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}

/** Free ports for the zeros; throws a sentence for a wish that can't be had. */
async function choosePorts(wanted: number[]): Promise<number[]> {
  const servers: Server[] = [];
  try {
    for (const port of wanted) servers.push(await occupy(port));
    return servers.map((server) => (server.address() as AddressInfo).port);
  } finally {
    for (const server of servers) server.close();
  }
}

async function occupy(port: number): Promise<Server> {
  const server = createServer();
  // Below the range from which the system takes ports by itself: what is free now would not stay so until it is used.
  for (let tries = 1; ; tries += 1) {
    try {
      await once(server.listen(port || randomInt(15_000, 32_000), "127.0.0.1"), "listening");
      return server;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
      if (port || tries === 50) throw new Error(busy(port), { cause: error });
    }
  }
}

const busy = (port: number) => `Port ${port} on 127.0.0.1 is in use by another program. Choose another one.`;
