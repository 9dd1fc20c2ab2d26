// Guarantee: the list of sub-processors is what is configured, and names everybody outside who gets a buyer's data.
import { channels, suppliers } from "#app/connectors/registry.ts";
import { settingSchema, unchangedSince } from "#app/features/trust/configuration.server.ts";
import { listAnnouncements, type Announcement } from "#app/features/trust/records.server.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import { env } from "#app/platform/env.ts";

/** What another company does for us; the words for what it receives and why hang on this. */
export type SupplierRole = "email" | "hosting";

export type SubProcessor = {
  role: SupplierRole;
  /** Null: whoever runs the app has not named it. */
  name: string | null;
  region: string | null;
  website: string | null;
  since: string | null;
};

/** As configured now. */
export function configuredSuppliers(): Omit<SubProcessor, "since">[] {
  const { HOSTING_PROVIDER, DATA_REGION } = env();
  return [
    ...(Object.keys(channels) as (keyof typeof channels)[]).map((channel) => ({
      role: channel,
      ...suppliers[channel],
    })),
    { role: "hosting", name: HOSTING_PROVIDER ?? null, region: DATA_REGION ?? null, website: null },
  ];
}

const NAMES = { mail: "supplier", hosting: "provider" } as const;

/** Companies that took another's place since then, and that merchants had not heard of in time. */
export async function listUnannounced(tx: Tx, since: Date): Promise<string[]> {
  const changes = await tx.configurationChange.findMany({
    where: { aspect: { in: Object.keys(NAMES) }, noticedAt: { gte: since } },
    orderBy: { noticedAt: "asc" },
  });
  const came = changes.flatMap(({ aspect, before, after, noticedAt }) => {
    const name = NAMES[aspect as keyof typeof NAMES];
    const [old, now] = [before, after].map((value) => settingSchema.nullable().parse(value)?.[name]);
    // To name for the first time who was there all along is no change.
    return typeof old === "string" && typeof now === "string" && old !== now
      ? [{ name: now, noticedAt }]
      : [];
  });
  const announced = await tx.supplierAnnouncement.findMany({
    select: { supplier: true, effectiveAt: true },
  });
  return came.flatMap(({ name, noticedAt }) =>
    announced.some(
      (each) => each.supplier.toLowerCase() === name.toLowerCase() && each.effectiveAt <= noticedAt,
    )
      ? []
      : [name],
  );
}

/** With the dates since when, and what is going to change. */
export function listSuppliers(
  now: Date,
): Promise<{ suppliers: SubProcessor[]; announcements: Announcement[] }> {
  return forPlatform("trust", async (tx) => {
    const since = {
      email: await unchangedSince(tx, "mail"),
      hosting: await unchangedSince(tx, "hosting"),
    };
    return {
      suppliers: configuredSuppliers().map((supplier) => ({
        ...supplier,
        since: since[supplier.role]?.toISOString() ?? null,
      })),
      announcements: await listAnnouncements(tx, now),
    };
  });
}
