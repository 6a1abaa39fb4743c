/** Hostile updates: whatever they hold, a board goes on reading, keeps its types, and stays usable. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { isGeometryValue, isStyleValue, geometryToValue, styleProps } from './fields.ts';
import { isElementId, isSession, isStep, stepKey } from './keys.ts';
import { isImage } from './image-record.ts';
import { MAX_ALT_LENGTH, MAX_CHAT_LENGTH, MAX_IMAGE_NAME_LENGTH, MAX_NAME_LENGTH, MAX_TEXT_LENGTH, MAX_TITLE_LENGTH } from '../limits.ts';
import { isElementKind } from './records.ts';
import { isColor } from '../color/palette.ts';
import { type Device, device, draw, erase, move, rectangle, recolor, Wall } from '../testing/people.ts';
import type { Board, ElementId, SessionId } from '../types.ts';

const session = 'Zz000000' as SessionId;
const ids = ['Zz0000000', 'Zz0000001', 'Zz000000z'] as ElementId[];
const steps = [1, 2, 1_790_000_000_005].map((time) => stepKey(time, session));
const wall = new Wall();

/** Values that a CRDT can carry, dangerous ones more often. */
const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    false,
    0,
    -0,
    1,
    -1,
    1e308,
    Infinity,
    -Infinity,
    NaN,
    '',
    'none',
    'ink',
    '#123456',
    'stroke',
    'text',
    'rectangle',
    'future',
    '__proto__',
    'constructor',
    'a0',
    'a00',
    'zzz',
    'A00000000000000000000000000',
    2 ** 53,
    12n,
    'x'.repeat(200_001),
  ),
  fc.constantFrom<unknown>(...ids, ...steps, session),
  fc.double(),
  fc.integer(),
  fc.string(),
  fc.uint8Array({ maxLength: 40 }),
);
// A prototype of bytes is left out: no client or relay can encode a document that holds one (lib0 takes the object for
// bytes), so its first receiver never passes it on.
const harmlessPrototype = scalar.filter((item) => !(item instanceof Uint8Array));
const poisoned: unknown = JSON.parse('{"__proto__":{"s":1,"v":{"Zz000000":5}},"v":{"__proto__":{"Zz000000":9}}}');
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.constant(poisoned),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(
      fc.constantFrom('s', 'k', 'g', 'y', 'i', 'n', 'z', 'v', 'x', 'u', 't', 'd', 'color', 'font', session, 'w'),
      tie('value'),
      { maxKeys: 6, noNullPrototype: true },
    ),
  ),
}));

/** Shapes that are nearly right, since those slip through a check. */
const geometry = fc.oneof(
  fc.constant([1, 2, 3, 4, 0]),
  fc.array(fc.constantFrom<unknown>(0, 5, 1e7, 1.1e7, NaN, '1', null), { minLength: 4, maxLength: 6 }),
  value,
);
const nearlyAnImage = fc.record(
  {
    sha: fc.oneof(fc.uint8Array({ minLength: 31, maxLength: 33 }), scalar),
    type: fc.oneof(fc.constantFrom('image/png', 'image/svg+xml'), scalar),
    w: fc.oneof(fc.constantFrom(1, 4_000), scalar),
    h: fc.oneof(fc.constantFrom(1, 3_000), scalar),
    size: fc.oneof(fc.constantFrom(1, 9e9), scalar),
    name: fc.oneof(fc.constantFrom('a.png', '\u202e\n', 'x'.repeat(9_999)), scalar),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const nearly: fc.Arbitrary<unknown> = fc.oneof(
  fc.record(
    {
      s: fc.oneof(fc.constantFrom<unknown>(...steps), value),
      k: fc.oneof(fc.constantFrom<unknown>('text', 'rectangle', 'stroke', 'image', 'future'), value),
      g: geometry,
      y: fc.oneof(fc.dictionary(fc.constantFrom(...styleProps), scalar, { noNullPrototype: true }), value),
      i: fc.oneof(fc.uint8Array({ maxLength: 20 }), value),
      m: fc.oneof(nearlyAnImage, value),
      n: value,
      z: value,
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
  fc.tuple(fc.oneof(geometry, value), fc.oneof(fc.constantFrom<unknown>(...steps, ''), value)),
  fc.array(fc.constantFrom<unknown>(...ids, 3, null), { maxLength: 4 }),
  fc.record(
    { v: fc.dictionary(fc.constantFrom(session, 'nope', '__proto__'), harmlessPrototype, { noNullPrototype: true }), x: value },
    { requiredKeys: ['v'], noNullPrototype: true },
  ),
  fc.record({ i: fc.string(), u: fc.string(), n: fc.string(), t: fc.string(), d: fc.double() }, { noNullPrototype: true }),
);

const mapRoots = ['meta', 'who', 'people', 'base', 'geo', 'z', 'parent', 'lock', 'txt', 'style', 'alt', 'gone', 'undo', 'undone'] as const;
const key = fc.oneof(
  fc.constantFrom<string>(
    ...ids,
    ...steps,
    session,
    ...ids.map((id) => `${id}/color`),
    `${ids[0] as string}/future`,
    'schema',
    'title',
    'background',
    '__proto__',
    'constructor',
    '',
    '/',
    'ana',
  ),
  fc.string({ maxLength: 20 }),
);

type Garbage =
  | { readonly to: 'map'; readonly root: string; readonly key: string; readonly value: unknown }
  | { readonly to: 'nested'; readonly root: string; readonly key: string; readonly type: number }
  | { readonly to: 'list'; readonly root: string; readonly value: unknown }
  | { readonly to: 'text'; readonly id: ElementId; readonly form: number }
  | { readonly to: 'delete'; readonly root: string; readonly key: string };

const garbage: fc.Arbitrary<Garbage> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ to: fc.constant('map' as const), root: fc.constantFrom(...mapRoots), key, value: fc.oneof(value, nearly) }),
  },
  { weight: 1, arbitrary: fc.record({ to: fc.constant('nested' as const), root: fc.constantFrom(...mapRoots), key, type: fc.nat(4) }) },
  {
    weight: 1,
    arbitrary: fc.record({ to: fc.constant('list' as const), root: fc.constantFrom(...mapRoots, 'chat'), value: fc.oneof(value, nearly) }),
  },
  { weight: 1, arbitrary: fc.record({ to: fc.constant('text' as const), id: fc.constantFrom(...ids), form: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ to: fc.constant('delete' as const), root: fc.constantFrom(...mapRoots), key }) },
);

function put(doc: Y.Doc, item: Garbage): void {
  switch (item.to) {
    case 'map':
      doc.getMap(`${item.root}`).set(item.key, item.value);
      break;
    case 'nested':
      doc.getMap(item.root).set(item.key, [new Y.Map(), new Y.Array(), new Y.Text('x'), new Y.XmlElement('p'), new Y.Doc()][item.type]);
      break;
    case 'list':
      putInList(doc, item.root, item.value);
      break;
    case 'text':
      putText(doc.getXmlFragment(`t/${item.id}`), item.form);
      break;
    case 'delete':
      doc.getMap(item.root).delete(item.key);
      break;
  }
}

/** Puts list content into a root that a board reads as a map. */
function putInList(doc: Y.Doc, root: string, value: unknown): void {
  // A Y.Array takes bare bigints and undefined only inside another value.
  const item = typeof value === 'bigint' || value === undefined ? [value] : value;
  if (root === 'chat') return doc.getArray('chat').push([item]);
  const other = new Y.Doc();
  other.getArray(root).push([item]);
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
}

function putText(fragment: Y.XmlFragment, form: number): void {
  const text = new Y.XmlText();
  const element = new Y.XmlElement('script');
  if (form === 0) fragment.insert(0, [text]);
  if (form === 1) fragment.insert(0, [element]);
  if (form === 2) fragment.insert(0, [new Y.XmlHook('h') as unknown as Y.XmlElement]);
  if (form === 3) {
    let inner = element;
    fragment.insert(0, [element]);
    for (let depth = 0; depth < 40; depth++) {
      const next = new Y.XmlElement('p');
      inner.insert(0, [next]);
      inner = next;
    }
    inner.insert(0, [text]);
    text.insert(0, 'deep');
  }
  if (form === 4) {
    fragment.insert(0, [text]);
    text.insert(0, '<b>bold</b>', { bold: {} });
    text.insertEmbed(1, { image: 'javascript:alert(1)' });
    text.insertEmbed(2, new Y.Map());
  }
  if (form === 5) {
    fragment.insert(0, [text]);
    text.insert(0, 'y'.repeat(MAX_TEXT_LENGTH + 5));
  }
}

/** Throws when the board hands out a value that does not match its type. */
function expectSound(board: Board): void {
  const seen = new Set<string>();
  for (const element of board.elements()) {
    if (seen.has(element.id) || board.get(element.id) !== element) throw new Error('listed twice, or another object');
    seen.add(element.id);
    const isSound =
      isElementId(element.id) &&
      (element.kind === 'unknown' || isElementKind(element.kind)) &&
      isStep(element.step) &&
      isSession(element.session) &&
      typeof element.author === 'string' &&
      Number.isSafeInteger(element.createdAt) &&
      isGeometryValue(geometryToValue(element.geometry)) &&
      isGeometryValue(geometryToValue(element.baseGeometry)) &&
      styleProps.every((prop) => isStyleValue(prop, element.style[prop])) &&
      (element.z === null || typeof element.z === 'string') &&
      typeof element.isLocked === 'boolean' &&
      (element.gesture === null || typeof element.gesture === 'string') &&
      element.text.length <= MAX_TEXT_LENGTH &&
      (element.kind === 'stroke') === element.ink instanceof Uint8Array &&
      (element.kind === 'image') === (element.image !== null) &&
      (element.image === null || (isImage(element.image) && element.image.name.length <= MAX_IMAGE_NAME_LENGTH)) &&
      element.alt.length <= MAX_ALT_LENGTH &&
      Object.keys(element.style).length === 6;
    if (!isSound) throw new Error(`unsound ${element.kind} ${element.id}`);
  }
  if (board.count !== seen.size) throw new Error('count');
  if (typeof board.title !== 'string' || board.title.length > MAX_TITLE_LENGTH || !isColor(board.background)) throw new Error('meta');
  const messages = new Set<string>();
  for (const message of board.chat.messages()) {
    const isSound =
      typeof message.id === 'string' &&
      !messages.has(message.id) &&
      message.text.length <= MAX_CHAT_LENGTH &&
      message.name.length <= MAX_NAME_LENGTH &&
      Number.isFinite(message.at) &&
      !Number.isNaN(new Date(message.at).getTime());
    if (!isSound) throw new Error('chat');
    messages.add(message.id);
  }
  for (const user of ['ana', '', '__proto__', session]) {
    const name = board.nameOf(user);
    if (name !== null && (name === '' || name.length > MAX_NAME_LENGTH)) throw new Error('name');
  }
}

/** Calls everything a person can trigger. A board of a newer version refuses; nothing else may throw. */
function useEverything(at: Device): void {
  const { board } = at;
  if (board.isTooNew) {
    expect(() => board.undo()).toThrow(expect.objectContaining({ code: 'TOO_NEW' }) as Error);
    return;
  }
  const [first, second] = board.elements();
  const own = draw(at, rectangle(3));
  if (board.elements().at(-1)?.id !== own) throw new Error('a new element is not on top');
  if (first !== undefined) {
    move(at, first.id, 9);
    recolor(at, first.id, 'green');
    board.run((edit) => edit.setAlt(first.id, 'described'));
    board.run((edit) => edit.reorder([first.id], 'front'));
    board.run((edit) => edit.reorder([own], 'backward'));
  }
  if (second !== undefined) {
    board.run((edit) => edit.reorder([second.id], 'back'));
    erase(at, second.id);
  }
  for (const { id, kind } of board.elements()) {
    if (kind !== 'text') continue;
    const text = board.text(id);
    if (text.value.length < 100) text.edit(text.value.length, 0, 'more');
    text.close();
  }
  board.chat.send('hello', 'Ana');
  board.setTitle('t');
  while (board.canRedo) board.redo();
  for (let i = 0; i < 8; i++) board.undo();
  for (let i = 0; i < 8; i++) board.redo();
  board.clear();
  board.undo();
  board.emptyTrash();
}

const runs = Number(process.env.WETINK_FUZZ_RUNS ?? 250);

describe('reading', () => {
  it('[V1] [V3] with garbage in every root a board never throws, and its values keep their types and bounds', () => {
    const start = device('ana', wall);
    draw(start);
    const state = start.state();
    fc.assert(
      fc.property(fc.array(garbage, { minLength: 1, maxLength: 25 }), (items) => {
        const open = device('ben', wall, { state });
        const hostile = new Y.Doc();
        Y.applyUpdate(hostile, state);
        for (const item of items) {
          const before = Y.encodeStateVector(hostile);
          hostile.transact(() => put(hostile, item));
          open.receive(Y.encodeStateAsUpdate(hostile, before));
          expectSound(open.board);
        }
        // The state kept current update by update equals the state that a page reads when it opens now.
        const fresh = device('cid', wall, { state: open.state() });
        expectSound(fresh.board);
        expect(JSON.stringify(open.board.elements())).toBe(JSON.stringify(fresh.board.elements()));
        useEverything(open);
        expectSound(open.board);
      }),
      { numRuns: runs, seed: Number(process.env.WETINK_FUZZ_SEED ?? 11) },
    );
  });
});
