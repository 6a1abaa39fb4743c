/** Which upgrades of a server a relay answers. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { encodeAwareness } from '@wetink/protocol';
import { createMemoryStore } from '@wetink/storage';
import { expect, it } from 'vitest';
import { createRelay } from '../relay.ts';
import { Bare, joined, startRelay, until, type TestRelay } from '../testing/harness.ts';

/** Counts writes to the sockets of clients that come from now on. */
function countWrites(server: Server): { count: number } {
  const writes = { count: 0 };
  server.on('connection', (socket: Socket) => {
    const { _write, _writev } = socket;
    socket._write = (...given) => {
      writes.count += 1;
      _write.apply(socket, given);
    };
    socket._writev = (...given) => {
      writes.count += 1;
      _writev?.apply(socket, given);
    };
  });
  return writes;
}

/** A relay with a room that has a member, with presence. */
async function startWithMember(): Promise<{ relay: TestRelay; member: Bare }> {
  const relay = await startRelay();
  const member = await joined(relay.url, 'board', 1);
  await until(() => member.of('sync-step-1').length === 1, 'the room');
  member.send({ type: 'awareness', body: encodeAwareness([{ clientId: 1, clock: 1, state: '{"name":"Ana"}' }]) });
  const watcher = new Bare(relay.url, 'board');
  await until(() => watcher.of('awareness').length > 0, 'presence');
  watcher.close();
  return { relay, member };
}

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

it('[RL92] an extension client gets hello with the answer to its upgrade, and welcome, question and presence in one more write', async () => {
  const { relay, member } = await startWithMember();
  const writes = countWrites(relay.server);
  const client = await joined(relay.url, 'board', 2);
  await until(() => client.of('awareness').length === 1, 'presence');
  expect(client.received.map(({ type }) => type)).toEqual(['hello', 'welcome', 'sync-step-1', 'awareness']);
  expect(writes.count).toBe(2);
  client.close();
  member.close();
  await relay.close();
});

it('[RL92] a stock client gets the answer to its upgrade, the question and presence in one write when it is let in at once', async () => {
  const { relay, member } = await startWithMember();
  const writes = countWrites(relay.server);
  const client = new Bare(relay.url, 'board');
  await until(() => client.of('awareness').length === 1, 'presence');
  expect(client.received.map(({ type }) => type)).toEqual(['sync-step-1', 'awareness']);
  expect(writes.count).toBe(1);
  client.close();
  member.close();
  await relay.close();
});

it('[RL92] a client whose rights take time to look up has the answer to its upgrade meanwhile', async () => {
  let letIn: () => void = () => undefined;
  const decided = new Promise<void>((resolve) => (letIn = resolve));
  const relay = await startRelay({ authorize: () => decided.then(() => ({ ok: true, role: 'editor', userId: '' })) });
  const client = await new Bare(relay.url, 'board').opened();
  expect(client.received).toEqual([]);
  letIn();
  await until(() => client.of('sync-step-1').length === 1, 'the question');
  client.close();
  await relay.close();
});
