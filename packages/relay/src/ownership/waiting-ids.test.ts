import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { createCluster, sameDocument } from '../testing/cluster.ts';

const VICTIM = 77;
const NOBODY = 5;

/** One struct without content. */
const forged = (client: number, clock: number): Uint8Array => new Uint8Array([1, 1, client, clock, 0, 1, 0]);
/** A text 'x' whose left neighbour is the first struct of `other`. */
const forgedBehind = (client: number, clock: number, other: number): Uint8Array =>
  new Uint8Array([1, 1, client, clock, 0x84, other, 0, 1, 0x78, 0]);

for (const [what, ahead, fill] of [
  ['its owner’s next clock', forged(VICTIM, 2), null],
  ['a struct of a client that is not here', forgedBehind(VICTIM, 1, NOBODY), forged(NOBODY, 0)],
] as const) {
  for (const forger of [0, 1]) {
    const where = forger === 0 ? '' : ', on another node';
    it(`[OW4] structs forged ahead for an owner that is away${where}, which wait for ${what}, do not come before what it draws when it is back`, async () => {
      const cluster = createCluster({ nodes: forger + 1 });
      const doc = new Y.Doc();
      doc.clientID = VICTIM;
      const [away, ben] = [cluster.enter(0, { userId: 'ana', doc }), cluster.enter(forger, { userId: 'ben' })];
      away.set('first', 1);
      await cluster.time.advance(200);
      away.leave();
      const mallory = cluster.enter(forger, { userId: 'mallory' });
      mallory.sendUpdate(ahead);
      await cluster.time.advance(200);
      const ana = cluster.enter(0, { userId: 'ana', doc });
      ana.say({ type: 'awareness', body: new Uint8Array([1, VICTIM, 1, 2, 0x7b, 0x7d]) });
      await cluster.time.advance(200);
      if (fill !== null) mallory.sendUpdate(fill);
      for (const key of ['second', 'third']) {
        ana.set(key, 1);
        await cluster.time.advance(200);
      }
      expect([ben.keys(), ana.acked, ana.ended]).toEqual([['first', 'second', 'third'], ana.sent, null]);
      expect(mallory.ended).toBe('INCOMPLETE');
      expect(sameDocument(ana.doc, await cluster.stored())).toBe(true);
    });
  }
}
