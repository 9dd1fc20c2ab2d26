// Guarantee: a question is asked until it is answered or the reason why not is known; nothing a shop holds gets into an
// error. Every operation only reads, so asking again is always safe.
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { ShopifyError, type ShopifyProblem } from "#app/connectors/shopify/errors.ts";
import type { Operation } from "#app/connectors/shopify/operation.ts";

export const API_VERSION = "2026-10";

/** The way into one shop. */
export type ShopAccess = { shop: string; accessToken: string; signal?: AbortSignal };

export type ShopifyAnswer<Answer> = {
  data: Answer;
  /** Paths that came back empty because access is not approved, without list positions: "order.email". */
  withheld: string[];
};

const ATTEMPTS = 5;
const TIMEOUT_MS = 20_000;
/** Longer waits are the caller's to schedule: a worker that sleeps works for nobody. */
const LONGEST_WAIT_MS = 15_000;
const SHOP = /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/;

/**
 * The shop's own address of a path. Tokens and secrets go there, so anything that is no shop's domain is refused.
 * @throws ShopifyError refused
 */
export function shopUrl(shop: string, path: string): string {
  if (!SHOP.test(shop)) throw new ShopifyError("refused", "request", { codes: ["NOT_A_SHOP_DOMAIN"] });
  return `https://${shop}${path}`;
}

/**
 * Asks a shop's Admin API. Waits out throttling as long as Shopify's own numbers say, and short outages.
 * @throws ShopifyError for everything that is not an answer; the signal's reason when aborted
 */
export async function shopifyGraphql<Variables, Answer>(
  request: ShopAccess & { operation: Operation<Variables, Answer>; variables: NoInfer<Variables> },
): Promise<ShopifyAnswer<Answer>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask(request);
    } catch (error) {
      request.signal?.throwIfAborted();
      const pause = pauseBefore(attempt, error);
      if (pause === null) throw error;
      await wait(pause, undefined, { signal: request.signal });
    }
  }
}

function pauseBefore(attempt: number, error: unknown): number | null {
  if (!(error instanceof ShopifyError) || attempt >= ATTEMPTS) return null;
  if (error.problem !== "throttled" && error.problem !== "unavailable") return null;
  const pause = error.retryAfterMs ?? 250 * 2 ** (attempt - 1);
  // Spread out what was refused together, or it comes back together.
  return pause > LONGEST_WAIT_MS ? null : pause * (1 + Math.random() / 4);
}

async function ask<Variables, Answer>(
  request: ShopAccess & { operation: Operation<Variables, Answer>; variables: Variables },
): Promise<ShopifyAnswer<Answer>> {
  const { operation } = request;
  const url = shopUrl(request.shop, `/admin/api/${API_VERSION}/graphql.json`);
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        "x-shopify-access-token": request.accessToken,
      },
      body: JSON.stringify({ query: operation.document, variables: request.variables }),
      // A redirect would carry the token to another host.
      redirect: "manual",
      signal: request.signal ? AbortSignal.any([request.signal, timeout]) : timeout,
    });
    body = response.ok ? await response.json() : await response.body?.cancel();
  } catch (cause) {
    throw new ShopifyError("unavailable", operation.name, { cause: withoutBody(cause) });
  }
  if (!response.ok) {
    throw new ShopifyError(problemOf(response.status), operation.name, {
      httpStatus: response.status,
      retryAfterMs: retryAfter(response.headers.get("retry-after")),
    });
  }
  return readAnswer(operation, body);
}

// JSON.parse repeats what it choked on, and that may be a buyer's name.
function withoutBody(cause: unknown): unknown {
  return cause instanceof SyntaxError ? undefined : cause;
}

const PROBLEM_OF_STATUS: Record<number, ShopifyProblem> = {
  401: "token_dead",
  402: "shop_closed",
  403: "forbidden",
  404: "shop_closed",
  423: "shop_closed",
  429: "throttled",
};

/** What an HTTP status of the Admin API or its token endpoint means. */
export function problemOf(status: number): ShopifyProblem {
  return (
    PROBLEM_OF_STATUS[status] ?? (status >= 400 && status < 500 && status !== 430 ? "refused" : "unavailable")
  );
}

/** Milliseconds from a `Retry-After` header in seconds; null when it is missing or a date. */
export function retryAfter(header: string | null): number | null {
  return header && /^\d+(\.\d+)?$/.test(header.trim()) ? Math.ceil(Number(header) * 1000) : null;
}

const envelope = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        path: z.array(z.union([z.string(), z.number()])).nullish(),
        extensions: z.object({ code: z.string().nullish() }).nullish(),
      }),
    )
    .nullish(),
  extensions: z
    .object({
      cost: z
        .object({
          requestedQueryCost: z.number(),
          throttleStatus: z.object({ currentlyAvailable: z.number(), restoreRate: z.number().positive() }),
        })
        .nullish(),
    })
    .nullish(),
});

function readAnswer<Variables, Answer>(
  operation: Operation<Variables, Answer>,
  body: unknown,
): ShopifyAnswer<Answer> {
  const seen = envelope.safeParse(body);
  if (!seen.success)
    throw new ShopifyError("unavailable", operation.name, { codes: ["NOT_A_GRAPHQL_ANSWER"] });
  const { data, errors, extensions } = seen.data;
  const codes = (errors ?? []).map((error) => error.extensions?.code ?? "UNKNOWN");
  if (codes.includes("THROTTLED")) {
    const cost = extensions?.cost;
    const lacking = cost ? cost.requestedQueryCost - cost.throttleStatus.currentlyAvailable : 0;
    throw new ShopifyError("throttled", operation.name, {
      httpStatus: 200,
      retryAfterMs: cost ? Math.ceil((Math.max(lacking, 1) / cost.throttleStatus.restoreRate) * 1000) : 1000,
    });
  }
  const others = codes.filter((code) => code !== "ACCESS_DENIED");
  if (others.includes("INTERNAL_SERVER_ERROR") || others.includes("TIMEOUT"))
    throw new ShopifyError("unavailable", operation.name, { httpStatus: 200, codes: others });
  if (others.length > 0)
    throw new ShopifyError("refused", operation.name, { httpStatus: 200, codes: others });
  if (!data) throw new ShopifyError("forbidden", operation.name, { httpStatus: 200, codes });

  const withheld = (errors ?? []).map((error) =>
    (error.path ?? []).filter((step) => typeof step === "string").join("."),
  );
  const answer = operation.answer.safeParse(data);
  if (answer.success) return { data: answer.data, withheld: [...new Set(withheld)] };
  // Where access rules left a hole the shape needs, they are the reason.
  throw new ShopifyError(withheld.length > 0 ? "forbidden" : "unexpected_answer", operation.name, {
    httpStatus: 200,
    codes: answer.error.issues.slice(0, 5).map((issue) => issue.path.join(".")),
  });
}
