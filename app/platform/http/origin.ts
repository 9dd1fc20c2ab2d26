// The network address a request came from. For the audit log alone, which seals it: no log line and no error may carry it.
import { AsyncLocalStorage } from "node:async_hooks";

const origins = new AsyncLocalStorage<string>();

export function withOrigin<T>(address: string, work: () => T): T {
  return origins.run(address, work);
}

/** Undefined outside a request. */
export function requestOrigin(): string | undefined {
  return origins.getStore();
}
