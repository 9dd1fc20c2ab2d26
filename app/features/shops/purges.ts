/** What is erased: everything of a shop, what its earlier installs brought in, or what one of its connections did. */
export const PURGE_SCOPES = ["shop", "generation", "connection"] as const;
export type PurgeScope = (typeof PURGE_SCOPES)[number];

/**
 * Why. `automatic`: without a person's word, so that it does not begin while purging is held. `evenInstalled`: also of a shop that has
 * the app; all others are called off when it turns out to be back.
 */
export const PURGE_REASONS = {
  /** Shopify told us that the app was uninstalled. */
  uninstalled: { automatic: true, evenInstalled: false },
  /** Shopify asked for it. */
  shop_redact: { automatic: true, evenInstalled: false },
  /** Its token has been refused for a day: no proof, so it waits for Shopify's word or a person's. */
  suspected: { automatic: true, evenInstalled: false },
  /** A person of ours said that the shop is gone. */
  confirmed: { automatic: false, evenInstalled: false },
  /** The merchant came back and chose to start anew. */
  start_fresh: { automatic: false, evenInstalled: true },
  /** A connection's authorisation ended. */
  revoked: { automatic: false, evenInstalled: true },
  /** Erased before, and brought back by a backup. */
  restored: { automatic: false, evenInstalled: true },
  /** A shop that was invented in order to rehearse its purge. */
  drill: { automatic: false, evenInstalled: false },
} as const;
export type PurgeReason = keyof typeof PURGE_REASONS;

/** Stands in place of the provider's id of a sending domain that no provider was ever told of: a rehearsal's. */
export const NOT_AT_PROVIDER = "none";

/** Within this of an uninstall nothing of the shop is left, in hours. */
export const DEADLINE_HOURS = 48;

export const HOUR_MS = 3_600_000;
