// A load generator that costs little: on two cores it shares them with what it measures. Raw sockets, one request at a time on
// each, answers read as far as is needed to know status and end.
import { connect, type Socket } from "node:net";

export type Load = {
  perSecond: number;
  /** Milliseconds from the first byte written to the last byte read. */
  p50: number;
  p99: number;
  max: number;
  /** Answers with 200. */
  ok: number;
  /** Other answers, and connections that broke. */
  failed: number;
};

export type LoadOptions = {
  port: number;
  connections: number;
  seconds: number;
  /** The bytes of the next request; called anew for each. */
  next: () => Buffer;
};

/** Keeps every connection busy for `seconds`, lets what is under way finish, and counts. */
export async function load(options: LoadOptions): Promise<Load> {
  const times: number[] = [];
  let failed = 0;
  const started = performance.now();
  const until = started + options.seconds * 1000;
  const report = (status: number, ms: number) => {
    if (status === 200) times.push(ms);
    else failed += 1;
  };
  await Promise.all(Array.from({ length: options.connections }, () => work(options, until, report)));
  const seconds = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return {
    perSecond: times.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    ok: times.length,
    failed,
  };
}

function work(
  { port, next }: LoadOptions,
  until: number,
  report: (status: number, ms: number) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let sent = 0;
    let answer = "";
    const send = () => {
      sent = performance.now();
      answer = "";
      socket.write(next());
    };
    socket.setEncoding("latin1");
    socket.once("connect", send);
    socket.on("data", (text: string) => {
      answer += text;
      if (!isWhole(answer)) return;
      report(Number(answer.slice(9, 12)), performance.now() - sent);
      if (performance.now() < until && !/^connection: close/im.test(answer)) send();
      else socket.end();
    });
    socket.on("error", () => report(0, 0));
    socket.on("close", () => resolve(finish(socket)));
  });
}

function isWhole(answer: string): boolean {
  const head = answer.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const length = /^content-length: (\d+)/im.exec(answer.slice(0, head + 2));
  return length ? answer.length >= head + 4 + Number(length[1]) : answer.endsWith("0\r\n\r\n");
}

function finish(socket: Socket): void {
  socket.destroy();
}
