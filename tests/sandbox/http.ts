import type { RequestListener, Server } from "node:http";
import { createServer } from "node:http";
import type { RequestHandler } from "express";
import type { AddressInfo } from "node:net";

/** Listens on the port (0 = a free one). @throws with a plain sentence when the port is busy */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`Port ${port} on ${host} is in use by another program. Choose another one.`)
          : error,
      ),
    );
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** An HTTP server on loopback. */
export async function serve(
  handler: RequestListener,
  port: number,
  host: string,
): Promise<{ server: Server; port: number }> {
  const server = createServer(handler);
  return { server, port: await listen(server, port, host) };
}

/** Closes a server and everything connected to it. */
export async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

/** An Express handler that waits; what it throws goes to Express's error handler (version 4 would drop it). */
export function waiting(handler: (...args: Parameters<RequestHandler>) => Promise<unknown>): RequestHandler {
  return (req, res, next) => void handler(req, res, next).catch(next);
}
