/**
 * People draw, bring copies of each other's unsent changes, and are slow to answer; attackers that come and go forge their
 * next changes. No honest client is refused or closed, and no drawn change is lost.
 */

import { encodeAwareness } from '@wetink/protocol';
import { encode, writeUint8, writeVarUint } from 'lib0/encoding';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { createCluster, sameDocument } from '../testing/cluster.ts';
import { seeded } from '../testing/seeded.ts';
import type { TestClient } from '../testing/test-client.ts';

const SEEDS = 60;
const OPERATIONS = 120;

function forged(client: number, clock: number, length: number): Uint8Array {
  return encode((encoder) => {
    for (const number of [1, 1, client, clock]) writeVarUint(encoder, number);
    writeUint8(encoder, 0);
    writeVarUint(encoder, length);
    writeVarUint(encoder, 0);
  });
}

const questionsTo = (client: TestClient): number => client.received.filter(({ type }) => type === 'sync-step-1').length;

it.each(Array.from({ length: SEEDS }, (_, i) => i + 1))('[OW2] [OW3] [OW7] [OW9] no honest change is lost, seed %i', async (seed) => {
  const random = seeded(seed);
  const int = (below: number): number => Math.floor(random() * below);
  const nodes = 1 + (seed % 2);
  const cluster = createCluster({ nodes, seed });
  const people = Array.from({ length: 4 }, (_, i) => {
    const doc = new Y.Doc();
    doc.clientID = 100 + i;
    const client = cluster.enter(i % nodes, { doc, isExtension: i !== 3 });
    client.say({ type: 'awareness', body: encodeAwareness([{ clientId: 100 + i, clock: 1, state: '{}' }]) });
    return client;
  });
  await cluster.time.advance(2_000);
  const pick = (): TestClient => {
    const picked = people[int(people.length)];
    if (picked === undefined) throw new RangeError('nobody');
    return picked;
  };
  const everything = (client: TestClient): void => {
    client.sent += 1;
    client.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(client.doc) });
  };
  const unanswered = new Map<TestClient, number>();
  const speakAgain = (client: TestClient): void => {
    if (!client.isSilent) return;
    client.isSilent = false;
    for (let left = questionsTo(client) - (unanswered.get(client) ?? 0); left > 0; left--) everything(client);
  };
  let refused = 0;
  let drawn = 0;
  for (let done = 0; done < OPERATIONS; done++) {
    const client = pick();
    switch (int(6)) {
      case 0:
      case 1:
        // Unsent changes from before go with it.
        client.doc.getMap('m').set(`${(drawn += 1)}`, 1);
        if (random() < 0.7) everything(client);
        break;
      case 2:
        client.edit((doc) => doc.getText('t').insert(0, `${(drawn += 1)} `));
        everything(client);
        break;
      case 3: {
        // Not through the relay, as between tabs of one browser.
        const other = pick();
        Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(client.doc), 'relay');
        everything(other);
        break;
      }
      case 4: {
        const mallory = cluster.enter(int(nodes), { isExtension: random() < 0.5 });
        const next = Y.getState(client.doc.store, client.doc.clientID);
        mallory.sendUpdate(forged(client.doc.clientID, next + int(3), 1 + int(50)));
        void cluster.time.schedule(() => {
          if (mallory.isRefused || mallory.ended === 'FOREIGN_CLIENT') refused += 1;
          if (mallory.ended === null) mallory.leave();
        }, 20_000);
        break;
      }
      case 5:
        if (client.isSilent) break;
        client.isSilent = true;
        unanswered.set(client, questionsTo(client));
        cluster.time.schedule(() => speakAgain(client), int(2_000));
        break;
    }
    await cluster.time.advance(int(100));
  }
  await cluster.time.advance(30_000);
  for (const client of people) everything(client);
  await cluster.time.advance(30_000);
  for (const { ended, isRefused } of people) expect([ended, isRefused]).toEqual([null, false]);
  const stored = await cluster.stored();
  for (const { doc } of people) expect(sameDocument(doc, stored)).toBe(true);
  const seen = new Set([...stored.getMap('m').keys(), ...stored.getText('t').toJSON().trim().split(' ')]);
  expect([...Array(drawn).keys()].filter((i) => !seen.has(`${i + 1}`))).toEqual([]);
  expect(refused).toBeGreaterThan(0);
  for (const { isExtension, acked, sent } of people) if (isExtension) expect(acked).toBe(sent);
});
