import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Shop } from "#tests/sandbox/shopify/types.ts";
import type { Delivery, ApiSubscription } from "#tests/sandbox/shopify/webhooks.types.ts";
import type { AccessToken } from "#tests/sandbox/shopify/tokens.ts";
import type { Domain, Mail, MailEvent, MailRequest, RememberedKey } from "#tests/sandbox/resend/types.ts";
import type { Fault } from "#tests/sandbox/faults.ts";

/** Everything the sandbox remembers. Plain JSON, so that it can survive a restart. */
export interface State {
  sequence: number;
  shops: Record<string, Shop>;
  tokens: AccessToken[];
  deliveries: Delivery[];
  subscriptions: ApiSubscription[];
  mails: Mail[];
  mailRequests: MailRequest[];
  mailEvents: MailEvent[];
  suppressed: string[];
  domains: Domain[];
  keys: Record<string, RememberedKey>;
  faults: Fault[];
}

export const emptyState = (): State => ({
  sequence: 0,
  shops: {},
  tokens: [],
  deliveries: [],
  subscriptions: [],
  mails: [],
  mailRequests: [],
  mailEvents: [],
  suppressed: [],
  domains: [],
  keys: {},
  faults: [],
});

/** The state with its file, if it has one. Call `changed()` after every change; writing is debounced. */
export interface Store {
  state: State;
  changed(): void;
  /** Writes now. */
  flush(): void;
  close(): void;
}

/** Opens the state in `<dataDir>/sandbox.json`, or in memory without a folder. */
export function openStore(dataDir: string | undefined): Store {
  if (!dataDir) return { state: emptyState(), changed() {}, flush() {}, close() {} };
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, "sandbox.json");
  const state = existsSync(file)
    ? { ...emptyState(), ...(JSON.parse(readFileSync(file, "utf8")) as Partial<State>) }
    : emptyState();

  let timer: NodeJS.Timeout | undefined;
  let pause = 200;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const started = performance.now();
    // Written beside the file and renamed: a kill in the middle leaves the old state, never half of the new one.
    writeFileSync(`${file}.tmp`, JSON.stringify(state));
    renameSync(`${file}.tmp`, file);
    // A big state takes long to write; then it is written less often.
    pause = Math.max(200, (performance.now() - started) * 20);
  };
  const changed = () => {
    timer ??= setTimeout(flush, pause);
  };
  return { state, changed, flush, close: flush };
}

/** Shopify-like ids: 13 digits, growing; or odd ones beyond 2^53, which a JavaScript number rounds to another id. */
export function nextId(state: State, kind: "normal" | "beyond2^53" = "normal"): string {
  state.sequence += 1;
  // A stride as in real stores, where the ids between belong to other shops.
  if (kind === "normal") return String(7_100_000_000_000n + BigInt(state.sequence) * 33n);
  return String(9_007_199_254_740_993n + BigInt(state.sequence) * 66n);
}
