// One store house for the whole run: the product with its sandbox, and in the sandbox a shop of its own for each file of tests.
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { nextId } from "#tests/sandbox/state.ts";
import type { Sandbox } from "#tests/sandbox/sandbox.ts";
import { DEFAULT_SHOP } from "#tests/sandbox/sandbox.ts";
import { makeScratch, removeScratch } from "#tests/setup/scratch.ts";
import { startStack, type Stack } from "#tests/setup/stack.ts";
import type { House } from "./house.ts";

/** Starts everything, tells the tests where it is, and gives back how to stop it. */
export default async function start(): Promise<() => Promise<void>> {
  const folder = await makeScratch();
  const said: string[] = [];
  let stack: Stack | undefined;
  const stop = async () => {
    await stack?.stop();
    await removeScratch(folder);
  };
  try {
    stack = await startStack({
      folder,
      ports: { tls: 0 },
      durable: false,
      sandbox: { installed: false },
      log: (line) => void said.push(line),
    });
    openShops(stack.sandbox);
    process.env.AFTERCARE_E2E = JSON.stringify(houseOf(stack));
    void stack.lost.then((reason) =>
      process.stderr.write(`\nThe product ended during its tests: ${reason}\n`),
    );
    return stop;
  } catch (error) {
    process.stderr.write(`${said.join("\n")}\n`);
    await stop();
    throw error;
  }
}

/** What a file does to its shop, no other file sees. */
function openShops({ state }: Sandbox): void {
  const like = state.shops[DEFAULT_SHOP];
  if (!like) throw new Error(`the sandbox has no ${DEFAULT_SHOP}`);
  for (const file of readdirSync(import.meta.dirname).filter((name) => name.endsWith(".spec.ts"))) {
    const handle = basename(file, ".spec.ts");
    const domain = `${handle}.myshopify.com`;
    state.shops[domain] = { ...structuredClone(like), id: nextId(state), handle, domain };
  }
}

function houseOf({ sandbox, webUrl, secrets, databaseUrl }: Stack): House {
  if (!sandbox.tls) throw new Error("the sandbox has no TLS door");
  return {
    webUrl,
    shopifyUrl: sandbox.shopifyUrl,
    mailboxUrl: sandbox.mailboxUrl,
    appOrigin: sandbox.tls.appUrl,
    // …/store/{handle}/apps/{app}
    appHandle: sandbox.tls.adminUrl.split("/").at(-1) ?? "",
    tlsUrl: `https://127.0.0.1:${sandbox.tls.port}`,
    chromiumArgs: sandbox.tls.chromiumArgs,
    apiKey: secrets.apiKey,
    apiSecret: secrets.apiSecret,
    databaseUrl,
  };
}
