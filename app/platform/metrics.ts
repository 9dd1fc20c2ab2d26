import { collectDefaultMetrics, Registry } from "prom-client";

/** What the process tells Prometheus. Modules define their own metrics beside the code and register them here. */
export const metrics = new Registry();

/** Adds memory, event loop lag, handles and the like. Once a process. */
export function measureProcess(): void {
  collectDefaultMetrics({ register: metrics, prefix: "aftercare_" });
}
