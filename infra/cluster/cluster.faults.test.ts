// Two relays behind the shipped nginx.conf, over wss, for every way of spreading clients: people on different nodes draw
// together, with stock and Wetink clients, and the end of a relay loses nothing. Real processes.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMongo } from '@wetink/storage/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { person, stockPerson, until, type Person } from './clients.ts';
import { startCluster, type Cluster } from './cluster.mjs';

const hasMongo = findMongo() !== null;
const title = hasMongo ? '' : ' (not run: no MongoDB for tests, see scripts/mongo.mjs)';

/** Open WebSockets of each relay, from /readyz. */
async function connectionsOf(cluster: Cluster): Promise<number[]> {
  return Promise.all(
    cluster.relays.map(async ({ httpUrl }) => {
      const answer = (await (await fetch(`${httpUrl}/readyz`)).json()) as { connections?: number };
      return answer.connections ?? 0;
    }),
  );
}

describe.skipIf(!hasMongo).each(['least_conn', 'round_robin', 'hash'] as const)(`two relays, ${title}%s`, (balance) => {
  let folder: string;
  let cluster: Cluster;
  let people: Person[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wetink-cluster-test-'));
    cluster = await startCluster({ relays: 2, folder, balance });
  });
  afterEach(async () => {
    await Promise.all(people.map((one) => one.close()));
    people = [];
  });
  afterAll(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function joined<P extends Person>(one: P): P {
    people.push(one);
    return one;
  }

  it('a stock and a Wetink client see each other, whichever relay nginx gives them', async () => {
    const stock = joined(stockPerson(cluster, 'together'));
    await until(() => stock.provider.wsconnected, 'the first to be in');
    const ours = joined(person(cluster, 'together'));
    await until(() => ours.room.link === 'open', 'the second to be in');
    // With hash one relay has the room, otherwise both have it.
    const expected = balance === 'hash' ? [0, 2] : [1, 1];
    await until(async () => (await connectionsOf(cluster)).sort().join() === expected.join(), 'nginx to spread them');

    stock.doc.getMap('board').set('stock', 1);
    ours.doc.getMap('board').set('ours', 2);
    await until(
      () => [stock, ours].every(({ doc }) => doc.getMap('board').size === 2) && ours.room.status.kind === 'saved',
      'both to have both',
      () => [stock.doc.toJSON(), ours.doc.toJSON(), ours.room.status],
    );
    ours.room.awareness.setLocalStateField('cursor', { x: 1 });
    await until(
      () => [...stock.provider.awareness.getStates().values()].some((state) => state['cursor'] !== undefined),
      'the cursor of one to be seen by the other',
    );
  });

  it('clients of a killed relay continue on the other one, and nothing acknowledged is lost', async () => {
    const writers = [1, 2, 3, 4].map(() => joined(person(cluster, 'killed')));
    await until(
      () => writers.every(({ room }) => room.status.kind === 'saved'),
      'all to be in',
      () => writers.map(({ room }) => room.status),
    );
    const acked = new Set<string>();
    let count = 0;
    const draw = async (strokes: number): Promise<void> => {
      for (let stroke = 0; stroke < strokes; stroke += 1) {
        for (const [index, { doc, room }] of writers.entries()) {
          const key = `${index}-${(count += 1)}`;
          doc.getMap('board').set(key, 1);
          const stop = room.onStatus((status) => {
            if (status.kind !== 'saved') return;
            acked.add(key);
            stop();
          });
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    await draw(40);
    const busiest = await connectionsOf(cluster).then((counts) => counts.indexOf(Math.max(...counts)));
    await Promise.all([draw(40), cluster.relays[busiest]!.kill()]);
    await until(
      () => writers.every(({ room }) => room.status.kind === 'saved'),
      'all to be saved on the other relay',
      () => writers.map(({ room }) => room.status),
    );
    await draw(20);
    await cluster.relays[busiest]!.restart();
    await until(
      () => writers.every(({ doc, room }) => doc.getMap('board').size === count && room.status.kind === 'saved'),
      'all to have everything',
      () => writers.map(({ doc, room }) => [doc.getMap('board').size, room.status]),
    );
    for (const relay of cluster.relays) {
      const newcomer = joined(stockPerson(cluster, 'killed', relay.url));
      await until(
        () => newcomer.doc.getMap('board').size === count,
        'a newcomer at each relay to have everything',
        () => newcomer.doc.getMap('board').size,
      );
      expect([...acked].filter((key) => !newcomer.doc.getMap('board').has(key))).toEqual([]);
    }
    expect(acked.size).toBeGreaterThan(0);
  });

  it('a relay that is stopped sends its clients to the other one before it exits', async () => {
    const one = joined(person(cluster, 'drained'));
    const other = joined(person(cluster, 'drained'));
    one.doc.getMap('board').set('before', 1);
    await until(() => other.doc.getMap('board').size === 1 && one.room.status.kind === 'saved', 'both to be in');
    const busiest = await connectionsOf(cluster).then((counts) => counts.indexOf(Math.max(...counts)));
    const relay = cluster.relays[busiest]!;
    expect(await relay.kill('SIGTERM')).toBe(0);
    one.doc.getMap('board').set('one', 1);
    other.doc.getMap('board').set('other', 1);
    await until(
      () => [one, other].every(({ doc, room }) => doc.getMap('board').size === 3 && room.status.kind === 'saved'),
      'both to continue on the other relay',
      () => [one.room.status, other.room.status],
    );
    await relay.restart();
  });
});
