// Who started Node may have lowered its floor (NODE_OPTIONS, a distribution's defaults): the app's own holds all the same.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createTcpServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext, createServer, TLSSocket, type SecureVersion } from "node:tls";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;
let cert: { private: string; cert: string };
const servers: Server[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aftercare-tls-"));
  const altNames = [{ type: 2 as const, value: "localhost" }];
  cert = await generate([{ name: "commonName", value: "localhost" }], {
    keySize: 2048,
    extensions: [{ name: "subjectAltName", altNames }],
  });
  await writeFile(join(folder, "ca.pem"), cert.cert);
});
afterAll(async () => {
  for (const server of servers) server.close();
  await rm(folder, { recursive: true });
});

/** What a server that knows nothing newer, or nothing else, is configured with. */
const speaking = (version: SecureVersion) => ({
  key: cert.private,
  cert: cert.cert,
  minVersion: version,
  maxVersion: version,
  ciphers: "DEFAULT@SECLEVEL=0",
});

async function listen(server: Server): Promise<number> {
  servers.push(server.listen(0, "127.0.0.1"));
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

const web = (version: SecureVersion) =>
  listen(
    createServer(speaking(version), (socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"));
    }),
  );

/** A PostgreSQL as far as TLS: says yes to it, shakes hands, and refuses the login in a way that one can tell. */
const postgres = (version: SecureVersion) =>
  listen(
    createTcpServer((raw) => {
      raw.on("error", () => undefined);
      raw.once("data", () => {
        raw.write("S");
        const secureContext = createSecureContext(speaking(version));
        const socket = new TLSSocket(raw, { isServer: true, secureContext });
        socket.on("error", () => undefined);
        socket.once("data", () => {
          const fields = Buffer.from("SFATAL\0C28000\0Mshook hands\0\0");
          const head = Buffer.from([0x45, 0, 0, 0, fields.length + 4]);
          socket.end(Buffer.concat([head, fields]));
        });
      });
    }),
  );

const clients = {
  fetch: { server: web, code: (port: number) => `await fetch("https://localhost:${port}/")` },
  pg: {
    server: postgres,
    code: (port: number) => `
      const { default: pg } = await import("pg");
      const client = new pg.Client({ connectionString: "postgresql://a@localhost:${port}/a?sslmode=verify-full" });
      await client.connect().catch((error) => { if (error.message !== "shook hands") throw error; });`,
  },
};

/** Connects in a process whose Node was told to be content with TLS 1.0. Returns "connected", or what the refusal said. */
async function connect(client: keyof typeof clients, port: number, first: string): Promise<string> {
  const code = `${first}
    try { ${clients[client].code(port)}; process.stdout.write("connected"); }
    catch (error) { process.stdout.write((error.cause ?? error).message); }`;
  const { PATH } = process.env;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--tls-min-v1.0", "--tls-cipher-list=DEFAULT@SECLEVEL=0", "--input-type=module", "--eval", code],
    { cwd: root, env: { NODE_ENV: "test", PATH, NODE_EXTRA_CA_CERTS: join(folder, "ca.pem") } },
  );
  return stdout;
}

describe.each(["fetch", "pg"] as const)("%s", (client) => {
  const ours = `await import("#app/platform/env.ts");`;

  test("would speak TLS 1.1 if the app did not forbid it", async () => {
    const port = await clients[client].server("TLSv1.1");
    expect(await connect(client, port, "")).toBe("connected");
  });

  test("refuses a server that speaks TLS 1.1 only", async () => {
    const port = await clients[client].server("TLSv1.1");
    expect(await connect(client, port, ours)).toMatch(
      /SSL routines.*(unsupported protocol|protocol version)/,
    );
  });

  test.each(["TLSv1.2", "TLSv1.3"] as const)("speaks %s", async (version) => {
    const port = await clients[client].server(version);
    expect(await connect(client, port, ours)).toBe("connected");
  });
});
