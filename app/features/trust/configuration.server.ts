// Guarantee: what the app is built on (scopes, addresses, mail, hosting, storage) does not change without a dated record of it.
import { z } from "zod";
import { asks, suppliers } from "#app/connectors/registry.ts";
import { recordPlatformAudit } from "#app/features/audit/audit.server.ts";
import { canonicalJson } from "#app/platform/crypto/crypto.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import { env } from "#app/platform/env.ts";

export const ASPECTS = ["scopes", "address", "sign_in", "mail", "hosting", "storage"] as const;
export type Aspect = (typeof ASPECTS)[number];

export const settingSchema = z.record(z.string(), z.union([z.string(), z.array(z.string()), z.null()]));
/** What an aspect is, by name. */
export type Setting = z.infer<typeof settingSchema>;

/** As it is now. What merchants may read: no secret, no name of a machine. */
export function currentConfiguration(): Record<Aspect, Setting> {
  const {
    SHOPIFY_APP_URL,
    SHOPIFY_API_KEY,
    MAIL_SHARED_DOMAIN,
    HOSTING_PROVIDER,
    DATA_REGION,
    DATABASE_URL,
  } = env();
  return {
    scopes: { required: [...asks.shopify.required], optional: [...asks.shopify.optional] },
    address: { app: SHOPIFY_APP_URL, redirect: new URL("/auth/callback", SHOPIFY_APP_URL).href },
    sign_in: { merchants: "Shopify session token", client: SHOPIFY_API_KEY },
    mail: { supplier: suppliers.email.name, domain: MAIL_SHARED_DOMAIN },
    hosting: { provider: HOSTING_PROVIDER ?? null, region: DATA_REGION ?? null },
    storage: { database: DATABASE_URL ? "PostgreSQL server" : "PostgreSQL beside the app" },
  };
}

/** Notes what is not as it was when the app last started. @returns how many aspects changed */
export async function recordConfiguration(now: Date): Promise<number> {
  return forPlatform("trust", async (tx) => {
    // Processes that start together must not note one change twice.
    await tx.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(72707390)`;
    const known = await newest(tx);
    const changed = Object.entries(currentConfiguration()).filter(
      ([aspect, value]) => canonicalJson(known.get(aspect)?.after ?? null) !== canonicalJson(value),
    );
    await tx.configurationChange.createMany({
      data: changed.map(([aspect, after]) => ({
        aspect,
        before: known.get(aspect)?.after ?? undefined,
        after,
        noticedAt: now,
      })),
    });
    for (const [aspect, after] of changed)
      await recordPlatformAudit(tx, {
        actor: "system",
        action: "configuration.changed",
        subject: aspect,
        before: known.get(aspect)?.after,
        after,
      });
    return changed.length;
  });
}

async function newest(tx: Tx) {
  const rows = await tx.configurationChange.findMany({
    distinct: ["aspect"],
    orderBy: [{ aspect: "asc" }, { noticedAt: "desc" }, { id: "desc" }],
  });
  return new Map(rows.map((row) => [row.aspect, row]));
}

export type NotedChange = {
  id: string;
  aspect: Aspect;
  at: string;
  before: Setting;
  after: Setting;
  reviewed: { at: string; by: string } | null;
};

/** What changed, newest first; what was noted at the first start is no change. */
export async function listChanges(tx: Tx, most = 20): Promise<NotedChange[]> {
  const rows = await tx.configurationChange.findMany({
    orderBy: [{ noticedAt: "desc" }, { id: "desc" }],
    take: most + ASPECTS.length,
  });
  return rows
    .filter((row) => row.before !== null)
    .slice(0, most)
    .map((row) => ({
      id: row.id,
      aspect: row.aspect as Aspect,
      at: row.noticedAt.toISOString(),
      before: settingSchema.parse(row.before),
      after: settingSchema.parse(row.after),
      reviewed:
        row.reviewedAt && row.reviewedBy ? { at: row.reviewedAt.toISOString(), by: row.reviewedBy } : null,
    }));
}

/** Since when an aspect is as it is. */
export async function unchangedSince(tx: Tx, aspect: Aspect): Promise<Date | null> {
  return (await newest(tx)).get(aspect)?.noticedAt ?? null;
}
