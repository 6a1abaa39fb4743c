import { checkUpdate, SyncError } from '@wetink/protocol';
import { createEncoder, toUint8Array, writeAny, writeUint8, writeVarString, writeVarUint, type Encoder } from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { clocksOf } from './check-update.ts';
import { randomOf, type Random } from './fixtures/random.ts';

/** Every kind of content, as one client made it, and all of it in one. */
function realUpdates(): Uint8Array[] {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const text = doc.getText('t');
  text.insert(0, 'Später \u{1f58a}');
  text.format(0, 2, { bold: true, size: { n: 3 } });
  text.delete(1, 3);
  text.insertEmbed(0, { image: 'a', sizes: [1, { w: 2 }] });
  doc.getArray<unknown>('l').push([1, -5, 2 ** 40, 1.5, true, null, 'ä', { a: [{}] }, [1, [2]], new Uint8Array([1, 2])]);
  doc.getArray('l').delete(1, 2);
  doc.getMap<unknown>('m').set('k', new Y.Map([['in', 1]]));
  doc.getMap<unknown>('m').set('k', new Uint8Array([7]));
  doc.getMap<unknown>('m').set('sub', new Y.Doc());
  doc.getXmlFragment('x').insert(0, [new Y.XmlElement('p'), new Y.XmlText('hi')]);
  doc.getArray<unknown>('l').push([new Y.XmlHook('hook')]);
  updates.push(Y.encodeStateAsUpdate(doc), Y.mergeUpdates(updates.filter((_, i) => i % 3 === 0))); // The last has holes.
  return updates;
}

function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  const out = [...bytes];
  for (let left = 1 + random.int(3); left > 0; left--) {
    const at = random.int(out.length + 1);
    const inserted = random.pick([[], [random.int(256)], [0xff, 0xff, 0xff, 0x0f], [0x80, 0x00]]);
    out.splice(at, random.int(3), ...inserted);
  }
  return Uint8Array.from(random.int(5) === 0 ? out.slice(0, random.int(out.length + 1)) : out);
}

/** The relay's walk over the same bytes: client to end, or null. */
function relayClocks(update: Uint8Array): Map<number, number> | null {
  try {
    const ends = new Map<number, number>();
    for (const { client, to } of checkUpdate(update).clocks) ends.set(client, Math.max(to, ends.get(client) ?? 0));
    return ends;
  } catch (error) {
    if (error instanceof SyncError) return null;
    throw error;
  }
}

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** One item with one value in a list, written by `write`. */
function itemWith(write: (encoder: Encoder) => void): Uint8Array {
  const encoder = createEncoder();
  for (const number of [1, 1, 7, 0]) writeVarUint(encoder, number);
  writeUint8(encoder, 8);
  writeVarUint(encoder, 1);
  writeVarString(encoder, 'l');
  writeVarUint(encoder, 1);
  write(encoder);
  writeVarUint(encoder, 0);
  return toUint8Array(encoder);
}

describe('[U1] an update is looked at before Yjs reads it', () => {
  it('what Yjs writes is good, and its clocks are known', () => {
    for (const update of realUpdates()) {
      expect(clocksOf(update)).not.toBeNull();
      expect(clocksOf(update)).toEqual(relayClocks(update));
    }
    expect(clocksOf(bytesOf('0000'))).toEqual(new Map());
  });

  it('10,000 mutated updates: the same outcome as at the relay, and what passes Yjs can decode', () => {
    const random = randomOf(20_261_122);
    const updates = realUpdates();
    let passed = 0;
    for (let i = 0; i < 10_000; i++) {
      const update = mutate(random.pick(updates), random);
      const clocks = clocksOf(update);
      // One difference: numbers padded beyond eight bytes, which a relay refuses and lib0 reads.
      if (clocks === null || relayClocks(update) !== null) expect(clocks, Buffer.from(update).toString('hex')).toEqual(relayClocks(update));
      if (clocks === null) continue;
      passed++;
      Y.decodeUpdate(update);
    }
    expect(passed).toBeGreaterThan(300);
    expect(passed).toBeLessThan(5_000);
  });

  it.each([
    ['32 million structs in 7 bytes', '01 ffffff0f 01 00'],
    ['2^53 - 1 clients', 'ffffffffffffff0f'],
    ['a million values in one struct', '01 01 01 00 08 01 01 6d c0843d 00'],
    ['a million deletions', '00 01 01 c0843d 00 01'],
  ])('%s: refused before anything is allocated', (_title, hex) => {
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapTotal;
    for (let i = 0; i < 1_000; i++) expect(clocksOf(bytesOf(hex))).toBeNull();
    expect(process.memoryUsage().arrayBuffers + process.memoryUsage().heapTotal - before).toBeLessThan(64 * 1024 * 1024);
  });

  it.each([
    ['a struct that takes no clock', '01 01 01 00 00 00 00'],
    ['a clock above any', '01 01 07 00 00 ffffffffffffff0f 00'],
    ['a deletion above any clock', '00 01 07 01 00 ffffffffffffff0f'],
    ['bytes behind the end', '00 00 00'],
    ['an unknown kind of content', '01 01 01 00 0b 01 01 6d 00'],
    ['an unknown shared type', '01 01 01 00 07 01 01 6d 07 00'],
    ['text that is no UTF-8', '01 01 01 00 08 01 01 6d 01 77 02 c3 28 00'],
    ['bytes of a value that end too late', '01 01 01 00 08 01 01 6d 01 74 09 01 00'],
    ['an embed that is not JSON', '01 01 01 00 05 01 01 6d 01 7b 00'],
    ['nothing at all', ''],
  ])('%s is refused', (_title, hex) => expect(clocksOf(bytesOf(hex))).toBeNull());

  it('a property named __proto__ is refused, whatever its value: Yjs applies it and can not encode the document again', () => {
    const poison = bytesOf('01019a89c3fa0f002801016d016b017601095f5f70726f746f5f5f74010100');
    const doc = new Y.Doc();
    Y.applyUpdate(doc, poison);
    expect(() => Y.encodeStateAsUpdate(doc)).toThrow();
    expect(clocksOf(poison)).toBeNull();
    const padded = bytesOf('01019a89c3fa0f002801016d016b01760189005f5f70726f746f5f5f74010100'); // Its length in two bytes.
    expect(clocksOf(padded)).toBeNull();
    const withProperty = (name: string) =>
      itemWith((encoder) => {
        for (const byte of [117, 1, 118, 1]) writeUint8(encoder, byte); // In a list, in an object.
        writeVarString(encoder, name);
        writeAny(encoder, 1);
      });
    expect(clocksOf(withProperty('__proto__'))).toBeNull();
    expect(clocksOf(withProperty('__proto'))).toEqual(new Map([[7, 1]]));
    const near = new Y.Doc();
    near.getText('t').insert(0, '__proto__');
    near.getMap('__proto__').set('__proto__', '__proto__');
    expect(clocksOf(Y.encodeStateAsUpdate(near))).not.toBeNull();
  });

  it('values nested so deep that writing them again could overflow the stack are refused', () => {
    const nested = (depth: number) =>
      itemWith((encoder) => {
        for (let i = 0; i < depth; i++) for (const byte of [117, 1]) writeUint8(encoder, byte);
        writeAny(encoder, null);
      });
    expect(clocksOf(nested(200))).toEqual(new Map([[7, 1]]));
    expect(clocksOf(nested(300))).toBeNull();
    expect(clocksOf(nested(200_000))).toBeNull();
  });
});
