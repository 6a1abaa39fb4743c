/** The example of section HTTP in README.md is this package's own code, and it runs. */

import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createMemoryStore } from '@wetink/storage';
import { expect, it } from 'vitest';
import { ApiClient } from '../testing/api-client.ts';
import { serveBoards } from '../fixtures/http-example.ts';
import * as http from './index.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

it('the example of the README runs: a guest makes a board and enters it, another guest does not', async () => {
  expect(readme).toContain(readFileSync(new URL('../fixtures/http-example.ts', import.meta.url), 'utf8').trim());
  const server = serveBoards(createMemoryStore(), 'b7e1f0c2a95d4e338fd06c1b2a7788990011aabb');
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new ApiClient();
  client.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [ana, ben] = [await client.guest('Ana'), await client.guest('Ben')];
  const board = await client.board(ana.token);
  expect(await client.enter(board, ana.token)).toEqual({ userId: ana.id, role: 'owner' });
  expect(await client.enter(board, ben.token)).toMatchObject({ code: 4403 });
  const { status, headers } = await client.call('GET', '/v1/settings', null, undefined, { origin: 'https://evil.example' });
  expect([status, headers.has('access-control-allow-origin')]).toEqual([403, false]);
  expect(await (await fetch(client.origin)).text()).toBe('hello');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('the README names every export of the entry for HTTP', () => {
  const section = readme.slice(readme.indexOf('## HTTP'), readme.indexOf('## Several relays'));
  expect(Object.keys(http).filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
});
