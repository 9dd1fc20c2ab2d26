// Guarantee: the list of sub-processors is what is configured, and names everybody outside who gets a buyer's data.
import { channels, suppliers } from "#app/connectors/registry.ts";
import { unchangedSince } from "#app/features/trust/configuration.server.ts";
import { listAnnouncements, type Announcement } from "#app/features/trust/records.server.ts";
import { forPlatform } from "#app/platform/db/db.ts";
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
