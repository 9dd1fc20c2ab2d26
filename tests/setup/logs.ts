// Everything this process says: the log at its most talkative, and what is printed past it.
import { pino } from "pino";
import { log } from "#app/platform/log.ts";

export type CapturedLogs = { lines: string[]; stop(): void };

type Stream = { write(line: string): void };

/** From now on log lines are kept instead of printed, whatever level is set later. */
export function captureLogs(): CapturedLogs {
  const lines: string[] = [];
  const logger = log as unknown as Record<symbol, Stream> & { level: string };
  const stream = logger[pino.symbols.streamSym]!;
  const write = stream.write.bind(stream);
  stream.write = (line) => void lines.push(line);
  const level = log.level;
  log.level = "trace";
  // Who starts the app afterwards sets the level of its own wish; the search wants every line.
  Object.defineProperty(log, "level", { configurable: true, get: () => "trace", set: () => undefined });
  const printed = (["stdout", "stderr"] as const).map((name) => {
    const out = process[name];
    const original = out.write.bind(out);
    out.write = ((chunk: string | Uint8Array, ...rest: []) => {
      lines.push(Buffer.from(chunk as string).toString());
      return original(chunk, ...rest);
    }) as typeof out.write;
    return () => void (out.write = original);
  });
  return {
    lines,
    stop() {
      delete (log as { level?: string }).level;
      log.level = level;
      stream.write = write;
      for (const restore of printed) restore();
    },
  };
}
