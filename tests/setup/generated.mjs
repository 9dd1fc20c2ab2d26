// What is made from sources, remade only when they changed: Prisma's client and the app's bundles.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache, environment, projectNode, root, run, step } from "./steps.mjs";

const generated = join(root, "app", "platform", "db", "generated");

/** Prisma's client, typed after prisma/schema.prisma. */
export async function generateClient() {
  const inputs = ["prisma/schema.prisma", "prisma.config.ts", "node_modules/prisma/package.json"];
  await unlessFresh("prisma", inputs, join(generated, "client.ts"), () =>
    step("generating the database client", () =>
      run(projectNode, [join(root, "node_modules", "prisma", "build", "index.js"), "generate"], {
        // Generating needs no engine, but without this Prisma would try to download one first.
        env: { PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true", ...environment() },
      }),
    ),
  );
}

/** The browser's bundles and the server build of the routes. */
export async function buildApp() {
  const inputs = ["app", "public", "vite.config.ts", "tsconfig.json", "package.json", "package-lock.json"];
  await unlessFresh("build", inputs, join(root, "build", "server", "index.js"), () =>
    step("building the app", () =>
      run(projectNode, [join(root, "node_modules", "@remix-run", "dev", "dist", "cli.js"), "vite:build"], {
        env: { ...environment(), NODE_ENV: "production" },
      }),
    ),
  );
}

async function unlessFresh(name, inputs, output, make) {
  const stamp = join(cache, `${name}.sha256`);
  const before = fingerprint(inputs);
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, "utf8") === before) return;
  await make();
  mkdirSync(cache, { recursive: true });
  // Taken before the work: a source that was saved meanwhile makes the next run do it again.
  writeFileSync(`${stamp}.new`, before);
  renameSync(`${stamp}.new`, stamp);
}

function fingerprint(inputs) {
  const hash = createHash("sha256");
  for (const input of inputs)
    for (const file of filesOf(input))
      hash
        .update(file)
        .update("\0")
        .update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function filesOf(path) {
  if (!existsSync(join(root, path))) return [];
  const entries = readEntries(path);
  if (!entries) return [path];
  return entries
    .filter((entry) => !/\.test\.tsx?$/.test(entry.name) && join(root, path, entry.name) !== generated)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesOf(join(path, entry.name)));
}

function readEntries(path) {
  try {
    return readdirSync(join(root, path), { withFileTypes: true });
  } catch (error) {
    if (error.code === "ENOTDIR") return undefined;
    throw error;
  }
}
