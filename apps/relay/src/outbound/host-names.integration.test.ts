/** Names that a name server answers, and ones that it never answers. */

import { lookup } from 'node:dns/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NameServer } from '../testing/name-server.ts';
import { Receiver } from '../testing/receiver.ts';
import { createHostNames, type HostNames } from './host-names.ts';
import { createOutbound, type Outbound } from './outbound.ts';

const HOSTS = '127.0.0.1 localhost\n# 10.0.0.9 old.example\n10.0.0.7\tinner.example Inner2 # by hand\nfd00::7 inner.example\n';

let nameServer: NameServer;
let receiver: Receiver;
let outbound: Outbound;
let nowMs: number;

beforeEach(async () => {
  [nameServer, receiver, nowMs] = [new NameServer(), new Receiver(), 0];
  await Promise.all([nameServer.start(), receiver.start()]);
  outbound = createOutbound({ allowsPrivate: true, timeoutMs: 3_000, names: names({}) });
});
afterEach(async () => {
  await Promise.all([nameServer.stop(), receiver.stop()]);
});

const names = ({ search = '' }): HostNames =>
  createHostNames({
    usesSearchDomains: search !== '',
    servers: () => [nameServer.address],
    now: () => nowMs,
    read: async (path) => (path === '/etc/hosts' ? HOSTS : `nameserver 127.0.0.1\nsearch ${search}\n`),
  });
const post = (host: string): Promise<{ status: number }> =>
  outbound.post(`${receiver.origin.replace('127.0.0.1', host)}/hook`, {}, Buffer.from('{}'));

it('names whose server never answers hold up neither other posts nor the threads of the process', { timeout: 20_000 }, async () => {
  nameServer.addresses.set('good.example', '127.0.0.1');
  const silent = Array.from({ length: 50 }, (_, i) => post(`never${i}.example`));
  let given = 0;
  const outcomes = Promise.allSettled(silent.map((outcome) => outcome.finally(() => (given += 1))));
  expect((await post('good.example')).status).toBe(204);
  await lookup('localhost');
  // Before any of the others was given up.
  expect(given).toBe(0);
  for (const outcome of await outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'TimeoutError' } });
});

it('a name that does not exist is said to be unknown, and one without an answer could not be looked up', { timeout: 30_000 }, async () => {
  nameServer.addresses.set('gone.example', null);
  await expect(post('gone.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  await expect(names({}).addressesOf('never.example')).rejects.toMatchObject({ code: 'EAI_AGAIN' });
});

it('names of the hosts file and localhost are asked of no server; a public outbound refuses them as private', async () => {
  const both = [
    { address: '10.0.0.7', family: 4 },
    { address: 'fd00::7', family: 6 },
  ];
  expect(await names({}).addressesOf('Inner.example.')).toEqual(both);
  expect(await names({}).addressesOf('inner2')).toEqual(both.slice(0, 1));
  expect(await names({}).addressesOf('localhost')).toEqual([{ address: '127.0.0.1', family: 4 }]);
  expect(await names({}).addressesOf('a.localhost')).toHaveLength(2);
  expect(nameServer.asked).toEqual([]);
  const open = createOutbound({ allowsPrivate: false, timeoutMs: 1_000, names: names({}) });
  await expect(open.post('https://inner.example/', {}, Buffer.from('{}'))).rejects.toThrow('the name leads to a private address');
});

it('in a private network short names are completed with the search domains of the machine', async () => {
  nameServer.addresses.set('bot.team.internal', '10.0.0.8').set('bot', null).set('bot.internal', null).set('good.example', '10.0.0.9');
  expect(await names({ search: 'internal. team.internal' }).addressesOf('bot')).toEqual([{ address: '10.0.0.8', family: 4 }]);
  await expect(names({ search: 'internal' }).addressesOf('bot')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  await expect(names({}).addressesOf('bot')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  nameServer.asked.length = 0;
  await names({ search: 'internal' }).addressesOf('good.example');
  expect(new Set(nameServer.asked)).toEqual(new Set(['good.example']));
});

it('other name servers of the machine are asked ten seconds after they changed', async () => {
  const asked = names({});
  nameServer.addresses.set('good.example', '10.0.0.8');
  expect(await asked.addressesOf('good.example')).toMatchObject([{ address: '10.0.0.8' }]);
  await nameServer.stop();
  nameServer = new NameServer();
  await nameServer.start();
  nameServer.addresses.set('good.example', '10.0.0.9');
  nowMs = 10_000;
  expect(await asked.addressesOf('good.example')).toMatchObject([{ address: '10.0.0.9' }]);
});
