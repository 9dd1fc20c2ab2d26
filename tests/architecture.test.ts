import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

// The plan of the house, as a test: one arrow, routes → features → connectors → platform.
const FEATURES = [
  "audit",
  "vault",
  "shops",
  "templates",
  "triggers",
  "orders",
  "releases",
  "messages",
  "privacy",
  "support",
  "incidents",
  "trust",
];

/** Which feature may write which table (Prisma's names). Privacy alone may erase from all of them. */
const OWNERS: Record<string, string> = {
  auditEvent: "audit",
  auditHead: "audit",
  platformAuditEvent: "audit",
  platformAuditHead: "audit",
  shop: "shops",
  member: "shops",
  session: "shops",
  connection: "shops",
  sendingDomain: "shops",
  template: "templates",
  templateVersion: "templates",
  trigger: "triggers",
  order: "orders",
  product: "orders",
  release: "releases",
  message: "messages",
  section: "messages",
  attempt: "messages",
  batch: "messages",
  providerAccount: "messages",
  suppression: "messages",
  answer: "messages",
  orderTombstone: "orders",
  notice: "messages",
  alertRecipient: "messages",
  privacyRequest: "privacy",
  privacyExport: "privacy",
  receipt: "privacy",
  sweep: "privacy",
  backup: "privacy",
  restore: "privacy",
  purge: "shops",
  purgeHold: "privacy",
  agreement: "trust",
  attestation: "trust",
  policyReview: "trust",
  configurationChange: "trust",
  supplierAnnouncement: "trust",
  inbox: "platform",
  installation: "platform",
};

type File = { path: string; text: string; imports: string[] };

function read(folder: string): File[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("/db/generated/"))
    .map((path) => {
      const text = readFileSync(path, "utf8");
      const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
      return { path, text, imports };
    });
}

const files = read("app").filter((file) => !/\.test(\.worker)?\.tsx?$/.test(file.path));
const place = (path: string) => {
  const [, layer = "", second = ""] = path.replace(/^#app\//, "app/").split("/");
  return { layer, second };
};

/** Why `file` may not import `target`, or null when it may. */
function objection(file: string, target: string): string | null {
  if (target.startsWith("#tests/")) return "the product knows nothing of its tests";
  if (target.startsWith(".")) return "imports name their target from the root: #app/…";
  const from = place(file);
  if (!target.startsWith("#app/")) return null;
  const to = place(target);
  if (from.layer === "platform")
    return to.layer === "platform" ? null : "platform is plumbing: it knows no business";
  if (from.layer === "connectors") {
    if (to.layer === "connectors") return null;
    if (to.layer !== "platform") return "a connector knows a vendor and the platform, nothing of the product";
    return ["db", "queue"].includes(to.second) ? "a connector has no database" : null;
  }
  if (from.layer === "features") {
    if (to.layer === "platform") return null;
    // A folder under connectors is a vendor; files directly in it are interfaces and the registry.
    if (to.layer === "connectors")
      return to.second.endsWith(".ts")
        ? null
        : `features name no vendor: ${target} goes through connectors/registry.ts`;
    if (to.layer !== "features") return "features know nothing of pages";
    if (from.second === to.second) return null;
    return FEATURES.indexOf(to.second) < FEATURES.indexOf(from.second)
      ? null
      : `${from.second} comes before ${to.second}: the arrow would bend back`;
  }
  if (from.layer === "ui")
    return ["ui", "features", "platform", "connectors"].includes(to.layer)
      ? null
      : "pieces of pages know no route";
  return null;
}

describe("who may import whom", () => {
  test.each(files.map((file) => [file.path, file] as const))("%s", (path, file) => {
    const objections = file.imports
      .map((target) => [target, objection(path, target)])
      .filter(([, why]) => why !== null);
    expect(objections).toEqual([]);
  });
});

describe("habits", () => {
  test("every feature has its place in the order", () => {
    const folders = readdirSync("app/features", { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(folders.map((entry) => entry.name).filter((name) => !FEATURES.includes(name))).toEqual([]);
  });

  test("the environment is read in one file", () => {
    expect(files.filter((file) => file.text.includes("process.env")).map((file) => file.path)).toEqual([
      "app/platform/env.ts",
    ]);
  });

  test("nothing is printed past the log", () => {
    expect(files.filter((file) => /\bconsole\./.test(file.text)).map((file) => file.path)).toEqual([]);
  });

  test("every page and action under /app asks who is there", () => {
    const pages = files.filter((file) => /^app\/routes\/app[._]/.test(file.path));
    const open = pages.filter((file) => {
      const doors = file.text.match(/export (?:async )?(?:function|const) (?:loader|action)\b/g)?.length ?? 0;
      const asked = file.text.match(/requireShop\(|authenticate\.admin\(/g)?.length ?? 0;
      return asked < doors;
    });
    expect(open.map((file) => file.path)).toEqual([]);
    expect(pages.length).toBeGreaterThan(5);
  });

  test("every action under /app names its deed, and so does whatever gives a file away", () => {
    const parts = files
      .filter((file) => /^app\/routes\/app[._]/.test(file.path))
      .flatMap(({ path, text }) =>
        text
          .split(/^(?=export async function )/m)
          .slice(1)
          .map((part) => ({ path, part, gives: /content-disposition/.test(text) })),
      );
    const doors = parts.filter(({ part, gives }) =>
      (gives ? /^export async function (?:action|loader)\b/ : /^export async function action\b/).test(part),
    );
    const silent = doors.filter(({ part }) => !/requireShop\(request, "\w+"\)/.test(part));
    expect(silent.map(({ path }) => path)).toEqual([]);
    expect(doors.length).toBeGreaterThan(20);
    // Another way to write an action would pass unseen.
    const others = files.filter((file) => /export const (?:action|loader)\b/.test(file.text));
    expect(others.map((file) => file.path)).toEqual([]);
  });

  test("only the owner writes a table", () => {
    const writes =
      /\btx\.(\w+)\.(?:create|createMany|createManyAndReturn|update|updateMany|upsert|delete|deleteMany)\(/g;
    const strangers = files.flatMap((file) =>
      [...file.text.matchAll(writes)]
        .map((match) => match[1] ?? "")
        .filter((table) => {
          const { layer, second } = place(file.path);
          const writer = layer === "features" ? second : layer;
          return writer !== "privacy" && OWNERS[table] !== writer;
        })
        .map((table) => `${file.path} writes ${table}`),
    );
    expect(strangers).toEqual([]);
  });
});
