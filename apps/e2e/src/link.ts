/** A TCP link of one person to the relay that can be cut and mended, as a train tunnel would. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface Link {
  readonly url: string;
  /** Connections refused so far. */
  readonly refused: number;
  /** Resets what is open and refuses what comes, until mended. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function createLink(targetPort: number): Promise<Link> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let refused = 0;
  const server: Server = createServer((inner) => {
    if (isCut) {
      refused += 1;
      inner.resetAndDestroy();
      return;
    }
    const outer = connect(targetPort, '127.0.0.1');
    for (const socket of [inner, outer]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      // A reset on one side ends the other; the reason is the test's own doing.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    inner.on('close', () => outer.destroy());
    outer.on('close', () => inner.destroy());
    inner.pipe(outer);
    outer.pipe(inner);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the link has no port');
  const dropAll = (): void => sockets.forEach((socket) => void socket.destroy());
  return {
    url: `http://127.0.0.1:${address.port}`,
    get refused() {
      return refused;
    },
    cut() {
      isCut = true;
      dropAll();
    },
    mend() {
      isCut = false;
    },
    close() {
      dropAll();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
