/**
 * Attacks by merging: many updates, pending ones that are merged again with each update, and the second format of
 * updates, in which a few bytes are millions of structs.
 */

import { createEncoder, encode, toUint8Array, writeUint8, writeVarInt, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import * as Y from 'yjs';
import { Attacker, person, reaches, sendEach } from './clients.ts';
import { afterGap, deletionsOf, updateFrame } from './crafted.ts';
import { MIB, mib, type Row } from './row.ts';
import type { Target } from './target.ts';

const STRUCTS = 2_000_000;
const UPDATES = 15_000;
const FIRST_CLIENT = 1_000_000;
const ATTACKERS = 10;
const CHANGES_OF_ANA = 200;
/** CPU time of the event loop's thread, which does not depend on other load of the machine. */
const LONGEST_CPU_MS = 1_000;

/** An update of the second format: the same struct `STRUCTS` times, written once. */
const repeatedStruct = encode((encoder) => {
  const nothing = new Uint8Array();
  const once = Uint8Array.of(0);
  writeUint8(encoder, 0);
  const columns = [nothing, uints(FIRST_CLIENT), nothing, nothing, once, strings(), nothing, nothing, lengths()];
  for (const column of columns) writeVarUint8Array(encoder, column);
  for (const number of [1, STRUCTS, 0, 0]) writeVarUint(encoder, number);
});

function uints(number: number): Uint8Array {
  return encode((encoder) => writeVarInt(encoder, number));
}

/** An empty table of strings. */
function strings(): Uint8Array {
  const encoder = createEncoder();
  writeVarUint8Array(encoder, new Uint8Array());
  return toUint8Array(encoder);
}

/** The length 1, `STRUCTS` times, run-length encoded. */
function lengths(): Uint8Array {
  return encode((encoder) => {
    writeVarInt(encoder, -1);
    writeVarUint(encoder, STRUCTS);
  });
}

/** The bytes as an update of the first format, and as the separate message type that some relays accept. */
function secondFormatFrames(update: Uint8Array): Uint8Array[] {
  const own = encode((encoder) => {
    writeVarUint(encoder, 4);
    writeVarUint8Array(encoder, update);
  });
  return [updateFrame(update), own];
}

/** Ten clients send updates that stay pending, then Ana draws. */
async function whileOthersWait(target: Target, messages: number, waiting: (i: number) => Uint8Array): Promise<string | null> {
  const room = target.room();
  const ana = await person(target, room, 'ana');
  const ben = await person(target, room, 'ben');
  const before = await target.facts();
  for (let i = 0; i < ATTACKERS; i++) {
    const mallory = await new Attacker(target, room).entered();
    mallory.send(...Array.from({ length: messages }, (_, j) => updateFrame(waiting(FIRST_CLIENT + i * messages + j))));
    await mallory.done();
  }
  for (let i = 0; i < CHANGES_OF_ANA; i++) ana.set(`stroke ${i}`, 1);
  if (!(await reaches(ana, ben))) return 'changes no longer reach anyone';
  const cpuMs = (await target.facts()).loopCpuMs - before.loopCpuMs;
  return cpuMs > LONGEST_CPU_MS ? `everyone waits for ${(cpuMs / 1_000).toFixed(1)} s of CPU` : null;
}

export const mergeRows: readonly Row[] = [
  {
    id: 'A3',
    title: `${repeatedStruct.length} bytes of the second format are never expanded to ${STRUCTS.toLocaleString('en')} structs`,
    isFresh: true,
    async attack(target) {
      const room = target.room();
      await person(target, room, 'ana');
      const before = await target.facts();
      await sendEach(target, room, secondFormatFrames(repeatedStruct));
      if (!target.isAlive) return 'the process died';
      const grownBytes = (await target.facts()).peakBytes - before.peakBytes;
      return grownBytes > 100 * MIB ? `${repeatedStruct.length} bytes took ${mib(grownBytes)}` : null;
    },
  },
  {
    id: 'A3',
    title: `${UPDATES.toLocaleString('en')} small updates do not stop others when a client joins`,
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana');
      const mallory = await new Attacker(target, room).entered();
      const doc = new Y.Doc();
      doc.on('update', (update: Uint8Array) => mallory.send(updateFrame(update)));
      for (let i = 0; i < UPDATES; i++) doc.getMap('m').set(`k${i % 100}`, i);
      await mallory.done();
      if (mallory.closed !== null) return `closed with ${mallory.closed}`;
      const before = await target.facts();
      const newcomer = await person(target, room, 'newcomer');
      if (!(await reaches(newcomer, ana))) return 'changes no longer reach anyone';
      const cpuMs = (await target.facts()).loopCpuMs - before.loopCpuMs;
      return cpuMs > LONGEST_CPU_MS ? `a newcomer stops everyone for ${(cpuMs / 1_000).toFixed(1)} s of CPU` : null;
    },
  },
  {
    id: 'A6',
    title: 'ten clients that send changes with gaps do not slow down others',
    attack: (target) => whileOthersWait(target, 250, afterGap),
  },
  {
    id: 'A7',
    title: 'ten clients that delete unknown structs do not slow down others',
    attack: (target) => whileOthersWait(target, 70, (client) => deletionsOf(client, 100)),
  },
];
