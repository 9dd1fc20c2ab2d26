// Guarantee: what the database is asked about itself is what it answers now, from its own catalogue.
import { isIP } from "node:net";
import { readAuditHealth } from "#app/features/audit/health.server.ts";
import { RULES, type TableRule } from "#app/features/privacy/register.ts";
import type { Reader } from "#app/features/trust/evidence.server.ts";
import { DAY_MS } from "#app/features/trust/records.ts";
import { openedKeyStore } from "#app/platform/crypto/keystore.ts";
import { forPlatform, forShop } from "#app/platform/db/db.ts";

/** Tables whose rows name a shop: all of them must be walled in. */
const NAMED = RULES.filter(
  ({ of, columns }: TableRule) => of === "shop" || Object.keys(columns).includes("shopId"),
).map(({ table }) => table);

export const databaseWall: Reader<"databaseWall"> = () =>
  forPlatform("trust", async (tx) => {
    const [row] = await tx.$queryRaw<[{ walled: number }]>`
      SELECT count(*)::int AS walled FROM pg_class AS t JOIN pg_namespace AS n ON n.oid = t.relnamespace
      WHERE n.nspname = current_schema() AND t.relname = ANY(${NAMED}) AND t.relrowsecurity AND t.relforcerowsecurity
        AND EXISTS (SELECT 1 FROM pg_policies AS p
                    WHERE p.schemaname = n.nspname AND p.tablename = t.relname AND p.policyname = 'of_shop')`;
    const facts = { tables: NAMED.length, walled: row.walled };
    return { state: facts.walled === facts.tables ? "good" : "bad", facts };
  });

export const databaseRole: Reader<"databaseRole"> = () =>
  forPlatform("trust", async (tx) => {
    const [row] = await tx.$queryRaw<[{ plain: boolean }]>`
      SELECT NOT (rolsuper OR rolbypassrls) AS plain FROM pg_roles WHERE rolname = current_user`;
    return { state: row.plain ? "good" : "bad", facts: { plain: row.plain } };
  });

type Connected = { version: string | null; server: string | null; client: string | null };

/** Asked of the server, since what was configured and what was agreed on are two things. */
const CONNECTED = `SELECT version, host(inet_server_addr()) AS server, host(inet_client_addr()) AS client
  FROM pg_stat_ssl WHERE pid = pg_backend_pid()`;

export const databaseConnection: Reader<"databaseConnection"> = async () => {
  const [main] = await forPlatform("trust", (tx) => tx.$queryRawUnsafe<Connected[]>(CONNECTED));
  const { rows } = await openedKeyStore().pool.query<Connected>(CONNECTED);
  const both = [main, rows[0]].map((each) => judgeConnection(each));
  const weakest = both.find(({ good }) => !good) ?? both.find(({ facts }) => !facts.sameMachine) ?? both[0]!;
  return { state: weakest.good ? "good" : "bad", facts: weakest.facts };
};

function judgeConnection(connected: Connected | undefined) {
  const { version, server, client } = connected ?? { version: null, server: "", client: null };
  const sameMachine = server === null || server === client || isLoopback(server);
  const facts = { version, sameMachine, privateAddress: sameMachine || isPrivate(server) };
  const encrypted = sameMachine || ["TLSv1.2", "TLSv1.3"].includes(version ?? "");
  return { good: encrypted && facts.privateAddress, facts };
}

const isLoopback = (address: string) => /^127\.|^::1$/.test(address);

/** Addresses that no one reaches from outside (RFC 1918, 4193, 6598). */
export function isPrivate(address: string): boolean {
  if (isIP(address) === 6) return /^f[cd]/i.test(address) || isLoopback(address);
  const [a = 0, b = 0] = address.split(".").map(Number);
  return (
    isIP(address) === 4 &&
    (a === 10 ||
      a === 127 ||
      (a === 172 && b >= 16 && b < 32) ||
      (a === 192 && b === 168) ||
      (a === 100 && b >= 64 && b < 128))
  );
}

/** Verified every night: what is older than this says nothing of today. */
const VERIFIED_DAYS = 2;

export const auditTrail: Reader<"auditTrail"> = ({ shopId, now }) =>
  forShop(shopId, async (tx) => {
    const health = await readAuditHealth(tx, shopId);
    const newest = await tx.auditEvent.aggregate({ where: { shopId }, _max: { at: true } });
    const facts = {
      entries: health.entries,
      newest: newest._max.at?.toISOString() ?? null,
      verifiedAt: health.verifiedAt?.toISOString() ?? null,
      broken: health.broken !== null,
      overdue:
        health.verifiedAt !== null && now.getTime() - health.verifiedAt.getTime() > VERIFIED_DAYS * DAY_MS,
    };
    const bad = facts.broken || facts.overdue;
    return { state: bad ? "bad" : facts.verifiedAt ? "good" : "none", facts };
  });
