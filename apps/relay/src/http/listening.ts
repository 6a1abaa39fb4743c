/** Starts and stops listening, with one sentence for the operator when the address cannot be used. */

import { createServer, type RequestListener, type Server } from 'node:http';

/** Connections waiting to be accepted. With Node's 511, 2,000 clients that reconnect at once lose a second each. */
const LISTEN_BACKLOG = 4_096;

export interface Address {
  /** 0: the system chooses one. */
  port: number;
  host: string;
}

export function createHttpServer(listener: RequestListener): Server {
  return createServer(
    // Checked every 2 s: with Node's 30 s, a client that never finishes its headers would hold its socket for 40 s.
    // A picture of 8 MiB has two minutes, half a megabit per second; the API gives JSON bodies a shorter deadline.
    { headersTimeout: 10_000, requestTimeout: 120_000, connectionsCheckingInterval: 2_000 },
    listener,
  );
}

/** @throws {Error} With one sentence that says what to do. */
export function listen(server: Server, { port, host }: Address): Promise<void> {
  return new Promise((resolveListening, reject) => {
    server.once('error', (error) => reject(new Error(listenMistake(error, { port, host }), { cause: error })));
    server.listen({ port, host, backlog: LISTEN_BACKLOG }, () => {
      server.removeAllListeners('error');
      resolveListening();
    });
  });
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function listenMistake(error: Error, { port, host }: Address): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `port ${port} on ${host} is in use. Choose another with --port.`;
  if (code === 'EACCES') return `port ${port} may not be used by this user. Choose one above 1023 with --port.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `${host} is not an address of this machine. Choose another with --host.`;
  return error.message;
}
