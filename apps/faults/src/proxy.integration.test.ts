/** The proxy applies the faults that a test sets, and no others. */

import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProxy, type Proxy } from './proxy.ts';

let server: Server;
let proxy: Proxy;
let atServer: Socket[];
let heard: Buffer[];

beforeEach(async () => {
  atServer = [];
  heard = [];
  server = createServer({ allowHalfOpen: true }, (socket) => {
    atServer.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      heard.push(Buffer.from(data));
      socket.write(data); // an echo
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await startProxy({ port: (server.address() as AddressInfo).port }, () => 0.5);
});

afterEach(async () => {
  await proxy.close();
  for (const socket of atServer) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

interface Client {
  socket: Socket;
  pieces: Buffer[];
  received(): Buffer;
  ended: Promise<string>;
}

async function join(): Promise<Client> {
  const socket = connect({ port: proxy.port, host: '127.0.0.1' });
  const pieces: Buffer[] = [];
  socket.on('data', (data) => pieces.push(data));
  const ended = new Promise<string>((resolve) => {
    socket.on('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    socket.on('end', () => resolve('end'));
    socket.on('close', () => resolve('close'));
  });
  // A reset may arrive before the connect event.
  await new Promise<void>((resolve) => socket.once('connect', resolve).once('close', () => resolve()));
  return { socket, pieces, received: () => Buffer.concat(pieces), ended };
}

const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => i % 251));

async function until(isTrue: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 1_000; i++) {
    if (isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`waited for ${what}`);
}

describe('proxy', () => {
  it('the proxy carries bytes both ways, unchanged and in order', async () => {
    const client = await join();
    const sent = bytes(300_000);
    client.socket.write(sent);
    await until(() => client.received().length === sent.length, 'the echo');
    expect(client.received().equals(sent)).toBe(true);
    expect([proxy.connections, proxy.accepted, proxy.bytesUp]).toEqual([1, 1, sent.length]);
  });

  it('latency delays existing connections, too', async () => {
    const client = await join();
    proxy.set({ latencyMs: 120 });
    const fromMs = performance.now();
    client.socket.write('x');
    await until(() => client.received().length === 1, 'the echo');
    expect(performance.now() - fromMs).toBeGreaterThanOrEqual(230);
  });

  it('sliceBytes 1 passes single bytes', async () => {
    const client = await join();
    proxy.set({ sliceBytes: 1 });
    client.socket.setNoDelay(true);
    client.socket.write(bytes(50));
    await until(() => client.received().length === 50, 'the echo');
    expect(client.received().equals(bytes(50))).toBe(true);
    expect(client.pieces.length).toBeGreaterThan(1);
  });

  it('a bandwidth limit delays bytes and loses none', async () => {
    const client = await join();
    proxy.set({ bytesPerSecond: 2_000 });
    const fromMs = performance.now();
    client.socket.write(bytes(600));
    await until(() => client.received().length === 600, 'the echo');
    expect(performance.now() - fromMs).toBeGreaterThanOrEqual(240);
    expect(client.received().equals(bytes(600))).toBe(true);
  });

  it('a black hole swallows everything, and resets connections when it ends', async () => {
    const client = await join();
    proxy.set({ isBlackhole: true });
    client.socket.write('lost');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(client.received().length).toBe(0);
    proxy.set({});
    expect(await client.ended).toBe('ECONNRESET');
    const next = await join();
    next.socket.write('here');
    await until(() => next.received().toString() === 'here', 'the echo');
  });

  it('resets existing connections, new ones, or each after a number of bytes', async () => {
    const connected = await join();
    await until(() => proxy.connections === 1, 'the connection');
    proxy.reset();
    expect(await connected.ended).toBe('ECONNRESET');
    proxy.set({ isRefusing: true });
    expect(await (await join()).ended).toBe('ECONNRESET');
    proxy.set({ closeAfterBytes: 10 });
    const counted = await join();
    counted.socket.write(bytes(5));
    await until(() => counted.received().length === 5, 'the echo');
    counted.socket.write(bytes(5));
    expect(await counted.ended).toBe('ECONNRESET');
  });

  it('halfClose leaves the target half-open', async () => {
    const client = await join();
    await until(() => proxy.connections === 1 && atServer.length === 1, 'the connection');
    proxy.halfClose();
    expect(await client.ended).toBe('end');
    expect(atServer[0]?.destroyed).toBe(false);
  });

  it('corruptByteAt inverts one byte', async () => {
    const client = await join();
    proxy.set({ corruptByteAt: 3 });
    client.socket.write(Buffer.from([1, 2, 3, 4, 5]));
    await until(() => client.received().length === 5, 'the echo');
    expect([...Buffer.concat(heard)]).toEqual([1, 2, 3, 4 ^ 0xff, 5]);
    // The byte is inverted again on the way back.
    expect([...client.received()]).toEqual([1, 2, 3, 4, 5]);
  });
});
