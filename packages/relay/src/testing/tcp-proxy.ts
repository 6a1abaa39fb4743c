/** A TCP proxy in this process, to disturb one side's link: cut it (and refuse), swallow everything silently, delay it. */

import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Transform } from 'node:stream';

export interface TcpProxy {
  readonly port: number;
  /** Closes every connection, and each new one at once. */
  cut(): void;
  /** Keeps connections open and lets nothing through. */
  swallow(): void;
  /** Delays every chunk by `ms` from now on, each way. */
  delay(ms: number): void;
  /** New connections pass again. Connections that were swallowed stay dead. */
  heal(): void;
  close(): Promise<void>;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  let mode: 'pass' | 'cut' | 'swallow' = 'pass';
  let delayMs = 0;
  const sockets = new Set<Socket>();
  const slow = (): Transform =>
    new Transform({
      transform(chunk, _encoding, done) {
        if (delayMs === 0) done(null, chunk);
        else setTimeout(() => done(null, chunk), delayMs);
      },
    });
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((near) => {
    keep(near);
    if (mode === 'cut') return void near.destroy();
    if (mode === 'swallow') return void near.pause();
    const far = connect(targetPort, '127.0.0.1');
    keep(far);
    near.pipe(slow()).pipe(far);
    far.pipe(slow()).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const destroyAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      mode = 'cut';
      destroyAll();
    },
    swallow() {
      mode = 'swallow';
      for (const socket of sockets) socket.unpipe().pause();
    },
    delay(ms) {
      delayMs = ms;
    },
    heal() {
      mode = 'pass';
    },
    async close() {
      destroyAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
