/** Maliciously written documents: what others draw and type afterwards is still shown, on top, and where they put it. */
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { elementId, stepKey } from './keys.ts';
import { textRoot } from './roots.ts';
import { box, device, draw, rectangle, syncAll, Wall, type Device } from '../testing/people.ts';

/** Two people on one board. */
function world(): { wall: Wall; ana: Device; ben: Device } {
  const wall = new Wall();
  const [ana, ben] = [device('ana', wall), device('ben', wall)];
  for (let i = 0; i < 3; i++) draw(ana);
  syncAll(ana, ben);
  return { wall, ana, ben };
}

const record = (wall: Wall, session: Device['board']['session']): unknown => ({
  s: stepKey(wall.now, session),
  k: 'rectangle',
  g: [0, 0, 10, 10, 0],
});

it('[U1] [U10] [P8] L12: a forged element with a counter beyond reach is not shown, and does not extend what a clear covers', () => {
  const { wall, ana, ben } = world();
  const { session } = ana.board;
  ben.doc.getMap('base').set(`${session}zzzzz`, record(wall, session));
  expect(ben.board.count).toBe(3);
  // Ana has not received the forged element when Ben clears, and neither it nor the clear when she goes on drawing.
  ben.board.clear();
  const unseen = draw(ana);
  syncAll(ana, ben);
  const seen = draw(ana);
  syncAll(ana, ben);
  for (const { board } of [ana, ben]) expect(board.elements().map(({ id }) => id)).toEqual([unseen, seen]);
});

it.each([
  [
    'an element',
    (at: Device, wall: Wall, of: Device) => at.doc.getMap('base').set(elementId(of.board.session, 900), record(wall, of.board.session)),
  ],
  [
    'a clear',
    (at: Device, wall: Wall, of: Device) =>
      at.doc.getMap('gone').set(stepKey(wall.now, at.board.session), { v: { [of.board.session]: 5_000 } }),
  ],
  [
    'a clear from far ahead',
    (at: Device, _: Wall, of: Device) =>
      at.doc.getMap('gone').set(stepKey(36 ** 8 - 1, at.board.session), { v: { [of.board.session]: 9_000_000 } }),
  ],
  [
    'a list of deletions',
    (at: Device, wall: Wall, of: Device) =>
      at.doc.getMap('gone').set(
        stepKey(wall.now, at.board.session),
        Array.from({ length: 50 }, (_, i) => elementId(of.board.session, 3 + i)),
      ),
  ],
  [
    'an opacity of 0',
    (at: Device, wall: Wall, of: Device) => {
      for (let i = 0; i < 50; i++) {
        at.doc.getMap('style').set(`${elementId(of.board.session, 3 + i)}/opacity`, [0, stepKey(wall.now, at.board.session)]);
      }
    },
  ],
] as const)('[U1] [U10] L12: %s for what a page has not drawn yet reaches nothing that it draws from then on', (_, forge) => {
  const { wall, ana, ben } = world();
  forge(ben, wall, ana);
  const before = ana.board.session;
  syncAll(ana, ben);
  ben.board.clear();
  syncAll(ana, ben);
  const ids = [draw(ana), draw(ana), draw(ana)];
  syncAll(ana, ben);
  for (const { board } of [ana, ben]) {
    expect(board.elements().map(({ id, author, style }) => [id, author, style.opacity])).toEqual(ids.map((id) => [id, 'ana', 1]));
  }
  expect(ana.board.session).not.toBe(before);
  for (let i = 0; i < 4; i++) ana.board.undo();
  expect(ana.board.elements()).toEqual([]);
  for (let i = 0; i < 4; i++) ana.board.redo();
  expect(ana.board.elements().map(({ id }) => id)).toEqual(ids);
});

it('[U10] L12: an honest clear names only elements its author received, so no page gives up its session for it', () => {
  const { ana, ben } = world();
  const { session } = ana.board;
  ben.board.clear();
  syncAll(ana, ben);
  draw(ana);
  ana.board.clear();
  draw(ana);
  expect([ana.board.session, ana.board.count]).toEqual([session, 1]);
});

it('[T1] L15: non-text values inside a text count as one character each, so typing lands where it is typed', () => {
  const { ana, ben } = world();
  const id = draw(ana, rectangle(0, { kind: 'text', text: 'Hello' }));
  syncAll(ana, ben);
  const leaf = textRoot(ben.doc, id).get(0) as Y.XmlText;
  Reflect.apply(Y.Array.prototype.insert, leaf, [2, [1, 'two', { three: 3 }]]);
  Reflect.apply(Y.Array.prototype.insert, leaf, [0, [new Uint8Array(3)]]);
  leaf.insertEmbed(1, { image: 'x' });
  leaf.format(1, 3, { bold: true });
  Reflect.apply(Y.Array.prototype.insert, textRoot(ben.doc, id), [0, [7]]);
  syncAll(ana, ben);
  const text = ana.board.text(id);
  expect(text.value.replaceAll('\ufffc', '')).toBe('Hello');
  expect(text.value).toHaveLength(leaf.length);
  text.edit(text.value.length, 0, '!');
  text.edit(0, 0, '>');
  const at = text.value.indexOf('e');
  text.edit(at, 1, 'a');
  expect(text.value.replaceAll('\ufffc', '')).toBe('>Hallo!');
  syncAll(ana, ben);
  expect(ben.board.get(id)?.text).toBe(text.value);
  text.edit(0, text.value.length, '');
  expect(text.value).toBe('');
});

it('[T1] L15: a text that holds only non-text values can be typed in', () => {
  const { ana } = world();
  const id = ana.board.run((edit) => edit.create(rectangle(0, { kind: 'text', geometry: box(3) })));
  const leaf = new Y.XmlText();
  textRoot(ana.doc, id).insert(0, [leaf]);
  Reflect.apply(Y.Array.prototype.insert, leaf, [0, [1, 2, 3]]);
  const text = ana.board.text(id);
  expect(text.value).toBe('\ufffc\ufffc\ufffc');
  text.edit(3, 0, 'end');
  expect(text.value).toBe('\ufffc\ufffc\ufffcend');
});
