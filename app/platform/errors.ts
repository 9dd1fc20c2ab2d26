import { z } from "zod";

/** The few kinds of failure the rest of the code tells apart. */
export const ERROR_CODES = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unavailable: 503,
  internal: 500,
} as const;
export type ErrorCode = keyof typeof ERROR_CODES;

const OURS = "Something went wrong on our side. Please try again.";

/**
 * An error with a code, an internal message for the log and a message for the person in front of the screen.
 * Neither message ever holds personal data.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly forPerson: string;

  constructor(code: ErrorCode, message: string, options: { forPerson?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.forPerson = options.forPerson ?? OURS;
  }

  /** Whether `forPerson` was said of this very error; otherwise a page has better words for its status. */
  get hasWords(): boolean {
    return this.forPerson !== OURS;
  }

  get status(): number {
    return ERROR_CODES[this.code];
  }
}

/** What the process was given does not fit: a sentence for the operator, who must change it before a start can succeed. */
export class ConfigurationError extends AppError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super("internal", message, options);
    this.name = "ConfigurationError";
  }
}

/**
 * What may be logged or stored of a failure whose message may repeat the data it was about (a database's, a parser's): our own
 * messages, the paths of what did not parse, else name and code alone.
 */
export function describeFailure(error: unknown): string {
  if (error instanceof AppError) return `${error.code}: ${error.message}`.slice(0, 500);
  if (error instanceof z.ZodError) {
    const places = error.issues.map((issue) => `${issue.path.join(".") || "(whole)"} ${issue.code}`);
    return `not as expected: ${[...new Set(places)].join(", ")}`.slice(0, 500);
  }
  if (error instanceof Response) return `HTTP ${error.status}`;
  if (!(error instanceof Error)) return "unknown error";
  const { code } = error as { code?: unknown };
  return typeof code === "string" || typeof code === "number" ? `${error.name} ${code}` : error.name;
}

/** Where a failure came from, without what it said. */
export function traceOf(error: unknown): string {
  const lines = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  return lines
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .join("\n");
}
