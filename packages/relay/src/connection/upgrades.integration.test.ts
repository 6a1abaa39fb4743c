/** Which upgrades of a server a relay answers. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMemoryStore } from '@wetink/storage';
import { expect, it } from 'vitest';
import { createRelay } from '../relay.ts';
import { Bare, until } from '../testing/harness.ts';

it('the relay leaves upgrades to other listeners when `ignore`, called on its own object, accepts their path', async () => {
  const paths = {
    other: '/other/',
    ignore(pathname: string): boolean {
      return pathname.startsWith(this.other);
    },
  };
  const server = createServer();
  server.on('upgrade', ({ url = '' }, socket) => {
    if (url.startsWith(paths.other)) socket.end('HTTP/1.1 410 Gone\r\nConnection: close\r\n\r\n');
  });
  const relay = createRelay({ store: createMemoryStore() });
  relay.attach(server, paths);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [board, other] = [await new Bare(url, 'board').opened(), new Bare(url, 'other/board')];
  await until(() => other.error !== null, 'the answer of the other listener');
  expect(other.error?.message).toContain('410');
  expect(board.closed).toBeNull();
  expect(relay.stats().connections).toBe(1);
  board.close();
  await relay.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
