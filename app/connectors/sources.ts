import { AppError } from "#app/platform/errors.ts";
import type { OrderParts, ProductFacts, Source } from "#app/connectors/orders.ts";

/** Whom to ask and with what: the shop as the platform names it, and a token that is valid now. */
export type SourceAccess = {
  shop: string;
  accessToken: string;
  /** What the token may read. Left out: everything is asked for, and the platform leaves out what it won't show. */
  scopes?: readonly string[];
};

export type StoreInfo = {
  name: string;
  /** The company behind it, or its name again. */
  legalName: string;
  email: string | null;
  timeZone: string;
  locale: string;
  /** As buyers see it, in lines. */
  address: string | null;
  logoUrl: string | null;
};

/** One of a store's staff. */
export type StaffMember = { name: string; accountOwner: boolean };

/** A platform that has orders. Each call may throw a `SourceError`. */
export interface OrderSource {
  source: Source;
  /** Trades a refresh token for a fresh pair. Never throws for what the platform answers. */
  refreshToken(shop: string, refreshToken: string): Promise<RefreshOutcome>;
  /** Who carries this session token; null where the platform does not say. Never throws for what it answers. */
  readStaff(shop: string, sessionToken: string): Promise<StaffMember | null>;
  readStore(access: SourceAccess): Promise<StoreInfo>;
  /** The whole order, or null when the platform does not know it. */
  readOrder(access: SourceAccess, externalId: string): Promise<OrderParts | null>;
  /**
   * Orders updated at or after `since` (ISO), oldest first; `next` continues. Each is read whole, which is dear: `isKnown`
   * may tell that this version of an order is held already.
   */
  listUpdatedOrders(
    access: SourceAccess,
    since: string,
    cursor: string | null,
    isKnown?: (externalId: string, version: string) => Promise<boolean>,
  ): Promise<{ orders: OrderParts[]; next: string | null }>;
  /** Facts of the products the platform knows; unknown ids are left out. */
  readProducts(access: SourceAccess, productIds: string[]): Promise<ProductFacts[]>;
}

/**
 * Why a platform did not answer. `refused`: our token is dead; `closed`: the shop is frozen, locked or gone;
 * `forbidden`: a scope or approval is missing; `busy`: try again after `retryAfterMs`; `failed`: an outage.
 */
export type SourceErrorKind = "refused" | "closed" | "forbidden" | "busy" | "failed";

/** Its message names the question and the platform's codes, never what a shop holds, so that it may be logged. */
export class SourceError extends AppError {
  readonly kind: SourceErrorKind;
  readonly retryAfterMs: number | null;

  constructor(
    kind: SourceErrorKind,
    message: string,
    options: { retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super("unavailable", message, {
      forPerson: "The store did not answer as expected. Please try again in a moment.",
      cause: options.cause,
    });
    this.name = "SourceError";
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

export type FreshToken = {
  accessToken: string;
  /** Seconds from now. */
  expiresIn: number;
  refreshToken: string;
  /** Seconds from now. */
  refreshTokenExpiresIn: number;
  scopes: string[];
};

/** `refused`: never again honoured; `frozen`: perhaps when the shop reopens; `unavailable`: ask again. */
export type RefreshOutcome =
  | { kind: "ok"; token: FreshToken }
  | { kind: "refused"; code: string }
  | { kind: "frozen" }
  | { kind: "unavailable" };
