import { chatMessages, openChat, createBoard, type NewElement } from '@wetink/board';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { copyOnto, missingFrom, sendAgain, unsentIn } from './kept-copy.ts';
import { messagesIn } from './unsent-messages.ts';

const rectangle = (x: number): NewElement => ({
  kind: 'rectangle',
  geometry: { x, y: 0, w: 10, h: 10, rotation: 0 },
  style: { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 24, font: 'sans' },
});

/** The board as the server has it, and a copy in which one element was moved and one added, both refused. */
function setup() {
  const current = createBoard({ doc: new Y.Doc(), userId: 'u-me' });
  const [still, moved] = current.run((edit) => [edit.create(rectangle(0)), edit.create(rectangle(100))]);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(current.doc));
  const kept = createBoard({ doc, userId: 'u-me' });
  if (still === undefined || moved === undefined) throw new RangeError('nothing was made');
  const added = kept.run((edit) => {
    edit.setGeometry(moved, { x: 150, y: 0, w: 10, h: 10, rotation: 0 });
    return edit.create(rectangle(200));
  });
  return { current, kept, still, moved, added };
}

it('a kept copy adds elements that the board lacks or shows otherwise, as one step, and changes no others', () => {
  const { current, kept, moved, added } = setup();
  expect(missingFrom(current, kept)).toEqual([moved, added]);
  expect(copyOnto(current, kept)).toHaveLength(2);
  expect(current.elements().map(({ geometry }) => geometry.x)).toEqual([0, 100, 150, 200]);
  current.undo();
  expect(current.elements().map(({ geometry }) => geometry.x)).toEqual([0, 100]);
});

it('a kept copy adds nothing when the board shows all of it', () => {
  const { current } = setup();
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(current.doc));
  expect(copyOnto(current, createBoard({ doc, userId: 'u-me' }))).toEqual([]);
  expect(current.count).toBe(2);
});

it('K5: chat messages that nobody got are found, and mine are sent again, once', () => {
  const { current, kept } = setup();
  openChat(kept).send('see you at four', 'Me');
  const theirs = createBoard({ doc: kept.doc, userId: 'u-ben' });
  openChat(theirs).send('fine', 'Ben');
  const sent = () => messagesIn(current.doc);
  const texts = () => unsentIn(kept, sent()).map(({ text }) => text);
  expect(texts()).toEqual(['see you at four', 'fine']);
  expect(sendAgain(current, kept, { me: { id: 'u-me', name: 'Me' }, sent: sent() })).toBe(1);
  expect(chatMessages(current.doc).map(({ text, userId }) => [text, userId])).toEqual([['see you at four', 'u-me']]);
  expect(texts()).toEqual(['fine']);
  expect(sendAgain(current, kept, { me: { id: 'u-me', name: 'Me' }, sent: sent() })).toBe(0);
});
