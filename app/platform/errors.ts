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
    this.forPerson = options.forPerson ?? "Something went wrong on our side. Please try again.";
  }

  get status(): number {
    return ERROR_CODES[this.code];
  }
}

/** What may be logged or stored of an unknown error: its name and message, cut short. */
export function describeError(error: unknown): string {
  if (error instanceof Response) return `HTTP ${error.status}`;
  if (error instanceof Error) return `${error.name}: ${error.message}`.slice(0, 500);
  return "unknown error";
}
