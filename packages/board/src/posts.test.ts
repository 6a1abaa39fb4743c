import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { MAX_CHAT_LENGTH } from './limits.ts';
import { chatMessages, postElements, postMessage, type PostedElements } from './posts.ts';
import { device, rectangle, syncPair, Wall } from './testing/people.ts';
import { mulberry32 } from './testing/pen.ts';

const message = { id: 'k.1', userId: 'ana', name: 'Ana', text: ' hello ', at: 5 };
const posted = (key: string | null, patch: Partial<PostedElements> = {}): PostedElements => {
  return { userId: 'ana', name: 'Ana', elements: [rectangle(0), rectangle(50)], key, now: () => 5, random: Math.random, ...patch };
};

describe('messages', () => {
  it('[C7] a posted message is in the chat of a page as any other, once for its id', () => {
    const ben = device('ben', new Wall());
    ben.chat.send('first', 'Ben');
    expect(postMessage(ben.doc, message)).toMatchObject({ isNew: true, message: { id: 'k.1', text: 'hello', userId: 'ana', about: null } });
    expect(postMessage(ben.doc, { ...message, text: 'other' })).toMatchObject({ isNew: false, message: { text: 'hello' } });
    expect(ben.chat.messages().map(({ text }) => text)).toEqual(['first', 'hello']);
    expect(chatMessages(ben.doc)).toEqual(ben.chat.messages());
  });

  it('[C7] a message that the chat would not show is refused, and nothing is written', () => {
    const doc = new Y.Doc();
    for (const text of ['', ' \n', 'x'.repeat(MAX_CHAT_LENGTH + 1)])
      expect(() => postMessage(doc, { ...message, text })).toThrow(expect.objectContaining({ code: 'BAD_TEXT' }));
    expect(() => postMessage(doc, { ...message, at: NaN })).toThrow(expect.objectContaining({ code: 'BAD_TEXT' }));
    for (const id of ['', 'x'.repeat(65)]) expect(() => postMessage(doc, { ...message, id })).toThrow(RangeError);
    expect(doc.store.clients.size).toBe(0);
    doc.getMap('meta').set('minReader', 99);
    expect(() => postMessage(doc, message)).toThrow(expect.objectContaining({ code: 'TOO_NEW' }));
    expect(() => postElements(doc, posted(null))).toThrow(expect.objectContaining({ code: 'TOO_NEW' }));
    expect(chatMessages(doc)).toEqual([]);
  });
});

describe('elements', () => {
  it('[C7] posted elements are one step of the user, which that user undoes on another page, and another user does not', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)];
    const { ids, isNew } = postElements(ana.doc, posted(null));
    syncPair(ana, ben);
    expect([isNew, ana.board.elements().map(({ id }) => id), ana.board.nameOf('ana')]).toEqual([true, ids, 'Ana']);
    expect(ben.board.canUndo).toBe(false);
    expect([ana.board.undo().isDone, ana.board.count, ana.board.canUndo]).toEqual([true, 0, false]);
    expect([ana.board.redo().isDone, ana.board.count]).toEqual([true, 2]);
  });

  it('[C7] a key is drawn once, also within a transaction, and after its elements were deleted', () => {
    const ana = device('ana', new Wall());
    const many = Array.from({ length: 50 }, (_, i) => rectangle(i));
    const first = ana.doc.transact(() => postElements(ana.doc, posted('k.1', { elements: many, random: mulberry32(1) })));
    expect(ana.board.elements().map(({ id }) => id)).toEqual(first.ids);
    ana.board.clear();
    expect(postElements(ana.doc, posted('k.1', { elements: many }))).toEqual({ ids: first.ids, isNew: false });
    expect(ana.board.count).toBe(0);
    expect(postElements(ana.doc, posted('k.2')).isNew).toBe(true);
  });

  it('[C7] one bad element refuses all of them, and a name that the user wrote stays', () => {
    const ana = device('ana', new Wall());
    ana.board.setName('Ana Maria');
    const bad = rectangle(0, { geometry: { x: NaN, y: 0, w: 1, h: 1, rotation: 0 } });
    expect(() => postElements(ana.doc, posted(null, { elements: [rectangle(), bad] }))).toThrow(
      expect.objectContaining({ code: 'BAD_ELEMENT' }),
    );
    expect(() => postElements(ana.doc, posted(''))).toThrow(RangeError);
    expect(ana.board.count).toBe(0);
    postElements(ana.doc, posted(null));
    expect([ana.board.count, ana.board.nameOf('ana')]).toEqual([2, 'Ana Maria']);
  });
});
