// Fetches Shopify's Admin API schema (one 0.9 MB file) out of the tarball of @shopify/dev-mcp into .cache/.
// Installing that package would pull in a tree of 700 MB; `npm pack` + `tar` takes the one file.
// Plain JavaScript without dependencies: it runs before anything is installed, on Node 20 too.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, copyFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const SOURCE = "@shopify/dev-mcp@1.16.0";
const ENTRY = "package/dist/data/admin_2026-10.json.gz";
const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Where the schema lies once it has been fetched. */
export const schemaFile = join(root, ".cache", "admin_2026-10.json.gz");

/**
 * Makes sure the schema is in .cache/. Does nothing when it is there already.
 * @param {(line: string) => void} say
 * @throws when npm cannot reach its registry or the tarball does not hold the file
 */
export function fetchAdminSchema(say = console.log) {
  if (existsSync(schemaFile)) {
    say("Shopify Admin API schema 2026-10: present");
    return;
  }
  say(`Shopify Admin API schema 2026-10: fetching from ${SOURCE} (14 MB, once)`);
  const folder = mkdtempSync(join(tmpdir(), "admin-schema-"));
  try {
    execFileSync("npm", ["pack", SOURCE, "--silent", "--pack-destination", folder], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
    if (!tarball) throw new Error(`npm pack ${SOURCE} wrote no tarball`);
    execFileSync("tar", ["-xzf", join(folder, tarball), "-C", folder, ENTRY]);
    mkdirSync(dirname(schemaFile), { recursive: true });
    // Copy, then rename: the temporary folder may be on another disk, and nobody should ever read half a file.
    const partial = `${schemaFile}.${process.pid}`;
    copyFileSync(join(folder, ENTRY), partial);
    renameSync(partial, schemaFile);
    say("Shopify Admin API schema 2026-10: ready");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) fetchAdminSchema();
