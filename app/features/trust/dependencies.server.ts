// Guarantee: a verdict on the dependencies is of the lock file it names; where none is known, nothing is claimed.
import { execFile } from "node:child_process";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import {
  advisoryFileSchema,
  judge,
  npmAuditSchema,
  verdictSchema,
  type Answer,
  type Verdict,
} from "#app/features/trust/dependencies.ts";
import { sha256 } from "#app/platform/crypto/crypto.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
/** Beside the built pages: it belongs to one build, and is shipped with it. */
export const VERDICT_FILE = `${root}build/dependencies.json`;

/** Asks the advisory service that npm is configured for, or reads a dated file, and judges the lock file by it. */
export async function checkDependencies(options: {
  file?: string;
  now: Date;
  folder?: string;
}): Promise<Verdict> {
  const folder = options.folder ?? root;
  const text = await readFile(`${folder}/package-lock.json`, "utf8");
  const answer = options.file ? await readAdvisories(options.file) : await askService(folder);
  return judge({ hash: sha256(text), content: JSON.parse(text) }, answer, options.now);
}

async function readAdvisories(path: string): Promise<Answer> {
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) return { source: "file", unknown: "the advisory file can't be read" };
  const parsed = advisoryFileSchema.safeParse(parse(text));
  return parsed.success
    ? { source: "file", file: parsed.data }
    : { source: "file", unknown: "the advisory file has neither of the two forms that are known" };
}

function askService(folder: string): Promise<Answer> {
  return new Promise((done) => {
    const args = ["audit", "--json", "--omit=dev", "--fetch-retries=1", "--fetch-timeout=30000"];
    const options = { cwd: folder, timeout: 120_000, maxBuffer: 64 * 1024 * 1024 };
    // It ends with 1 when it found something, which is no failure of its own; what it printed tells them apart.
    execFile("npm", args, options, (_error, printed) => {
      const audit = npmAuditSchema.safeParse(parse(printed));
      done(
        audit.success
          ? { source: "service", audit: audit.data }
          : { source: "service", unknown: "the advisory service did not answer" },
      );
    });
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function keepVerdict(verdict: Verdict, path = VERDICT_FILE): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, `${JSON.stringify(verdict, null, 2)}\n`);
  await rename(`${path}.new`, path);
}

/** The verdict that was kept, or null when there is none of the lock file that is installed. */
export async function findVerdict(path = VERDICT_FILE): Promise<Verdict | null> {
  const [kept, lock] = await Promise.all([
    readFile(path, "utf8").catch(() => null),
    readFile(`${root}package-lock.json`, "utf8").catch(() => null),
  ]);
  const verdict = verdictSchema.safeParse(kept === null ? null : parse(kept));
  return verdict.success && lock !== null && verdict.data.lock === sha256(lock) ? verdict.data : null;
}
