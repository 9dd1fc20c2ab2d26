import { SourceError, type SourceErrorKind } from "#app/connectors/sources.ts";

/** What went wrong between us and a shop, as far as what to do next differs. */
export const SHOPIFY_PROBLEMS = {
  /** 401: the token is expired or revoked. Refresh it once; if that is refused too, stop and say why. Not an uninstall. */
  token_dead: "refused",
  /** 402 frozen, 423 locked, 404 closed: stop, look again later. */
  shop_closed: "closed",
  /** 403, or an answer that access rules left empty: a scope is missing or protected data is not approved. */
  forbidden: "forbidden",
  /** Over the shop's points, for longer than it was worth waiting. */
  throttled: "busy",
  /** 5xx, no connection, no answer in time, something that is no JSON: the same question later. */
  unavailable: "failed",
  /** Shopify understood and declined: our operation or variables are wrong. */
  refused: "failed",
  /** The answer has not the shape we rely on. */
  unexpected_answer: "failed",
} as const satisfies Record<string, SourceErrorKind>;
export type ShopifyProblem = keyof typeof SHOPIFY_PROBLEMS;

/** Its message names operation, status and Shopify's codes; never a variable, a token or anything from an answer. */
export class ShopifyError extends SourceError {
  readonly problem: ShopifyProblem;
  readonly httpStatus: number | null;

  constructor(
    problem: ShopifyProblem,
    operation: string,
    details: {
      httpStatus?: number | null;
      codes?: string[];
      retryAfterMs?: number | null;
      cause?: unknown;
    } = {},
  ) {
    const facts = [problem, details.httpStatus, ...(details.codes ?? [])].filter(Boolean).join(" ");
    const wait = details.retryAfterMs == null ? {} : { retryAfterMs: details.retryAfterMs };
    super(SHOPIFY_PROBLEMS[problem], `Shopify ${operation}: ${facts}`, { ...wait, cause: details.cause });
    this.name = "ShopifyError";
    this.problem = problem;
    this.httpStatus = details.httpStatus ?? null;
  }
}
