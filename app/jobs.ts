// Every rare or scheduled job there is. A new one is defined in its feature and gets one line here.
import { checkpointAudit, verifyAudit } from "#app/features/audit/audit.jobs.ts";
import { sendDigests } from "#app/features/messages/alerts.jobs.ts";
import { includeOrders } from "#app/features/messages/inclusion.jobs.ts";
import { reconcile } from "#app/features/messages/reconcile.jobs.ts";
import { tellBrokenAudit } from "#app/features/privacy/audit.jobs.ts";
import { backup } from "#app/features/privacy/backup.jobs.ts";
import { drillPurge, purgeShops, watchOverPurges } from "#app/features/privacy/purge.jobs.ts";
import { answerRequest, followRequests } from "#app/features/privacy/buyers.jobs.ts";
import { sweepRetention } from "#app/features/privacy/retention.jobs.ts";
import { checkDomains } from "#app/features/shops/domains.jobs.ts";
import type { Job } from "#app/platform/queue/queue.ts";

export const jobs: Job[] = [
  reconcile,
  sendDigests,
  includeOrders,
  checkDomains,
  checkpointAudit,
  verifyAudit,
  tellBrokenAudit,
  purgeShops,
  watchOverPurges,
  drillPurge,
  answerRequest,
  followRequests,
  sweepRetention,
  backup,
];
