/** Which pictures and files a document still needs, and until when it needed the others. */
import { describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { blobsUsed } from './blobs-used.ts';
import { Deletions } from './steps/deletions.ts';
import { device, draw, erase, rectangle, syncPair, Wall } from './testing/people.ts';
import type { AttachedFile, ImageContent } from './types.ts';

const DAY_MS = 24 * 60 * 60_000;
const hashes = Array.from({ length: 4 }, (_, i) => String(i + 1).repeat(64));
const [first = '', second = '', third = '', unused = ''] = hashes;
const picture = (hash: string): ImageContent => ({ hash, type: 'image/png', width: 8, height: 8, bytes: 100, name: 'a.png' });
const file = (hash: string): AttachedFile => ({ hash, type: 'application/pdf', bytes: 100, name: 'a.pdf' });
const image = (hash: string) => rectangle(0, { kind: 'image', image: picture(hash) });
/** As the relay does it: over a document that it has read from its store. */
const used = (doc: Y.Doc): Record<string, number> => {
  const stored = new Y.Doc();
  Y.applyUpdate(stored, Y.encodeStateAsUpdate(doc));
  const before = Y.encodeStateVector(stored);
  const answer = blobsUsed(stored, hashes);
  expect(Y.encodeStateVector(stored)).toEqual(before);
  return Object.fromEntries(answer);
};

describe('pictures and files that a document needs', () => {
  it('[BU1] shown pictures, files and files of the chat are needed, and a hash that is nowhere is not named', () => {
    const ana = device('ana', new Wall());
    draw(ana, image(first));
    draw(ana, rectangle(0, { kind: 'file', file: file(second) }));
    ana.chat.send('', 'Ana', { file: file(third) });
    expect(used(ana.doc)).toEqual({ [first]: Infinity, [second]: Infinity, [third]: Infinity });
    expect(unused in used(ana.doc)).toBe(false);
  });

  it('[BU2] a deleted picture was needed until its last deletion, an undone one until the undo, and is again when it comes back', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)] as const;
    const id = draw(ana, image(first));
    syncPair(ana, ben);
    wall.pass(DAY_MS);
    erase(ana, id);
    wall.pass(DAY_MS);
    const lastMs = wall.now;
    erase(ben, id);
    syncPair(ana, ben);
    wall.pass(DAY_MS);
    expect(used(ana.doc)[first]).toBe(lastMs);
    ana.board.undo();
    ben.board.undo();
    syncPair(ana, ben);
    expect(used(ana.doc)[first]).toBe(Infinity);

    const cal = device('cal', wall);
    draw(cal, image(second));
    wall.pass(DAY_MS);
    cal.board.undo();
    expect(used(cal.doc)[second]).toBe(wall.now);
    cal.board.redo();
    expect(used(cal.doc)[second]).toBe(Infinity);
  });

  it('[BU2] a replaced picture was needed until the replacement, and one put in its place until that was undone', () => {
    const wall = new Wall();
    const ana = device('ana', wall);
    const id = draw(ana, image(first));
    wall.pass(DAY_MS);
    const replacedMs = wall.now;
    ana.board.run((edit) => edit.setImage(id, picture(second)));
    wall.pass(DAY_MS);
    expect(used(ana.doc)).toEqual({ [first]: replacedMs, [second]: Infinity });
    ana.board.run((edit) => edit.setImage(id, picture(third)));
    expect(used(ana.doc)).toEqual({ [first]: wall.now, [second]: wall.now, [third]: Infinity });
    wall.pass(DAY_MS);
    ana.board.undo();
    expect(used(ana.doc)).toMatchObject({ [second]: Infinity, [third]: wall.now });
    ana.board.undo();
    expect(used(ana.doc)).toMatchObject({ [first]: Infinity, [second]: wall.now });
    wall.pass(DAY_MS);
    erase(ana, id);
    expect(Math.max(...Object.values(used(ana.doc)))).toBe(wall.now);
  });

  it('[BU3] a hash in any place that this version does not know is needed: a newer kind, another root, bytes within bytes, text', () => {
    const ana = device('ana', new Wall());
    const id = draw(ana, image(first));
    erase(ana, id);
    const bytes = Uint8Array.from(Buffer.from(first, 'hex'));
    const record = ana.doc.getMap('base').get(id) as Record<string, unknown>;
    expect(used(ana.doc)[first]).toBeLessThan(Infinity);
    for (const write of [
      (doc: Y.Doc) => doc.getMap('base').set(id, { ...record, k: 'film' }),
      (doc: Y.Doc) => doc.getMap('comments').set('one', [{ deep: { sha: bytes } }]),
      (doc: Y.Doc) => doc.getArray('later still').push([Uint8Array.from([7, 7, ...bytes, 7])]),
      (doc: Y.Doc) => doc.getText('note').insert(0, `see /blobs/${first}`),
      (doc: Y.Doc) => doc.getMap('nested').set('map', new Y.Map([['sha', bytes]])),
      (doc: Y.Doc) => doc.getMap('style').set('00000000z/picture', [{ sha: bytes }, '']),
      (doc: Y.Doc) => doc.getMap('meta').set('minReader', 99),
    ]) {
      const doc = new Y.Doc();
      Y.applyUpdate(doc, ana.state());
      write(doc);
      expect(used(doc)[first]).toBe(Infinity);
    }
  });

  it('[BU3] a shown element that mentions a second hash, in a field of a newer version, needs both', () => {
    const ana = device('ana', new Wall());
    const base = ana.doc.getMap('base');
    const id = draw(ana, image(first));
    const record = base.get(id) as { m: object };
    base.set(id, { ...record, m: { ...record.m, preview: bytesOf(second) } });
    const box = draw(ana, rectangle(0));
    base.set(box, { ...(base.get(box) as object), fill: bytesOf(third) });
    const card = draw(ana, rectangle(0, { kind: 'file', file: file(unused) }));
    base.set(card, { ...(base.get(card) as object), pages: [unused] });
    erase(ana, card);
    expect(used(ana.doc)).toEqual({ [first]: Infinity, [second]: Infinity, [third]: Infinity, [unused]: Infinity });
  });

  it('[BU3] a hash beside the replaced picture, or in a part of a logged step that this version does not read, is needed', () => {
    const ana = device('ana', new Wall());
    const id = draw(ana, image(first));
    ana.board.run((edit) => edit.setImage(id, picture(second)));
    erase(ana, id);
    expect(Math.max(...Object.values(used(ana.doc)))).toBeLessThan(Infinity);
    const style = ana.doc.getMap('style');
    const [value, tag] = style.get(`${id}/picture`) as [object, string];
    style.set(`${id}/picture`, [{ ...value, small: bytesOf(third) }, tag]);
    const undo = ana.doc.getMap('undo');
    const [step, log] = [...undo.entries()][0] as [string, Uint8Array];
    undo.set(step, Uint8Array.from([...log, ...bytesOf(second)]));
    expect(used(ana.doc)).toMatchObject({ [second]: Infinity, [third]: Infinity });
  });

  it.each<[string, (doc: Y.Doc) => void]>([
    ['is the key of a map', (doc) => doc.getMap('thumbs').set(first, 1)],
    ['is the key of an object', (doc) => doc.getMap('thumbs').set('x', { [first]: 1 })],
    ['is the name of a root', (doc) => doc.getMap(first).set('x', 1)],
    ['is the name of an XML element', (doc) => doc.getXmlFragment('x').insert(0, [new Y.XmlElement(first)])],
    ['was typed in two parts', (doc) => (doc.getText('t').insert(0, first.slice(32)), doc.getText('t').insert(0, first.slice(0, 32)))],
    ['is partly bold', (doc) => (doc.getText('t').insert(0, `see /blobs/${first}`), doc.getText('t').format(20, 5, { b: true }))],
    ['is in capitals', (doc) => doc.getText('t').insert(0, `x${'ab'.repeat(32).toUpperCase()}`)],
    ['is text in bytes', (doc) => doc.getMap('x').set('x', new TextEncoder().encode(`7${first}7z`))],
    ['is nested deeply', (doc) => doc.getMap('x').set('x', nested(1_000, bytesOf(first)))],
    ['is behind a key __proto__', (doc) => doc.getMap('x').set('x', JSON.parse(`{"__proto__":{"a":"${first}"}}`))],
  ])('[BU3] a hash that %s is needed', (_, write) => {
    const doc = new Y.Doc();
    write(doc);
    const stored = new Y.Doc();
    Y.applyUpdate(stored, Y.encodeStateAsUpdate(doc));
    expect([...blobsUsed(stored, [first, 'ab'.repeat(32)]).values()]).toEqual([Infinity]);
  });

  it('[BU2] what hides an element is looked up once, however many deletions and mentions a document has', () => {
    const hiders = vi.spyOn(Deletions.prototype, 'hiders');
    try {
      const ana = device('ana', new Wall());
      const id = draw(ana, image(first));
      const record = ana.doc.getMap('base').get(id) as object;
      erase(ana, id);
      const doc = new Y.Doc();
      Y.applyUpdate(doc, ana.state());
      const many = new Uint8Array(32 * 1_000);
      for (let i = 0; i < 1_000; i++) many.set(bytesOf(second), i * 32);
      doc.getMap('base').set(id, { ...record, pad: many });
      hiders.mockClear();
      expect(used(doc)).toEqual({ [first]: expect.any(Number) as number, [second]: Infinity });
      expect(hiders.mock.calls.length).toBe(1);
    } finally {
      hiders.mockRestore();
    }
  });

  it('[BU3] of thousands of hashes with the same first bytes, each is found and no other', () => {
    const same = Array.from({ length: 5_000 }, (_, i) => `0000${i.toString(16).padStart(60, '1')}`);
    const doc = new Y.Doc();
    doc.getMap('x').set('zeros', new Uint8Array(5_000));
    doc.getMap('x').set('two', [bytesOf(same[7]!), same[4_999]]);
    expect([...blobsUsed(doc, same).keys()].sort()).toEqual([same[7], same[4_999]]);
  });
});

function bytesOf(hash: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hash, 'hex'));
}

function nested(depth: number, value: unknown): unknown {
  return depth === 0 ? value : [nested(depth - 1, value)];
}
