// Known vulnerabilities of what runs in production: pure, from the lock file and what an advisory source says. Where a source leaves
// something open (a severity, a range) the worse is taken.
import semver from "semver";
import { z } from "zod";
import { DAY_MS } from "#app/features/trust/records.ts";

/** An advisory file tells of the past: older than this it tells nothing about today. */
export const FILE_DAYS = 7;

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), dev: z.boolean().optional(), link: z.boolean().optional() }),
  ),
});

/** What `npm audit --json` prints (auditReportVersion 2). */
export const npmAuditSchema = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({
      name: z.string(),
      severity: z.string(),
      nodes: z.array(z.string()),
      via: z.array(
        z.union([
          z.string(),
          z.object({
            title: z.string(),
            url: z.string().optional(),
            severity: z.string(),
            range: z.string(),
          }),
        ]),
      ),
    }),
  ),
});
export type NpmAudit = z.infer<typeof npmAuditSchema>;

/** One advisory as osv.dev and GitHub export it: https://ossf.github.io/osv-schema */
const osvSchema = z.object({
  id: z.string(),
  summary: z.string().optional(),
  withdrawn: z.string().optional(),
  database_specific: z.object({ severity: z.string().optional() }).optional(),
  affected: z.array(
    z.object({
      package: z.object({ ecosystem: z.string(), name: z.string() }),
      versions: z.array(z.string()).optional(),
      ranges: z
        .array(
          z.object({
            type: z.string(),
            events: z.array(
              z.object({
                introduced: z.string().optional(),
                fixed: z.string().optional(),
                last_affected: z.string().optional(),
              }),
            ),
          }),
        )
        .optional(),
    }),
  ),
});
export type Osv = z.infer<typeof osvSchema>;

/** A dated file for machines without the service: its date, and either OSV advisories or what `npm audit --json` printed. */
export const advisoryFileSchema = z.union([
  z.object({ date: z.iso.date(), audit: npmAuditSchema }),
  z.object({ date: z.iso.date(), advisories: z.array(osvSchema) }),
]);
export type AdvisoryFile = z.infer<typeof advisoryFileSchema>;

const findingSchema = z.object({
  package: z.string(),
  version: z.string(),
  severity: z.string(),
  title: z.string(),
  advisory: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;

/** What a check found, as it is kept for the Trust page. */
export const verdictSchema = z.object({
  checkedAt: z.iso.datetime(),
  source: z.enum(["service", "file"]),
  /** The file's date. */
  sourceDate: z.string().nullable(),
  state: z.enum(["clean", "vulnerable", "unknown"]),
  /** Why nothing is known. */
  why: z.string().nullable(),
  /** SHA-256 of the lock file that was checked. */
  lock: z.string(),
  packages: z.number().int(),
  serious: z.array(findingSchema),
  lesser: z.number().int(),
});
export type Verdict = z.infer<typeof verdictSchema>;

export type Installed = { name: string; version: string; path: string };

/** Every package that is installed in production. @throws ZodError for what is no lock file */
export function productionPackages(lock: unknown): Installed[] {
  return Object.entries(lockSchema.parse(lock).packages)
    .filter(([path, { dev, link }]) => path !== "" && !dev && !link)
    .map(([path, { version }]) => ({
      path,
      name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
      version: version ?? "0.0.0",
    }));
}

/** What `npm audit` knows against them. */
export function findInAudit(audit: NpmAudit, installed: Installed[]): Finding[] {
  return Object.values(audit.vulnerabilities).flatMap(({ name, nodes, via, severity }) =>
    installed
      .filter(({ path }) => nodes.includes(path))
      .flatMap(({ version }) =>
        via
          // A string names the package that is to blame, which has an entry of its own.
          .filter((cause) => typeof cause !== "string")
          .map((cause) => ({
            package: name,
            version,
            severity: cause.severity || severity,
            title: cause.title,
            advisory: cause.url ?? cause.title,
          })),
      ),
  );
}

/** What OSV advisories know against them. */
export function findInOsv(advisories: Osv[], installed: Installed[]): Finding[] {
  return advisories
    .filter(({ withdrawn }) => !withdrawn)
    .flatMap((advisory) =>
      installed
        .filter((each) =>
          advisory.affected.some(
            (affected) =>
              affected.package.ecosystem === "npm" &&
              affected.package.name === each.name &&
              isAffected(each.version, affected),
          ),
        )
        .map((each) => ({
          package: each.name,
          version: each.version,
          severity: advisory.database_specific?.severity?.toLowerCase() ?? "unrated",
          title: advisory.summary ?? advisory.id,
          advisory: advisory.id,
        })),
    );
}

function isAffected(version: string, { versions, ranges }: Osv["affected"][number]): boolean {
  if (versions?.includes(version)) return true;
  const inRange = ranges?.some(({ type, events }) => type === "SEMVER" && isWithin(version, events));
  // Without any versions, an advisory speaks of all.
  return inRange ?? versions === undefined;
}

type Event = NonNullable<Osv["affected"][number]["ranges"]>[number]["events"][number];

/** Walks the events in the order of their versions, as the OSV schema tells to. */
function isWithin(version: string, events: Event[]): boolean {
  const at = ({ introduced, fixed, last_affected }: Event) => {
    const named = introduced ?? fixed ?? last_affected ?? "0";
    return named === "0" ? "0.0.0-0" : (semver.valid(named, { loose: true }) ?? "0.0.0-0");
  };
  let within = false;
  for (const event of [...events].sort((a, b) => semver.compare(at(a), at(b)))) {
    const order = semver.compare(version, at(event), { loose: true });
    if (event.introduced !== undefined && order >= 0) within = true;
    if (event.fixed !== undefined && order >= 0) within = false;
    if (event.last_affected !== undefined && order > 0) within = false;
  }
  return within;
}

const LESSER = ["info", "low", "moderate", "medium", "none"];
/** High, critical, or of a severity nobody stated. */
export const isSerious = ({ severity }: Finding): boolean => !LESSER.includes(severity.toLowerCase());

/** What an advisory source answered; `unknown` when it did not. */
export type Answer =
  | { source: "service"; audit: NpmAudit }
  | { source: "file"; file: AdvisoryFile }
  | { source: "service" | "file"; unknown: string };

/** The verdict on a lock file. */
export function judge(lock: { hash: string; content: unknown }, answer: Answer, now: Date): Verdict {
  const installed = productionPackages(lock.content);
  const base = {
    checkedAt: now.toISOString(),
    source: answer.source,
    sourceDate: "file" in answer ? answer.file.date : null,
    lock: lock.hash,
    packages: installed.length,
  };
  const why =
    "unknown" in answer ? answer.unknown : "file" in answer ? outOfDate(answer.file.date, now) : null;
  if (why !== null || "unknown" in answer) return { ...base, state: "unknown", why, serious: [], lesser: 0 };
  const findings = find(answer, installed);
  const serious = findings.filter(isSerious);
  return {
    ...base,
    state: serious.length > 0 ? "vulnerable" : "clean",
    why: null,
    serious,
    lesser: findings.length - serious.length,
  };
}

function find(answer: Exclude<Answer, { unknown: string }>, installed: Installed[]): Finding[] {
  if (!("file" in answer)) return findInAudit(answer.audit, installed);
  return "audit" in answer.file
    ? findInAudit(answer.file.audit, installed)
    : findInOsv(answer.file.advisories, installed);
}

function outOfDate(date: string, now: Date): string | null {
  const age = now.getTime() - Date.parse(date);
  if (age > (FILE_DAYS + 1) * DAY_MS) return `the advisory file is of ${date}, older than ${FILE_DAYS} days`;
  return age < -DAY_MS ? `the advisory file is dated ${date}, which is to come` : null;
}

/** Whether a verdict stops what asked for it: a known serious vulnerability always does, not knowing stops a release. */
export function stops(verdict: Verdict, release: boolean): boolean {
  return verdict.state === "vulnerable" || (release && verdict.state === "unknown");
}
