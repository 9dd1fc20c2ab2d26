/** What we write to merchants and to staff about. Its words stand in notices.words.ts. */
export const NOTICE_KINDS = [
  /** To the merchant: what a buyer asked for is ready. Facts: requestId, dueAt. */
  "export_ready",
  /** To the merchant: it has been ready for a while, and nobody has fetched it. Facts: requestId, dueAt. */
  "export_waiting",
  /** To the merchant: Shopify asked us to erase a buyer, and it is done. Facts: requestId, orders. */
  "erasure_done",
  /** To staff: Shopify's request for a buyer does not parse. Facts: requestId, kind, dueAt. */
  "request_unreadable",
  /** To staff: a request for a buyer could not be answered. Facts: requestId, kind, dueAt. */
  "request_failed",
  /** To the merchant: we can't reach the shop, as if the app were gone. Facts: shop, since. */
  "uninstall_suspected",
  /** To staff: the same, with what can be done about it. Facts: shop, since. */
  "shop_unreachable",
  /** To staff: a purge takes too long. Facts: shop, hours, dueAt. */
  "purge_alarm",
  /** To staff: a rehearsed purge left something, or did not come to its end. Facts: receiptId, places. */
  "purge_drill_failed",
  /** To staff: too many shops look uninstalled at once; nothing is purged by itself any more. Facts: shops. */
  "purges_stopped",
  /** To staff: the audit log does not verify. Facts: chain, entry. */
  "audit_broken",
  /** To the merchant: a release is not what was approved, and nothing of it is sent. Facts: releaseId, number. */
  "release_broken",
  /** To staff: the same. Facts: releaseId, number, shop. */
  "release_altered",
  /** To the merchant, beforehand: who processes their data changes. Facts: name, date. */
  "subprocessors_change",
  /** To an address for alerts: whether it wants them. */
  "alert_confirm",
  /** To the merchant: what was gathered since the last one. */
  "digest",
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Ids, numbers, dates (ISO) and codes; never a person. */
export type NoticeFacts = Record<string, string | number>;

export const NOTICE_STATES = [
  "planned",
  "gathered",
  "sending",
  "sent",
  "failed",
  "unknown",
  "cancelled",
] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];
