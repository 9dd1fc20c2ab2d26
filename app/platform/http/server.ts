import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { Server as TcpServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { AppError } from "#app/platform/errors.ts";
import { log } from "#app/platform/log.ts";

export type Listening = {
  port: number;
  /** Takes no more connections, waits up to `drainMs` for requests under way, then cuts what is left. */
  stop(drainMs?: number): Promise<void>;
};

export type ListenOptions = {
  host: string;
  /** 0 = any free one. */
  port: number;
  /** Name of the variable that sets the port, for the message when it is taken. */
  portVariable: string;
  handle: RequestListener;
  /** The answer to bytes that are no HTTP or end too early; 400 unless told otherwise. */
  statusOfBroken?: (socket: Socket) => number;
};

/** How long connections that rest are still answered after the stop, each for one more request. */
const IDLE_GRACE_MS = 1_000;

const BROKEN_STATUS: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
};

/**
 * A server with limits that slow or silent peers run into.
 * @throws AppError conflict when the port is taken or may not be used, with a sentence for the operator
 */
export async function serve(options: ListenOptions): Promise<Listening> {
  const server = createServer({
    headersTimeout: 15_000,
    requestTimeout: 60_000,
    keepAliveTimeout: 75_000, // longer than the usual 60 s of proxies, or they meet connections that just closed
    maxHeaderSize: 32 * 1024, // Shopify's session tokens and forwarded cookies are long
    connectionsCheckingInterval: 5_000,
  });
  const underWay = new Set<ServerResponse>();
  let stopping = false;
  const handle = (req: IncomingMessage, res: ServerResponse) => {
    underWay.add(res);
    res.once("close", () => underWay.delete(res));
    if (stopping) res.setHeader("connection", "close");
    options.handle(req, res);
  };
  server.on("request", handle);
  // Whoever handles the request decides whether its body is wanted at all.
  server.on("checkContinue", handle);
  server.on("clientError", (error: Error & { code?: string }, socket) =>
    answerBroken(error, socket, options),
  );
  const port = await listen(server, options);
  return {
    port,
    async stop(drainMs = 9_000) {
      stopping = true;
      const closed = new Promise<void>((resolve) => server.once("close", resolve));
      // http's own close ends idle connections at once, on which a proxy may just be sending its next request.
      TcpServer.prototype.close.call(server);
      for (const res of underWay) if (!res.headersSent) res.setHeader("connection", "close");
      const idle = setTimeout(() => server.closeIdleConnections(), Math.min(IDLE_GRACE_MS, drainMs));
      const cut = setTimeout(() => {
        if (underWay.size > 0)
          log.warn({ requests: underWay.size }, "stopping with requests still under way");
        server.closeAllConnections();
      }, drainMs);
      await closed;
      clearTimeout(idle);
      clearTimeout(cut);
    },
  };
}

function answerBroken(error: { code?: string }, socket: Duplex, options: ListenOptions): void {
  if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy();
  const status =
    error.code === "HPE_HEADER_OVERFLOW"
      ? 431
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? 408
        : (options.statusOfBroken?.(socket as Socket) ?? 400);
  socket.end(
    `HTTP/1.1 ${status} ${BROKEN_STATUS[status] ?? ""}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}

function listen(server: Server, { host, port, portVariable }: ListenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: Error & { code?: string }) => {
      const reason =
        error.code === "EADDRINUSE"
          ? "is already in use"
          : error.code === "EACCES"
            ? "may not be used by this account"
            : `cannot be opened (${error.code})`;
      reject(
        new AppError("conflict", `Port ${port} on ${host} ${reason}. Choose another with ${portVariable}.`),
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}
