/**
 * A TCP proxy that simulates faults of a network: delay, throttle, cut, swallow, damage. For tests only.
 *
 *     client ──▶ proxy(port) ──▶ target          the same faults in each direction
 *
 * Faults apply at once, to existing and new connections.
 */

import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

export interface Faults {
  /** Delay of every piece, ms; pieces keep their order. */
  latencyMs: number;
  /** Largest random addition to the delay, ms. */
  jitterMs: number;
  /** Bytes per second and direction; Infinity: no limit. */
  bytesPerSecond: number;
  /** Largest piece in bytes; each piece is written separately. */
  sliceBytes: number;
  /** Swallows all bytes and closes nothing. Connections are reset when this ends, because bytes are missing. */
  isBlackhole: boolean;
  /** Resets new connections at once. */
  isRefusing: boolean;
  /** Resets a connection after this many bytes in one direction. */
  closeAfterBytes: number;
  /** Inverts the byte at this offset of each direction; -1: none. */
  corruptByteAt: number;
}

export const noFaults: Readonly<Faults> = {
  latencyMs: 0,
  jitterMs: 0,
  bytesPerSecond: Infinity,
  sliceBytes: Infinity,
  isBlackhole: false,
  isRefusing: false,
  closeAfterBytes: Infinity,
  corruptByteAt: -1,
};

export interface Proxy {
  readonly port: number;
  readonly connections: number;
  /** Number of connections accepted since the start. */
  readonly accepted: number;
  /** Bytes received from clients. */
  readonly bytesUp: number;
  /** Replaces all faults; omitted ones are off. */
  set(faults: Partial<Faults>): void;
  /** Ends every connection with RST. */
  reset(): void;
  /** Closes the client's side of every connection normally, and leaves the target's half-open. */
  halfClose(): void;
  close(): Promise<void>;
}

export async function startProxy(target: { port: number; host?: string }, random: () => number = Math.random): Promise<Proxy> {
  const links = new Set<Link>();
  let faults: Faults = { ...noFaults };
  let accepted = 0;
  const count = { up: 0 };

  const server: Server = createServer({ allowHalfOpen: true }, (client) => {
    accepted += 1;
    if (faults.isRefusing) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ port: target.port, host: target.host ?? '127.0.0.1', allowHalfOpen: true });
    const link: Link = {
      client,
      upstream,
      end: () => {
        links.delete(link);
        client.destroy();
        upstream.destroy();
      },
      reset: () => {
        links.delete(link);
        if (!client.destroyed) client.resetAndDestroy();
        if (!upstream.destroyed) upstream.resetAndDestroy();
      },
    };
    links.add(link);
    carry(
      client,
      upstream,
      link,
      () => faults,
      random,
      (bytes) => (count.up += bytes),
    );
    carry(
      upstream,
      client,
      link,
      () => faults,
      random,
      () => undefined,
    );
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, resolve));

  const reset = (): void => {
    for (const link of [...links]) link.reset();
  };
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return links.size;
    },
    get accepted() {
      return accepted;
    },
    get bytesUp() {
      return count.up;
    },
    set(next) {
      const wasBlackhole = faults.isBlackhole;
      faults = { ...noFaults, ...next };
      // Bytes are missing from these streams, and no real network would deliver the bytes after them.
      if (wasBlackhole && !faults.isBlackhole) reset();
    },
    reset,
    halfClose() {
      for (const { client } of links) client.end();
    },
    async close() {
      reset();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Link {
  client: Socket;
  upstream: Socket;
  end(): void;
  reset(): void;
}

/** One direction of one connection. */
function carry(from: Socket, to: Socket, link: Link, faults: () => Faults, random: () => number, onBytes: (bytes: number) => void): void {
  let seenBytes = 0;
  let queue = Promise.resolve();

  const write = async (piece: Buffer): Promise<void> => {
    if (to.destroyed || faults().isBlackhole) return;
    if (!to.write(piece)) await new Promise<void>((resolve) => onceAny(to, ['drain', 'close'], resolve));
  };
  const deliver = async (data: Buffer): Promise<void> => {
    const { latencyMs, jitterMs, sliceBytes, bytesPerSecond } = faults();
    if (latencyMs > 0 || jitterMs > 0) await wait(latencyMs + random() * jitterMs);
    const atMost = Math.min(sliceBytes, bytesPerSecond === Infinity ? Infinity : Math.max(1, Math.ceil(bytesPerSecond / 20)));
    for (let at = 0; at < data.length; at += atMost) {
      const piece = data.subarray(at, atMost === Infinity ? data.length : at + atMost);
      await write(piece);
      if (bytesPerSecond !== Infinity) await wait((piece.length / bytesPerSecond) * 1_000);
      else if (sliceBytes !== Infinity) await wait(0);
    }
  };

  from.on('data', (data: Buffer) => {
    onBytes(data.length);
    const { corruptByteAt, closeAfterBytes, isBlackhole } = faults();
    const damagedAt = corruptByteAt - seenBytes;
    const damaged = data[damagedAt];
    if (damaged !== undefined) data[damagedAt] = damaged ^ 0xff;
    seenBytes += data.length;
    if (seenBytes >= closeAfterBytes) return link.reset();
    if (isBlackhole) return;
    // One piece at a time; meanwhile the sender waits, as for a slow receiver.
    from.pause();
    queue = queue.then(() => deliver(data)).then(() => void from.resume());
  });
  from.on('end', () => {
    queue = queue.then(() => {
      if (!faults().isBlackhole) to.end();
    });
  });
  from.on('error', () => link.reset());
  from.on('close', () => {
    if (to.destroyed) link.end();
    else if (!faults().isBlackhole) void queue.then(() => to.end());
  });
}

function onceAny(socket: Socket, events: readonly string[], done: () => void): void {
  const finish = (): void => {
    for (const event of events) socket.off(event, finish);
    done();
  };
  for (const event of events) socket.on(event, finish);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0) setImmediate(resolve);
    else setTimeout(resolve, ms);
  });
}
