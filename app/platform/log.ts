import { AsyncLocalStorage } from "node:async_hooks";
import { pino, type Logger, type LoggerOptions } from "pino";

/** Ids that every log line of one request or job carries. Never personal data. */
export type LogContext = {
  request?: string;
  shop?: string;
  message?: string;
  batch?: string;
  job?: string;
  topic?: string;
};

const contexts = new AsyncLocalStorage<LogContext>();

/** Runs `work` with ids that each of its log lines carries. */
export function withLogContext<T>(context: LogContext, work: () => T): T {
  return contexts.run({ ...contexts.getStore(), ...context }, work);
}

/** The ids of the request or job under way. */
export function logContext(): LogContext {
  return contexts.getStore() ?? {};
}

/** Fields whose value no log line shows, at the top or one level down. */
export const REDACTED = [
  "email",
  "to",
  "from",
  "token",
  "accessToken",
  "refreshToken",
  "authorization",
  "cookie",
  "body",
  "payload",
] as const;

const options: LoggerOptions = {
  level: "info",
  base: undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
  mixin: () => ({ ...contexts.getStore() }),
  redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`]), censor: "[redacted]" },
  formatters: { level: (label) => ({ level: label }) },
};

export const log: Logger = pino(options);

/** The line these fields would make, which goes nowhere. */
export function lineOf(fields: object): string {
  let line = "";
  pino(options, { write: (text) => void (line += text) }).info(fields);
  return line;
}

export function setLogLevel(level: string): void {
  log.level = level;
}
