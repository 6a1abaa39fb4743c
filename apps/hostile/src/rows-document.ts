/** Updates that are broken, lie about their size, or stay in the document to do harm there. */

import * as Y from 'yjs';
import { comesTrue, person, reaches, sendEach, type Person } from './clients.ts';
import {
  afterGap,
  claimedStructs,
  clocksTaken,
  deletionsOf,
  editedText,
  fromHex,
  kept,
  lifeTaken,
  noise,
  protoProperty,
  step1Frame,
  updateFrame,
} from './crafted.ts';
import { MIB, mib, type Row } from './row.ts';
import type { Target } from './target.ts';

const A1_CLIENT = 901;
const VICTIM = 77;
const GAPS = 300;

/** The row that needs a new process comes first, when none is running yet. */
export const documentRows: readonly Row[] = [
  {
    id: 'A2',
    title: 'seven bytes that claim 32 million structs allocate nothing',
    isFresh: true,
    async attack(target) {
      const room = target.room();
      await person(target, room, 'ana');
      const before = await target.facts();
      const claims = [33_554_431, 33_554_431, 2 ** 32 - 1, Number.MAX_SAFE_INTEGER].map((count) => updateFrame(claimedStructs(count)));
      await sendEach(target, room, [...claims, step1Frame(fromHex('ffffffffffffff0f')), step1Frame(fromHex('8080808001'))]);
      if (!target.isAlive) return 'the process died';
      const grownBytes = (await target.facts()).peakBytes - before.peakBytes;
      return grownBytes > 100 * MIB ? `7 bytes took ${mib(grownBytes)}` : null;
    },
  },
  {
    id: 'A1',
    title: 'updates truncated at every byte, and noise, leave nothing in the document and do not stop others',
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana');
      const whole = editedText(A1_CLIENT);
      const cut = Array.from(whole, (_, end) => updateFrame(whole.subarray(0, end)));
      const noisy = Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? noise(i + 1, i) : updateFrame(noise(i + 1, i))));
      await sendEach(target, room, [...cut, ...noisy]);
      const newcomer = await person(target, room, 'newcomer');
      if (newcomer.has('broken') || ana.has('broken')) return 'half of an update that threw stays in the document';
      return null;
    },
  },
  {
    id: 'A4',
    title: 'no client can use up the clocks of another',
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana', VICTIM);
      const ben = await person(target, room, 'ben');
      // Ana reads nothing meanwhile: a client that sees its own id used by another takes a new one.
      ana.ws.pause();
      await sendEach(target, room, [updateFrame(lifeTaken(VICTIM))]);
      ana.set('drawing', 1);
      const dora = await person(target, room, 'dora');
      if (!(await reaches(dora, ben))) return 'changes no longer reach anyone';
      const isThere = ben.has('drawing') || (await arrives(() => ben.has('drawing')));
      ana.ws.resume();
      return isThere ? null : 'the changes of the victim are dropped from now on, without an error';
    },
  },
  {
    id: 'A5',
    title: 'a struct under the next clock of a connected client does not displace its changes',
    attack: (target) => robbed(target, (next) => clocksTaken(VICTIM, next)),
  },
  {
    id: 'A5',
    title: 'two billion clocks at once do not displace the changes of a connected client',
    attack: (target) => robbed(target, (next) => clocksTaken(VICTIM, next, 2 ** 31 - 1 - next)),
  },
  {
    id: 'A5',
    title: 'a struct some clocks ahead does not displace the later changes of a connected client',
    attack: (target) => robbed(target, (next) => clocksTaken(VICTIM, next + 3)),
  },
  {
    id: 'A6',
    title: 'changes that wait for missing ones are sent to no client',
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana');
      const frames = Array.from({ length: GAPS }, (_, i) => updateFrame(afterGap(10_000 + i)));
      const mallory = await sendEach(target, room, []);
      mallory.send(...frames);
      await mallory.done();
      const newcomer = await person(target, room, 'newcomer');
      const waiting = newcomer.doc.store.pendingStructs?.update.length ?? 0;
      if (waiting > 0) return `every newcomer gets ${waiting} bytes that can never be applied`;
      return (await reaches(newcomer, ana)) ? null : 'changes no longer reach anyone';
    },
  },
  {
    id: 'A7',
    title: 'deletions of unknown structs are sent to no client',
    async attack(target) {
      const room = target.room();
      await person(target, room, 'ana');
      const mallory = await sendEach(target, room, []);
      mallory.send(...Array.from({ length: 100 }, (_, i) => updateFrame(deletionsOf(20_000 + i, 100))));
      await mallory.done();
      const newcomer = await person(target, room, 'newcomer');
      const waiting = newcomer.doc.store.pendingDs?.length ?? 0;
      return waiting > 0 ? `every newcomer gets ${waiting} bytes of meaningless deletions` : null;
    },
  },
  {
    id: 'A8',
    title: 'the number of top-level types is bounded',
    async attack(target) {
      const newcomer = await afterKeeping(target, 'root types', 500, 15);
      const types = newcomer?.doc.share.size ?? 0;
      return types > 5_100 ? `every newcomer gets ${types} empty types` : null;
    },
  },
  {
    id: 'A8',
    title: 'the number of subdocuments is bounded',
    async attack(target) {
      const newcomer = await afterKeeping(target, 'subdocuments', 500, 10);
      const documents = newcomer?.doc.subdocs.size ?? 0;
      return documents > 1_000 ? `every newcomer gets ${documents} subdocuments` : null;
    },
  },
  {
    id: 'A9',
    title: 'a property named __proto__ does not make a board unreadable',
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana');
      ana.set('drawing', 1);
      await sendEach(target, room, [updateFrame(protoProperty)]);
      const newcomer = await person(target, room, 'newcomer');
      return newcomer.has('drawing') ? null : 'the board can never be opened again';
    },
  },
];

/**
 * Ana keeps drawing before she receives what Mallory sent under her id. @param crafted Makes the update for her next
 * clock.
 */
async function robbed(target: Target, crafted: (next: number) => Uint8Array): Promise<string | null> {
  const room = target.room();
  const ana = await person(target, room, 'ana', VICTIM);
  const ben = await person(target, room, 'ben');
  if (!(await reaches(ana, ben))) return 'changes no longer reach anyone';
  ana.ws.pause();
  const mallory = await sendEach(target, room, [updateFrame(crafted(Y.getState(ana.doc.store, VICTIM)))]);
  const drawn = Array.from({ length: 8 }, (_, i) => `stroke ${i}`);
  for (const key of drawn) ana.set(key, 1);
  await comesTrue(() => drawn.every((key) => ben.has(key)), 2_000);
  ana.ws.resume();
  const lost = drawn.filter((key) => !ben.has(key));
  if (lost.length > 0) return `${lost.length} of 8 strokes are missing for everyone else, without an error`;
  if (!(await reaches(ana, ben))) return 'her later changes reach no one';
  await comesTrue(() => mallory.closed !== null, 2_000);
  return null;
}

/** Mallory sends types or subdocuments, `size` per message. @returns A client that joins afterwards. */
async function afterKeeping(target: Target, what: Parameters<typeof kept>[0], size: number, messages: number): Promise<Person | null> {
  const room = target.room();
  await person(target, room, 'ana');
  await sendEach(
    target,
    room,
    Array.from({ length: messages }, (_, i) => updateFrame(kept(what, size, i * size))),
  );
  return target.isAlive ? person(target, room, 'newcomer') : null;
}

/** Waits a moment for the condition; the relay has already passed on everything else. */
async function arrives(condition: () => boolean): Promise<boolean> {
  return comesTrue(condition, 500);
}
