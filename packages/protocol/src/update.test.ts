import * as encoding from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { codeOf } from './fixtures/code-of.ts';
import { fromHex } from './fixtures/golden.ts';
import { randomSource, type Random } from './fixtures/random.ts';
import { checkStateVector, checkUpdate } from './index.ts';

/** Two people edit every kind of content; the updates as they were sent. */
function realUpdates(random: Random): Uint8Array[] {
  const docs = [new Y.Doc({ gc: random.isTrue() }), new Y.Doc()];
  const sent: Uint8Array[] = [];
  for (const doc of docs) doc.on('update', (update: Uint8Array) => sent.push(update));
  for (let step = 0; step < 30; step++) {
    const doc = random.pick(docs);
    doc.transact(() => edit(doc, random));
    if (random.int(5) === 0)
      for (const to of docs) for (const from of docs) Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)));
  }
  const [one, two] = docs as [Y.Doc, Y.Doc];
  sent.push(Y.encodeStateAsUpdate(one), Y.encodeStateAsUpdate(one, Y.encodeStateVector(two)), Y.mergeUpdates(sent.slice(0, 10)));
  sent.push(Y.mergeUpdates(sent.filter((_, i) => i % 3 === 0))); // with holes: Skip structs
  sent.push(Y.diffUpdate(Y.encodeStateAsUpdate(two), Y.encodeStateVector(one)));
  for (const doc of docs) doc.destroy();
  return sent;
}

function edit(doc: Y.Doc, random: Random): void {
  const text = doc.getText('text');
  const list = doc.getArray<unknown>('list');
  const map = doc.getMap<unknown>('map');
  switch (random.int(10)) {
    case 0:
      return text.insert(random.int(text.length + 1), random.pick(['ink', 'Später \u{1f58a}', 'x'.repeat(300)]));
    case 1:
      return text.length > 2 ? text.delete(0, 1 + random.int(text.length - 1)) : undefined;
    case 2:
      return text.length > 1 ? text.format(0, 1, { bold: random.isTrue() ? true : { size: 3 } }) : undefined;
    case 3:
      return text.insertEmbed(0, { image: 'a', sizes: [1, { w: 2 }] });
    case 4:
      return list.insert(0, [
        1,
        -5,
        2 ** 40,
        1.5,
        0.1,
        true,
        null,
        'ä',
        { a: [{}], 'b c': undefined },
        [1, [2]],
        { n: 12n ** 10n },
        new Uint8Array([1, 2]),
      ]);
    case 5:
      return list.length > 3 ? list.delete(1, 2) : undefined;
    case 6:
      map.set(
        random.pick(['k', '__proto__', 'ä']),
        random.pick<unknown>([1, 'x', new Y.Map([['in', 1]]), new Y.Array(), new Y.Text('t'), new Y.Doc()]),
      );
      return;
    case 7:
      return map.delete('k');
    case 8:
      return doc.getXmlFragment('xml').insert(0, [new Y.XmlElement('p'), new Y.XmlText('hello')]);
    default:
      return list.push([new Y.Map([['deep', new Y.XmlFragment()]]), new Y.XmlHook('hook')]);
  }
}

describe('[P34] what Yjs writes is accepted', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('seed %d: every kind of content, diffs, merges and holes', (seed) => {
    for (const update of realUpdates(randomSource(seed))) {
      const { clocks } = checkUpdate(update);
      const meta = Y.parseUpdateMeta(update);
      // Yjs leaves out clients of which it sees only the hole in front.
      const known = clocks.filter(({ client }) => meta.to.has(client));
      expect(known.map(({ client, to }) => [client, to])).toEqual(known.map(({ client }) => [client, meta.to.get(client)]));
      expect(clocks.length).toBeGreaterThanOrEqual(meta.to.size);
      checkStateVector(Y.encodeStateVectorFromUpdate(update));
    }
  });

  it('the update of nothing, and the state vector of nothing', () => {
    expect(checkUpdate(fromHex('0000'))).toEqual({ structs: 0, deleteRanges: 0, subdocuments: 0, clocks: [] });
    expect(() => checkStateVector(fromHex('00'))).not.toThrow();
  });

  it('old JSON content', () => {
    const update = encoding.encode((e) => {
      for (const n of [1, 1, 7, 0]) encoding.writeVarUint(e, n);
      encoding.writeUint8(e, 2);
      encoding.writeVarUint(e, 1);
      encoding.writeVarString(e, 'list');
      encoding.writeVarUint(e, 2);
      encoding.writeVarString(e, '{"a":1}');
      encoding.writeVarString(e, 'undefined');
      encoding.writeVarUint(e, 0);
    });
    expect(checkUpdate(update)).toEqual({ structs: 1, deleteRanges: 0, subdocuments: 0, clocks: [{ client: 7, from: 0, to: 2 }] });
    expect(Y.decodeUpdate(update).structs).toHaveLength(1);
  });
});

describe('[P34] what is accepted, Yjs can decode', () => {
  it('12,000 mutated updates and all prefixes of real ones (A1)', () => {
    const random = randomSource(20_260_715);
    const updates = [1, 2, 3].flatMap((seed) => realUpdates(randomSource(seed))).filter(({ length }) => length < 2000);
    const inputs: Uint8Array[] = updates.slice(0, 20).flatMap((update) => Array.from(update, (_, end) => update.subarray(0, end)));
    for (let i = 0; i < 12_000; i++) inputs.push(random.mutate(random.pick(updates)));
    let accepted = 0;
    for (const input of inputs) {
      let isAccepted = true;
      try {
        checkUpdate(input);
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'BAD_UPDATE') throw error;
        isAccepted = false;
      }
      if (!isAccepted) continue;
      accepted++;
      Y.decodeUpdate(input);
      Y.parseUpdateMeta(input);
    }
    // A test that refuses everything would prove nothing.
    expect(accepted).toBeGreaterThan(500);
    expect(accepted).toBeLessThan(inputs.length / 2);
  });
});

describe('[P35] counts that cannot be', () => {
  it.each([
    ['32 million structs in 7 bytes', '01 ffffff0f 01 00'],
    ['2^53 - 1 clients', 'ffffffffffffff0f'],
    ['a million values in one struct', '01 01 01 00 08 01 01 6d c0843d 00'],
    ['a million properties', '01 01 01 00 08 01 01 6d 01 76 c0843d 00'],
    ['a million deletions', '00 01 01 c0843d 00 01'],
    ['a million clients of deletions', '00 c0843d 01'],
  ])('%s are refused before anything is allocated (A2)', (_, hex) => {
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapTotal;
    for (let i = 0; i < 1000; i++) expect(codeOf(() => checkUpdate(fromHex(hex)))).toBe('BAD_UPDATE');
    const after = process.memoryUsage().arrayBuffers + process.memoryUsage().heapTotal;
    expect(after - before).toBeLessThan(64 * 1024 * 1024);
  });

  it('callers can limit structs and deletions', () => {
    const doc = new Y.Doc();
    const list = doc.getArray('list');
    for (let i = 0; i < 10; i++) doc.getMap('m').set(`k${i}`, i);
    list.insert(0, [1, 2, 3, 4, 5]);
    list.delete(3, 1);
    list.delete(1, 1);
    const update = Y.encodeStateAsUpdate(doc);
    const { structs, deleteRanges } = checkUpdate(update);
    expect(checkUpdate(update, { maxStructs: structs, maxDeleteRanges: deleteRanges })).toMatchObject({ structs, deleteRanges });
    expect(deleteRanges).toBe(2);
    expect(codeOf(() => checkUpdate(update, { maxStructs: structs - 1 }))).toBe('BAD_UPDATE');
    expect(codeOf(() => checkUpdate(update, { maxDeleteRanges: 1 }))).toBe('BAD_UPDATE');
    doc.destroy();
  });
});

describe('[P40] what a document keeps for good', () => {
  it('root types and subdocuments are reported as Yjs reads them, in real updates', () => {
    for (let seed = 1; seed <= 20; seed++) {
      for (const update of realUpdates(randomSource(seed))) {
        const roots = new Set<string>();
        const subdocuments: string[] = [];
        const summary = checkUpdate(update, {
          onRoot: (name) => roots.add(name),
          onSubdocument: (client, clock) => subdocuments.push(`${client} ${clock}`),
        });
        const doc = new Y.Doc();
        Y.applyUpdate(doc, update);
        expect([...doc.share.keys()].sort()).toEqual([...roots].sort());
        const { structs } = Y.decodeUpdate(update);
        const read = structs.flatMap(({ id, ...struct }) =>
          'content' in struct && struct.content instanceof Y.ContentDoc ? [`${id.client} ${id.clock}`] : [],
        );
        expect(subdocuments).toEqual(read);
        expect(summary.subdocuments).toBe(read.length);
        doc.destroy();
      }
    }
  });
});

describe('[P36] structs that would do harm', () => {
  const anyUpdate = (write: (encoder: encoding.Encoder) => void): Uint8Array =>
    encoding.encode((e) => {
      for (const n of [1, 1, 7, 0]) encoding.writeVarUint(e, n);
      encoding.writeUint8(e, 8);
      encoding.writeVarUint(e, 1);
      encoding.writeVarString(e, 'm');
      encoding.writeVarUint(e, 1);
      write(e);
      encoding.writeVarUint(e, 0);
    });
  const lists =
    (depth: number) =>
    (e: encoding.Encoder): void => {
      for (let i = 0; i < depth; i++) encoding.writeUint8Array(e, Uint8Array.of(117, 1));
      encoding.writeUint8(e, 126);
    };

  it('nesting is limited long before the stack is (A9)', () => {
    expect(checkUpdate(anyUpdate(lists(256))).structs).toBe(1);
    expect(codeOf(() => checkUpdate(anyUpdate(lists(257))))).toBe('BAD_UPDATE');
    expect(codeOf(() => checkUpdate(anyUpdate(lists(200_000))))).toBe('BAD_UPDATE');
    expect(() => Y.decodeUpdate(anyUpdate(lists(200_000)))).toThrow(RangeError);
    expect(codeOf(() => checkUpdate(anyUpdate(lists(3)), { maxDepth: 2 }))).toBe('BAD_UPDATE');
  });

  it('a property named __proto__ is refused: Yjs applies it and can never encode the document again (A9)', () => {
    const poison = fromHex('01019a89c3fa0f002801016d016b017601095f5f70726f746f5f5f74010100');
    const doc = new Y.Doc();
    Y.applyUpdate(doc, poison);
    expect(() => Y.encodeStateAsUpdate(doc)).toThrow();
    expect(codeOf(() => checkUpdate(poison))).toBe('BAD_UPDATE');
    const near = new Y.Doc();
    near.getMap('m').set('k', { __proto: 1, __proto_é: 2, ['x__proto__']: 3 });
    expect(checkUpdate(Y.encodeStateAsUpdate(near)).structs).toBe(1);
  });

  it.each([
    ['a struct that takes no clock', '01 01 01 00 00 00 00'],
    ['an item that takes no clock', '01 01 01 00 04 01 01 6d 00 00'],
    ["a clock that ends a client's life (A4)", '01 01 07 00 00 ffffffffffffff0f 00'],
    ['a start clock beyond any', '01 01 07 ffffffffffffff0f 00 01 00'],
    ['a deletion beyond any clock', '00 01 07 01 00 ffffffffffffff0f'],
    ['bytes behind the end', '00 00 00'],
    ['an unknown kind of content', '01 01 01 00 0b 01 01 6d 00'],
    ['a hole with flags, which Yjs reads only sometimes', '01 01 07 00 8a 05 00'],
    ['an unknown kind of value', '01 01 01 00 08 01 01 6d 01 73 00'],
    ['an unknown type', '01 01 01 00 07 01 01 6d 07 00'],
    ['an embed that is not JSON', '01 01 01 00 05 01 01 6d 01 7b 00'],
    ['nothing at all', ''],
  ])('%s is refused', (_, hex) => expect(codeOf(() => checkUpdate(fromHex(hex)))).toBe('BAD_UPDATE'));
});

describe('[P37] state vectors', () => {
  it.each(['', '01', '01 01', '01 01 01 01', 'ffffffffffffff0f', '80 80 80 80 01', '01 ffffffffffffff7f 01'])('%s is refused (A2)', (hex) =>
    expect(codeOf(() => checkStateVector(fromHex(hex)))).toBe('BAD_UPDATE'),
  );
});
