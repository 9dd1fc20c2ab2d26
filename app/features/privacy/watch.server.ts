// Guarantee: a purge that gets old is told of at 36 and at 47 hours, once each, while there is still time to do something about it.
import { Counter, Gauge } from "prom-client";
import { recordPlatformAudit } from "#app/features/audit/audit.server.ts";
import { enqueueNotice } from "#app/features/messages/notices.server.ts";
import { HOUR_MS } from "#app/features/shops/purges.ts";
import { OPEN_PURGES } from "#app/features/shops/purges.server.ts";
import type { Purge } from "#app/platform/db/generated/client.ts";
import { forPlatform, type Tx } from "#app/platform/db/db.ts";
import { describeFailure } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";
import { metrics } from "#app/platform/metrics.ts";

/** Hours after an uninstall at which somebody is to look; at 48 it must be done. */
const ALARM_HOURS = [36, 47];

const alarms = new Counter({
  name: "aftercare_purge_alarms_total",
  help: "Purges that were not done within the hours given, of the 48 they have",
  labelNames: ["hours"],
  registers: [metrics],
});

/** What counts against the deadline: a mere suspicion is nobody's uninstall. */
const counting = { state: { in: OPEN_PURGES }, reason: { not: "suspected" } };

/** Raises every alarm that is due. @returns how many */
export async function watchPurges(now: Date): Promise<number> {
  let raised = 0;
  for (const hours of ALARM_HOURS) {
    const due = {
      ...counting,
      since: { lte: new Date(now.getTime() - hours * HOUR_MS) },
      alarmedHours: { lt: hours },
    };
    const late = await forPlatform("purge", async (tx) => {
      const rows = await tx.purge.updateManyAndReturn({ where: due, data: { alarmedHours: hours } });
      for (const purge of rows) await tell(tx, purge, hours, now);
      return rows;
    });
    for (const { id, shopId, state, step, failures, deadlineAt } of late) {
      alarms.inc({ hours });
      log.error({ purge: id, shop: shopId, hours, state, step, failures, deadlineAt }, "a purge is late");
    }
    raised += late.length;
  }
  return raised;
}

async function tell(tx: Tx, purge: Purge, hours: number, now: Date): Promise<void> {
  const { id, shopId, shopDomain, state, step, deadlineAt } = purge;
  const dueAt = deadlineAt.toISOString();
  await recordPlatformAudit(tx, {
    actor: "system",
    action: "purge.alarm",
    subject: id,
    shopId,
    after: { hours, state, step, dueAt },
  });
  await enqueueNotice(tx, {
    shopId: null,
    kind: "purge_alarm",
    facts: { shop: shopDomain, hours, dueAt },
    key: `purge_alarm ${id} ${hours}`,
    now,
  });
}

new Gauge({
  name: "aftercare_purge_oldest_seconds",
  help: "Age of the oldest purge that is not done, from the uninstall or the request",
  registers: [metrics],
  async collect() {
    try {
      const { _min } = await forPlatform("purge", (tx) =>
        tx.purge.aggregate({ where: counting, _min: { since: true } }),
      );
      this.set(_min.since ? (Date.now() - _min.since.getTime()) / 1000 : 0);
    } catch (error) {
      this.reset(); // the other metrics matter most when the database is away
      log.warn({ error: describeFailure(error) }, "the age of open purges is not known");
    }
  },
});
