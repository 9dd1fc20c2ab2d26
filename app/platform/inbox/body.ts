import type { IncomingMessage } from "node:http";

export type Body =
  | { kind: "whole"; raw: Buffer }
  | { kind: "too_large" }
  /** The sender hung up, or sent less than it announced. */
  | { kind: "broken" }
  | { kind: "slow" };

/** The length a request announces; null when it is sent in chunks. */
export function announcedLength(req: IncomingMessage): number | null {
  const text = req.headers["content-length"];
  return text === undefined ? null : Number(text);
}

/** Reads a request's body as bytes, and not one byte beyond `limit`. Never rejects. */
export function readBody(req: IncomingMessage, limit: number, timeoutMs: number): Promise<Body> {
  if ((announcedLength(req) ?? 0) > limit) return Promise.resolve({ kind: "too_large" });
  if (req.destroyed && !req.complete) return Promise.resolve({ kind: "broken" });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => finish({ kind: "slow" }), timeoutMs);
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) return finish({ kind: "too_large" });
      chunks.push(chunk);
    };
    const onEnd = () => finish(wholeOr(req, chunks));
    const onClose = () => finish({ kind: "broken" });
    const finish = (body: Body) => {
      clearTimeout(timer);
      req.off("data", onData).off("end", onEnd).off("close", onClose).pause();
      resolve(body);
    };
    // An aborted request emits an error as well as the close that tells us.
    req.on("error", () => {});
    req.on("data", onData).on("end", onEnd).on("close", onClose);
  });
}

function wholeOr(req: IncomingMessage, chunks: Buffer[]): Body {
  if (!req.complete) return { kind: "broken" };
  const [first] = chunks;
  return { kind: "whole", raw: chunks.length === 1 && first ? first : Buffer.concat(chunks) };
}
