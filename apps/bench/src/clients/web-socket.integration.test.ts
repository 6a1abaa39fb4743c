/** The client of the load, in a conversation with `ws`. */

import { once } from 'node:events';
import { createServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { LoadSocket } from './web-socket.ts';

const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Pair {
  client: LoadSocket;
  server: WebSocket;
  received: (Buffer | string)[];
  closed: Promise<[number, string]>;
}

async function connect(): Promise<Pair> {
  const host = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 2 ** 27 });
  closers.push(() => host.close());
  await once(host, 'listening');
  const accepted = once(host, 'connection') as Promise<[WebSocket]>;
  const received: (Buffer | string)[] = [];
  let close!: (facts: [number, string]) => void;
  const closed = new Promise<[number, string]>((resolve) => (close = resolve));
  const client = new LoadSocket(`ws://127.0.0.1:${(host.address() as AddressInfo).port}/room`, {
    onOpen: () => undefined,
    onMessage: (data, isText) => received.push(isText ? data.toString() : Buffer.from(data)),
    onClose: (code, reason) => close([code, reason]),
  });
  closers.push(() => client.close());
  const [server] = await accepted;
  return { client, server, received, closed };
}

it('messages of every length of header arrive whole, in both directions', async () => {
  const { client, server, received } = await connect();
  const bodies = [0, 1, 125, 126, 65_535, 65_536, 3_000_000].map((length) => Buffer.alloc(length, length % 251));
  const echoed: Buffer[] = [];
  server.on('message', (data: Buffer) => {
    echoed.push(data);
    server.send(data);
  });
  for (const body of bodies) client.send(body);
  await expect.poll(() => received.length).toBe(bodies.length);
  expect(echoed.every((body, i) => body.equals(bodies[i] as Buffer))).toBe(true);
  expect(received.every((body, i) => (body as Buffer).equals(bodies[i] as Buffer))).toBe(true);
});

it('text is text, and a message in fragments is one message', async () => {
  const { client, server, received } = await connect();
  const heard = once(server, 'message');
  client.sendText('2probe');
  expect(String((await heard)[0])).toBe('2probe');
  server.send('first ', { fin: false });
  server.send('second', { fin: true });
  await expect.poll(() => received).toEqual(['first second']);
});

it('pings are answered with their body', async () => {
  const { server } = await connect();
  const pong = once(server, 'pong');
  server.ping('are you there');
  expect(String((await pong)[0])).toBe('are you there');
});

it('the code and reason of a close arrive, and a cut has code 0', async () => {
  const first = await connect();
  first.server.close(4_429, 'slow down');
  expect(await first.closed).toEqual([4_429, 'slow down']);
  const second = await connect();
  second.server.terminate();
  expect((await second.closed)[0]).toBe(0);
});

it('a refused handshake is a close with its status', async () => {
  const host: TcpServer = createServer((socket) => socket.end('HTTP/1.1 429 Too Many Requests\r\n\r\n'));
  closers.push(() => host.close());
  host.listen(0, '127.0.0.1');
  await once(host, 'listening');
  const reason = await new Promise<string>((resolve) => {
    const events = { onOpen: () => undefined, onMessage: () => undefined, onClose: (_code: number, why: string) => resolve(why) };
    closers.push(
      (
        (client) => () =>
          client.close()
      )(new LoadSocket(`ws://127.0.0.1:${(host.address() as AddressInfo).port}/`, events)),
    );
  });
  expect(reason).toBe('refused: HTTP/1.1 429 Too Many Requests');
});
