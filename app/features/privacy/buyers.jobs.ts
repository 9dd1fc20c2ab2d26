// Guarantee: a request for a buyer is answered, and where that fails, tried again and told of until it is.
import { z } from "zod";
import { recordAudit } from "#app/features/audit/audit.server.ts";
import { enqueueNotice } from "#app/features/messages/notices.server.ts";
import { correctBuyer } from "#app/features/privacy/buyers.correct.server.ts";
import { eraseBuyer } from "#app/features/privacy/buyers.erase.server.ts";
import { exportBuyer, lapseExports } from "#app/features/privacy/buyers.export.server.ts";
import { openSubject, withoutSubject } from "#app/features/privacy/requests.server.ts";
import {
  REQUEST_KINDS,
  type RequestKind,
  type RequestState,
  type Subject,
} from "#app/features/privacy/requests.ts";
import { findShopById, type Shop } from "#app/features/shops/shops.server.ts";
import type { Clock } from "#app/platform/clock.ts";
import type { PrivacyRequest } from "#app/platform/db/generated/client.ts";
import { forPlatform } from "#app/platform/db/db.ts";
import { BEFORE_ALL } from "#app/platform/db/ids.ts";
import { AppError, describeFailure } from "#app/platform/errors.ts";
import { defineJob, enqueue } from "#app/platform/queue/queue.ts";

/** A request that is being answered. */
export type Asked = { request: PrivacyRequest; shop: Shop; subject: Subject };

const answers = { export: exportBuyer, erase: eraseBuyer, correct: correctBuyer };

const toDo: readonly RequestState[] = ["recorded", "failed"];

/** Answers one request. Safe to repeat at any point. */
export const answerRequest = defineJob({
  name: "answer-request",
  schema: z.object({ shopId: z.uuid(), requestId: z.uuid() }),
  async run({ shopId, requestId }, { clock }) {
    const { request, shop } = await forPlatform("privacy", async (tx) => ({
      request: await tx.privacyRequest.findFirst({ where: { id: requestId, shopId } }),
      shop: await findShopById(tx, shopId),
    }));
    const does = request && REQUEST_KINDS[request.kind as RequestKind].does;
    if (!does || does === "clear" || !toDo.includes(request.state as RequestState)) return;
    try {
      const subject = shop && (await openUnlessPurged(request));
      if (subject) await answers[does]({ request, shop, subject }, clock);
      else await close(request, clock());
    } catch (error) {
      await noteFailure(request, describeFailure(error), clock());
      throw error;
    }
  },
});

async function openUnlessPurged(request: PrivacyRequest): Promise<Subject | null> {
  try {
    return await openSubject(request);
  } catch (error) {
    if (error instanceof AppError && error.code === "unavailable") return null;
    throw error;
  }
}

/** The shop was purged before its turn came: nothing is held any more. */
async function close(request: PrivacyRequest, now: Date): Promise<void> {
  if (request.reason === "unreadable") return;
  await forPlatform("privacy", (tx) =>
    tx.privacyRequest.updateMany({
      where: { id: request.id, state: { in: [...toDo] } },
      data: { state: "nothing_held", completedAt: now, ...withoutSubject },
    }),
  );
}

async function noteFailure(request: PrivacyRequest, reason: string, now: Date): Promise<void> {
  await forPlatform("privacy", async (tx) => {
    const { count } = await tx.privacyRequest.updateMany({
      where: { id: request.id, state: "recorded" },
      data: { state: "failed", reason: reason.slice(0, 200) },
    });
    if (count === 0 || !request.shopId) return;
    await recordAudit(tx, request.shopId, { actor: "system", action: "privacy.failed", subject: request.id });
    await enqueueNotice(tx, {
      shopId: null,
      kind: "request_failed",
      facts: { requestId: request.id, kind: request.kind, dueAt: request.dueAt.toISOString() },
      key: `failed-${request.id}`,
      now,
    });
  });
}

const DAY_MS = 86_400_000;
/** An export that nobody fetched is told of once more when this much of its time is left. */
const REMIND_MS = 7 * DAY_MS;

/** Follows what is open: failed requests are tried again, forgotten exports told of, and those past their time deleted. */
export const followRequests = defineJob({
  name: "follow-requests",
  schema: z.object({}),
  schedule: "17 * * * *",
  async run(_, { clock }) {
    await followRound(clock);
  },
});

export async function followRound(clock: Clock): Promise<void> {
  const now = clock();
  for (let after: string | null = BEFORE_ALL; after;) after = await tryAgain(after, now);
  await forPlatform("privacy", async (tx) => {
    const waiting = await tx.privacyRequest.findMany({
      where: { state: "ready", actor: "shopify", dueAt: { lt: new Date(now.getTime() + REMIND_MS) } },
      select: { id: true, shopId: true, dueAt: true },
      take: 500,
    });
    for (const { id, shopId, dueAt } of waiting)
      await enqueueNotice(tx, {
        shopId,
        kind: "export_waiting",
        facts: { requestId: id, dueAt: dueAt.toISOString() },
        key: `export-waiting-${id}`,
        now,
      });
    await lapseExports(tx, now);
  });
}

/** Requests taken up in one transaction. */
const AT_ONCE = 500;

/** Asks for the next of those that are stuck. All have their turn: any number that fail for good hold up no other. @returns the last, if there may be more */
async function tryAgain(after: string, now: Date): Promise<string | null> {
  return forPlatform("privacy", async (tx) => {
    const stuck = await tx.privacyRequest.findMany({
      where: {
        id: { gt: after },
        shopId: { not: null },
        subjectSealed: { not: null },
        OR: [
          { state: "failed" },
          { state: "recorded", receivedAt: { lt: new Date(now.getTime() - 3_600_000) } },
        ],
      },
      select: { id: true, shopId: true },
      orderBy: { id: "asc" },
      take: AT_ONCE,
    });
    for (const { id, shopId } of stuck)
      if (shopId) await enqueue(tx, answerRequest, { shopId, requestId: id }, { key: id });
    return stuck.length === AT_ONCE ? (stuck.at(-1)?.id ?? null) : null;
  });
}
