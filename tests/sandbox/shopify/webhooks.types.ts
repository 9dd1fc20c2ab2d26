/** One webhook on its way to the app: kept with its exact bytes, because a retry repeats them. */
export interface Delivery {
  id: string;
  shop: string;
  topic: string;
  url: string;
  /** The signed headers of the first try; retries repeat them unchanged. */
  headers: Record<string, string>;
  body: string;
  subscriptionId: string | null;
  state: "held" | "waiting" | "sending" | "delivered" | "failed" | "lost";
  /** ISO time of the next try. */
  dueAt: string;
  attempts: { at: string; status: number | null; error: string | null; milliseconds: number }[];
}

/** A subscription made through the Admin API (those of shopify.app.toml live in the toml). */
export interface ApiSubscription {
  id: string;
  shop: string;
  topic: string;
  uri: string;
  filter: string | null;
  includeFields: string[];
  name: string | null;
  failuresInARow: number;
  createdAt: string;
  updatedAt: string;
}
