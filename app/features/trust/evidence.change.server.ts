// Guarantee: what is said of scopes, suppliers, reviews and dependencies is what is configured, recorded and granted now.
import { asks } from "#app/connectors/registry.ts";
import { findVerdict } from "#app/features/trust/dependencies.server.ts";
import type { Found, Reader } from "#app/features/trust/evidence.server.ts";
import type { ReadingState } from "#app/features/trust/evidence.ts";
import { DAY_MS, YEAR_DAYS } from "#app/features/trust/records.ts";
import { lastReviews } from "#app/features/trust/records.server.ts";
import { securityTxtExpires } from "#app/features/trust/security-txt.ts";
import { configuredSuppliers, listUnannounced } from "#app/features/trust/suppliers.server.ts";
import { forPlatform, forShop } from "#app/platform/db/db.ts";
import { env, type Env } from "#app/platform/env.ts";
import { lineOf, REDACTED } from "#app/platform/log.ts";

const isHttps = ({ SHOPIFY_APP_URL }: Env) => new URL(SHOPIFY_APP_URL).protocol === "https:";

/** Production starts with no other address than https: over plain HTTP there is nothing to promise, and nothing broken. */
export function judgeAddress(env: Env): Found<"address"> {
  const facts = { https: isHttps(env), refusesHttp: env.NODE_ENV === "production" };
  return { state: facts.https ? "good" : facts.refusesHttp ? "bad" : "off", facts };
}

export const address: Reader<"address"> = () => Promise.resolve(judgeAddress(env()));

export const environment: Reader<"environment"> = () =>
  forPlatform("trust", async (tx) => {
    const mark = await tx.installation.findFirst({ select: { environment: true } });
    const facts = {
      name: mark?.environment ?? null,
      https: isHttps(env()),
    };
    return { state: facts.name === null ? "none" : "good", facts };
  });

/** So long a change of what the app is built on may wait for a named person to look at it. */
const REVIEW_DAYS = 30;

export const configuration: Reader<"configuration"> = ({ now }) =>
  forPlatform("trust", async (tx) => {
    // What was noted at the first start is no change.
    const [row] = await tx.$queryRaw<
      [{ changes: number; unreviewed: number; waiting: Date | null; newest: Date | null }]
    >`
      SELECT count(*) FILTER (WHERE before IS NOT NULL)::int AS changes,
             count(*) FILTER (WHERE before IS NOT NULL AND reviewed_at IS NULL)::int AS unreviewed,
             min(noticed_at) FILTER (WHERE before IS NOT NULL AND reviewed_at IS NULL) AS waiting,
             max(noticed_at) AS newest
      FROM configuration_changes`;
    const { changes, unreviewed, waiting, newest } = row;
    const late = waiting !== null && now.getTime() - waiting.getTime() > REVIEW_DAYS * DAY_MS;
    const facts = { changes, unreviewed, newest: newest?.toISOString() ?? null };
    return { state: late ? "bad" : newest === null ? "none" : "good", facts };
  });

export const scopes: Reader<"scopes"> = ({ shopId }) =>
  forShop(shopId, async (tx) => {
    const connection = await tx.connection.findFirst({ where: { shopId, source: "shopify" } });
    const granted = connection?.scopes ?? [];
    const asked: string[] = [...asks.shopify.required];
    const optional: string[] = [...asks.shopify.optional];
    const beyond = granted.filter((scope) => ![...asked, ...optional].includes(scope));
    return {
      state: beyond.length > 0 ? "bad" : granted.length === 0 ? "none" : "good",
      facts: { asked, optional, granted, beyond },
    };
  });

const PAYMENT = /card|payment|credit|cvv|iban|gateway|bank|wallet/i;

export const fields: Reader<"fields"> = () => {
  const read = asks.shopify.personal.flatMap(({ fields }) => [...fields]);
  const payment = read.filter((field) => PAYMENT.test(field)).length;
  return Promise.resolve({ state: payment > 0 ? "bad" : "good", facts: { fields: read.length, payment } });
};

export const dependencies: Reader<"dependencies"> = async () => {
  const verdict = await findVerdict();
  const { state = "unknown", checkedAt = null, packages = 0, serious = [] } = verdict ?? {};
  const facts = { state, checkedAt, packages, serious: serious.length };
  return { state: ({ clean: "good", vulnerable: "bad", unknown: "unknown" } as const)[state], facts };
};

export const suppliers: Reader<"suppliers"> = ({ now }) =>
  forPlatform("trust", async (tx) => {
    const names = configuredSuppliers().map(({ name }) => name);
    const facts = {
      names: names.filter((name) => name !== null),
      unnamed: names.includes(null),
      unannounced: await listUnannounced(tx, daysBefore(now, YEAR_DAYS)),
    };
    return { state: facts.unannounced.length > 0 ? "bad" : facts.unnamed ? "unknown" : "good", facts };
  });

export const supplierReview: Reader<"supplierReview"> = ({ now }) =>
  forPlatform("trust", async (tx) => {
    const { suppliers: at } = await lastReviews(tx);
    const { state, overdue } = judgeReviews([at], now);
    return { state, facts: { at: at?.toISOString() ?? null, overdue } };
  });

const daysBefore = (now: Date, days: number) => new Date(now.getTime() - days * DAY_MS);

function judgeReviews(dates: (Date | null)[], now: Date) {
  const overdue = dates.some((at) => at !== null && at < daysBefore(now, YEAR_DAYS));
  const state: ReadingState = overdue ? "bad" : dates.includes(null) ? "due" : "good";
  return { state, overdue };
}

export function judgeRegion({
  DATA_REGION: region = null,
}: {
  DATA_REGION?: string | null;
}): Found<"region"> {
  return { state: region ? "good" : "off", facts: { region } };
}

export const region: Reader<"region"> = () => Promise.resolve(judgeRegion(env()));

export const policies: Reader<"policies"> = ({ now }) =>
  forPlatform("trust", async (tx) => {
    const { privacy, security } = await lastReviews(tx);
    const { state, overdue } = judgeReviews([privacy, security], now);
    return {
      state,
      facts: {
        privacy: privacy?.toISOString() ?? null,
        security: security?.toISOString() ?? null,
        overdue,
      },
    };
  });

/** RFC 9116 has it fetched over https alone. */
export function judgeSecurityContact(env: Env, now: Date): Found<"securityContact"> {
  const https = isHttps(env);
  return { state: https ? "good" : "off", facts: { expires: securityTxtExpires(now).toISOString(), https } };
}

export const securityContact: Reader<"securityContact"> = ({ now }) =>
  Promise.resolve(judgeSecurityContact(env(), now));

export const logs: Reader<"logs"> = () => {
  const planted = "planted-value";
  const open = REDACTED.filter((name) =>
    lineOf({ [name]: planted, within: { [name]: planted } }).includes(planted),
  ).length;
  return Promise.resolve({ state: open > 0 ? "bad" : "good", facts: { redacted: REDACTED.length, open } });
};
