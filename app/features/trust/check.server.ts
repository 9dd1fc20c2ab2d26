// Guarantee: a promise that is called kept has code, tests and evidence that exist; a feature that is on keeps its promises.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { asks, channels } from "#app/connectors/registry.ts";
import {
  BINDS,
  MISSING,
  type Commitment,
  type CommitmentId,
  type Missing,
} from "#app/features/trust/commitments.ts";
import { READERS } from "#app/features/trust/evidence.server.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

export type Row = { id: CommitmentId; commitment: Commitment };

/** Which features are there: told by the registry and the routes, not by a list somebody would have to remember. */
export function featuresOn(): Record<Missing, boolean> {
  const routes = readdirSync(`${root}app/routes`);
  const has = (pattern: RegExp) => routes.some((name) => pattern.test(name));
  const others = [...Object.keys(channels), ...Object.keys(asks)].filter(
    (name) => name !== "email" && name !== "shopify",
  );
  return {
    marketplaces: others.length > 0,
    support: has(/^support[._]/),
    incidents: has(/^(app|support)\.incidents\b/),
    analytics: has(/^app\.(analytics|insights|reports)\b/),
    reviews: has(/^app\.(reviews|releases)\b/),
    desk: has(/^app\.desk\b/),
  };
}

/** What is wrong with the rows, one sentence each; empty when nothing is. */
export function findFaults(rows: readonly Row[], on: Record<Missing, boolean> = featuresOn()): string[] {
  const states = new Map<string, Commitment>(rows.map(({ id, commitment }) => [id, commitment]));
  const unkept = MISSING.filter((feature) => on[feature]).flatMap((feature) =>
    BINDS[feature]
      .filter((id) => states.get(id)?.state !== "kept")
      .map((id) => `${id}: ${feature} is switched on, so it must be kept`),
  );
  return [...rows.flatMap(findRowFaults), ...unkept];
}

function findRowFaults({ id, commitment }: Row): string[] {
  if (commitment.state === "attested") return id.startsWith("O") ? [] : [`${id}: only group O is attested`];
  if (id.startsWith("O")) return [`${id}: group O can only be attested`];
  if (commitment.state === "not_offered")
    return BINDS[commitment.waitsFor].includes(id) ? [] : [`${id}: ${commitment.waitsFor} does not bind it`];
  const { code, tests, evidence } = commitment;
  const faults = [
    ...(["code", "tests", "evidence"] as const)
      .filter((part) => commitment[part].length === 0)
      .map((part) => `has no ${part}`),
    ...code.filter((file) => !existsSync(root + file)).map((file) => `there is no ${file}`),
    ...tests
      .filter(([file, name]) => !hasTest(file, name))
      .map(([file, name]) => `there is no test "${name}" in ${file}`),
    ...evidence.filter((name) => !(name in READERS)).map((name) => `nothing reads ${name}`),
  ];
  return faults.map((fault) => `${id}: ${fault}`);
}

/** Whether a test of that name stands in the file, not skipped. */
function hasTest(file: string, name: string): boolean {
  if (!existsSync(root + file)) return false;
  const quoted = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`\\b(?:test|it)(?:\\.each\\([\\s\\S]*?\\))?\\(\\s*["'\`]${quoted}["'\`]`).test(
    readFileSync(root + file, "utf8"),
  );
}
