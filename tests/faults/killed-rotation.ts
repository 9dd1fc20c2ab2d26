// Kills the rotation of keys (-9) again and again while two processes install shops, seal and open: one follows the keyring's file, the
// other still has the oldest key first. In the end every value must open with the newest key alone.
import { fork, spawn, type ChildProcess } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { defaultSettings } from "#app/features/shops/settings.ts";
import { createVault, forgetVault, openVault, type Place } from "#app/features/vault/vault.server.ts";
import { connectKeyStore, disconnectKeyStore } from "#app/platform/crypto/keystore.ts";
import type { Key } from "#app/platform/crypto/crypto.ts";
import { newId } from "#app/platform/db/ids.ts";
import { overTheWall } from "#tests/setup/wall.ts";

export type RotationReport = {
  kills: number;
  /** Rotations that were brought to their end, each to a new key. */
  rotations: number;
  /** Shops whose value was opened in the end, by the newest key alone. */
  opened: number;
  unreadable: number;
  /** Keys that the check found under another id than the newest. */
  elsewhere: number;
  /** How the check with only the newest key in the keyring ended. */
  checkCode: number;
  load: { made: number; written: number; read: number; wrong: number };
};

type Databases = { url: string; keysUrl: string };
type Options = Databases & { folder: string; kills: number; shops: number; log: (line: string) => void };

const root = fileURLToPath(new URL("../..", import.meta.url));

export const contactOf = (shopId: string) => `owner-of-${shopId}@example.com`;
export const contactPlace = (shopId: string): Place => ({
  table: "shops",
  column: "contact_sealed",
  row: shopId,
});

export async function killRotation(options: Options): Promise<RotationReport> {
  const keys: Key[] = Array.from({ length: options.kills + 2 }, (_, index) => ({
    id: `k${index + 1}`,
    key: randomBytes(32),
  }));
  const file = join(options.folder, "keyring");
  await writeKeyring(file, keys.slice(0, 1));
  await seed(options, keys[0]!);

  const { url, keysUrl } = options;
  const loads = [
    await startLoad({ name: "follower", url, keysUrl, keyringFile: file }),
    await startLoad({ name: "straggler", url, keysUrl, keyring: textOf(keys) }),
  ];
  try {
    const { kills, rotations } = await rotateUnderLoad(options, file, keys);
    const done = [];
    for (const load of loads) done.push(await stopLoad(load));
    const newest = keys[rotations]!;
    return {
      kills,
      rotations,
      ...(await openAll(options, newest)),
      ...(await check(options, file, newest.id)),
      load: done.reduce((sum, load) => ({
        made: sum.made + load.made,
        written: sum.written + load.written,
        read: sum.read + load.read,
        wrong: sum.wrong + load.wrong,
      })),
    };
  } finally {
    for (const load of loads) load.kill("SIGKILL");
  }
}

async function rotateUnderLoad(options: Options, file: string, keys: Key[]) {
  let kills = 0;
  let rotations = 0;
  while (kills < options.kills) {
    const [older, newer] = [keys[rotations]!, keys[rotations + 1]!];
    await writeKeyring(file, [newer, older]);
    let over = false;
    while (!over) {
      over = await rotate(options, file, kills < options.kills ? randomInt(1, 4) : null);
      if (!over) kills += 1;
    }
    rotations += 1;
    // What is retired may go, under load.
    await writeKeyring(file, [newer]);
    options.log(`rotation ${rotations} to ${newer.id} is done, after ${kills} kills in all`);
  }
  return { kills, rotations };
}

const textOf = (keys: Key[]) => keys.map(({ id, key }) => `${id}:${key.toString("base64")}`).join("\n");

/** As the README asks for it: at no moment is there half a file. */
async function writeKeyring(file: string, keys: Key[]): Promise<void> {
  await writeFile(`${file}.new`, `${textOf(keys)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Many shops, each with a value sealed under its own key. */
async function seed({ url, keysUrl, shops }: Options, key: Key): Promise<void> {
  await connectKeyStore({ url: keysUrl, keyring: [key] });
  const rows: { id: string; domain: string; settings: unknown; sealed: string }[] = [];
  for (let index = 0; index < shops; index += 1) {
    const id = newId();
    const sealed = (await createVault(id)).seal(contactPlace(id), contactOf(id)).toString("hex");
    const settings = defaultSettings({ name: "Shop", email: null, timeZone: "UTC", locale: "en" });
    rows.push({ id, domain: `seeded-${index}.myshopify.com`, settings, sealed });
  }
  await disconnectKeyStore();
  const sql = new pg.Client({ connectionString: overTheWall(url) });
  await sql.connect();
  await sql.query(
    `INSERT INTO shops (id, domain, name, settings, contact_sealed)
     SELECT (row->>'id')::uuid, row->>'domain', 'Shop', row->'settings', decode(row->>'sealed', 'hex')
     FROM jsonb_array_elements($1::jsonb) AS row`,
    [JSON.stringify(rows)],
  );
  await sql.end();
}

async function startLoad(order: Databases & { name: string; keyring?: string; keyringFile?: string }) {
  const child = fork(join(root, "tests/faults/killed-rotation.load.ts"), { cwd: root });
  child.send(order);
  const [said] = (await Promise.race([once(child, "message"), once(child, "exit")])) as [unknown];
  if (said !== "ready") throw new Error(`the process under load ended with ${String(said)}`);
  return child;
}

async function stopLoad(child: ChildProcess): Promise<RotationReport["load"]> {
  if (child.exitCode !== null) throw new Error("a process under load ended by itself");
  child.send("stop");
  const [done] = (await once(child, "message")) as [RotationReport["load"]];
  return done;
}

/**
 * Runs `npm run keys:rotate`, and kills it after so many of its batches.
 * @returns whether it came to its end
 */
async function rotate(databases: Databases, file: string, killAfter: number | null): Promise<boolean> {
  const { child, lines } = runKeys("rotate", databases, file);
  const ended = once(child, "exit") as Promise<[number | null]>;
  let batches = 0;
  let last = "";
  for await (const line of lines) {
    last = line;
    if (line.includes("keys re-wrapped") && (batches += 1) === killAfter) child.kill("SIGKILL");
  }
  const [code] = await ended;
  if (code !== null && code !== 0) throw new Error(`the rotation ended with ${code}: ${last}`);
  return code === 0;
}

function runKeys(command: "rotate" | "check", { url, keysUrl }: Databases, file: string) {
  const { PATH } = process.env;
  const env = {
    NODE_ENV: "test" as const,
    PATH,
    DATABASE_URL: url,
    KEYS_DATABASE_URL: keysUrl,
    KEYRING_FILE: file,
  };
  const child = spawn(process.execPath, ["app/command.mjs", `keys:${command}`], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { child, lines: createInterface({ input: child.stdout }) };
}

async function check(databases: Databases, file: string, newest: string) {
  const { child, lines } = runKeys("check", databases, file);
  const ended = once(child, "exit") as Promise<[number | null]>;
  let elsewhere = 0;
  for await (const line of lines) {
    const { id, keys } = JSON.parse(line) as { id?: string; keys?: number };
    if (id && id !== newest) elsewhere += keys ?? 0;
  }
  const [code] = await ended;
  return { elsewhere, checkCode: code ?? -1 };
}

/** Opens every shop's value with nothing but the newest key. */
async function openAll({ url, keysUrl }: Databases, newest: Key) {
  await connectKeyStore({ url: keysUrl, keyring: [newest] });
  const sql = new pg.Client({ connectionString: overTheWall(url) });
  await sql.connect();
  try {
    const { rows } = await sql.query<{ id: string; sealed: Buffer }>(
      "SELECT id, contact_sealed AS sealed FROM shops WHERE contact_sealed IS NOT NULL",
    );
    let opened = 0;
    for (const { id, sealed } of rows) {
      forgetVault(id);
      const value = await openVault(id)
        .then((vault) => vault.open(contactPlace(id), sealed))
        .catch(() => null);
      if (value === contactOf(id)) opened += 1;
    }
    return { opened, unreadable: rows.length - opened };
  } finally {
    await sql.end();
    await disconnectKeyStore();
  }
}
