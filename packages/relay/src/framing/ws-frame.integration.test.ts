import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { until } from '../testing/harness.ts';
import { encodeWsFragments, encodeWsFrame } from './ws-frame.ts';

it('[RL23] a stock client reads frames of every length form as they were sent', async () => {
  const payloads = [0, 1, 125, 126, 65_535, 65_536, 200_000].map((length) => new Uint8Array(length).map((_, i) => i * 31));
  const { createHash } = await import('node:crypto');
  const server = createServer().on('upgrade', (request, socket) => {
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.on('error', () => socket.destroy());
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    for (const payload of payloads) socket.write(encodeWsFrame(payload));
    for (const payload of payloads)
      for (const frame of encodeWsFragments(payload, 60_000)) {
        socket.write(frame);
        socket.write(Buffer.from([0x89, 0])); // a ping between fragments
      }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const got: Uint8Array[] = [];
  let pings = 0;
  client.on('message', (data) => got.push(new Uint8Array(data as Buffer)));
  client.on('ping', () => (pings += 1));
  await until(() => got.length === 2 * payloads.length, 'all messages');
  for (const [i, payload] of [...payloads, ...payloads].entries()) expect(Buffer.compare(got[i] ?? new Uint8Array(), payload)).toBe(0);
  expect(pings).toBe(4 + 2 + 2 + 4);
  client.terminate();
  server.closeAllConnections();
  server.close();
});
