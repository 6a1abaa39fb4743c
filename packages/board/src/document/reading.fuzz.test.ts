/** Hostile updates: whatever they hold, a board goes on reading, keeps its types, and stays usable. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { cropToValue, isCropValue, isLookValue, lookProps } from './look.ts';
import { isGeometryValue, isPageName, isStyleValue, geometryToValue, styleProps } from './fields.ts';
import { isElementId, isSession, isStep, stepKey } from './keys.ts';
import { isFile } from './file-record.ts';
import { isImage } from './image-record.ts';
import { isEmoji } from './mark-record.ts';
import { isView } from './message-record.ts';
import {
  MAX_ALT_LENGTH,
  MAX_CHAT_LENGTH,
  MAX_FILE_NAME_LENGTH,
  MAX_MENTIONS,
  MAX_NAME_LENGTH,
  MAX_TEXT_LENGTH,
  MAX_TITLE_LENGTH,
} from '../limits.ts';
import { isElementKind } from './records.ts';
import { isColor } from '../color/palette.ts';
import { type Device, device, draw, erase, move, rectangle, recolor, Wall } from '../testing/people.ts';
import type { ElementId, SessionId } from '../types.ts';

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
    'frame',
    'group',
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
    type: fc.oneof(fc.constantFrom('image/png', 'image/svg+xml', 'Text/HTML; x', 'a'.repeat(9_999)), scalar),
    w: fc.oneof(fc.constantFrom(1, 4_000), scalar),
    h: fc.oneof(fc.constantFrom(1, 3_000), scalar),
    size: fc.oneof(fc.constantFrom(1, 9e9), scalar),
    name: fc.oneof(fc.constantFrom('a.png', '\u202e\n', 'x'.repeat(9_999)), scalar),
  },
  { requiredKeys: [], noNullPrototype: true },
);
/** What a message can have beside its text. */
const beside = { r: value, v: fc.oneof(geometry, value), m: fc.oneof(fc.array(fc.string(), { maxLength: 60 }), value), x: value };
const nearly: fc.Arbitrary<unknown> = fc.oneof(
  fc.record(
    {
      s: fc.oneof(fc.constantFrom<unknown>(...steps), value),
      k: fc.oneof(
        fc.constantFrom<unknown>(
          'text',
          'rectangle',
          'stroke',
          'image',
          'file',
          'group',
          'group',
          'frame',
          'frame',
          'page',
          'page',
          'future',
        ),
        value,
      ),
      g: geometry,
      y: fc.oneof(fc.dictionary(fc.constantFrom(...styleProps, ...lookProps, 'crop', 'title'), scalar, { noNullPrototype: true }), value),
      i: fc.oneof(fc.uint8Array({ maxLength: 20 }), value),
      m: fc.oneof(nearlyAnImage, value),
      n: value,
      z: value,
      t: fc.oneof(fc.constantFrom<unknown>('Plan', 'x'.repeat(201)), value),
      p: fc.oneof(fc.constantFrom<unknown>(...ids, '000000000', ''), value),
      a: value,
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
  fc.tuple(fc.oneof(geometry, value), fc.oneof(fc.constantFrom<unknown>(...steps, ''), value)),
  fc.array(fc.constantFrom<unknown>(...ids, 3, null), { maxLength: 4 }),
  fc.record({ r: fc.oneof(fc.array(fc.constantFrom<unknown>(...ids, 3, null), { maxLength: 4 }), value) }, { noNullPrototype: true }),
  fc.record(
    { v: fc.dictionary(fc.constantFrom(session, 'nope', '__proto__'), harmlessPrototype, { noNullPrototype: true }), x: value },
    { requiredKeys: ['v'], noNullPrototype: true },
  ),
  fc.record(
    { i: fc.constantFrom('x.1', 'x.2', ''), u: fc.constantFrom('ana', ''), n: fc.string(), t: fc.string(), d: fc.double(), ...beside },
    { requiredKeys: ['i', 'u', 'n', 't', 'd'], noNullPrototype: true },
  ),
  fc.record({ t: fc.string(), d: fc.double(), m: value, x: value }, { requiredKeys: ['d'], noNullPrototype: true }),
  fc.tuple(fc.double(), fc.constantFrom<unknown>('x.1', '', 7)),
);

const mapRoots = [
  'meta',
  'who',
  'people',
  'base',
  'geo',
  'z',
  'parent',
  'lock',
  'txt',
  'style',
  'alt',
  'page',
  'pages',
  'gone',
  'undo',
  'undone',
  'edits',
  'marks',
] as const;
const key = fc.oneof(
  fc.constantFrom<string>(
    ...ids,
    ...steps,
    session,
    ...ids.map((id) => `${id}/color`),
    ...ids.map((id) => `${id}/title`),
    ...ids.map((id) => `${id}/name`),
    ...ids.map((id) => `${id}/order`),
    '000000000',
    '000000000/name',
    '000000000/order',
    `${ids[0] as string}/future`,
    'schema',
    'title',
    'background',
    '__proto__',
    'constructor',
    '',
    '/',
    'ana',
    'x.1/ana',
    'seen/ana',
    'react/x.1/👍/ana',
    'react/x.1/👍',
    'react/%/👍/ana',
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
function expectSound({ board, chat }: Device): void {
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
      lookProps.every((prop) => isLookValue(prop, element.look[prop])) &&
      isCropValue(cropToValue(element.crop)) &&
      (element.z === null || typeof element.z === 'string') &&
      typeof element.isLocked === 'boolean' &&
      (element.gesture === null || typeof element.gesture === 'string') &&
      element.text.length <= (element.kind === 'frame' ? MAX_TITLE_LENGTH : MAX_TEXT_LENGTH) &&
      (element.kind === 'stroke') === element.ink instanceof Uint8Array &&
      (element.kind === 'image') === (element.image !== null) &&
      (element.image === null || (isImage(element.image) && element.image.name.length <= MAX_FILE_NAME_LENGTH)) &&
      (element.kind === 'file') === (element.file !== null) &&
      (element.file === null || (isFile(element.file) && element.file.name.length <= MAX_FILE_NAME_LENGTH)) &&
      element.alt.length <= MAX_ALT_LENGTH &&
      Object.keys(element.style).length === styleProps.length;
    if (!isSound) throw new Error(`unsound ${element.kind} ${element.id}`);
  }
  if (board.count !== seen.size) throw new Error('count');
  for (const { id, parent, frame } of board.elements()) {
    if (parent !== board.parentOf(id)) throw new Error('two answers about a group');
    let innermost: ElementId | null = null;
    const above = new Set<ElementId>([id]);
    for (let at = parent, below = id; at !== null; [at, below] = [board.parentOf(at), at]) {
      if (above.has(at) || !board.membersOf(at).includes(below)) throw new Error('group');
      const kind = board.get(at)?.kind ?? 'group';
      if (kind !== 'group' && kind !== 'frame') throw new Error('an element as a group');
      if (kind === 'frame') innermost ??= at;
      above.add(at);
    }
    if (frame !== innermost) throw new Error('frame');
  }
  const pages = board.pages();
  const isListed = pages.length > 0 && new Set(pages.map(({ id }) => id)).size === pages.length;
  const areNamed = pages.every(({ id, name }) => (id === '' || isElementId(id)) && isPageName(name));
  const isEveryOneSeen = pages.reduce((sum, { id }) => sum + board.countOn(id), 0) === board.count;
  if (!isListed || !areNamed || !isEveryOneSeen) throw new Error('pages');
  if (typeof board.title !== 'string' || board.title.length > MAX_TITLE_LENGTH || !isColor(board.background)) throw new Error('meta');
  const messages = new Set<string>();
  for (const message of chat.messages()) {
    const isSound =
      typeof message.id === 'string' &&
      !messages.has(message.id) &&
      message.text.length <= MAX_CHAT_LENGTH &&
      message.name.length <= MAX_NAME_LENGTH &&
      Number.isFinite(message.at) &&
      (message.replyTo === null || typeof message.replyTo === 'string') &&
      (message.view === null || isView(message.view)) &&
      message.mentions.length <= MAX_MENTIONS &&
      message.mentions.every((user) => typeof user === 'string' && user !== '') &&
      (!message.isDeleted || (message.text === '' && message.file === null && message.view === null)) &&
      chat.reactions(message.id).every(({ emoji, userIds, count }) => isEmoji(emoji) && userIds.length === count) &&
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
  const { board, chat } = at;
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
    const group = board.run((edit) => edit.group([first.id, own]));
    if (group === null || board.parentOf(own) !== group) throw new Error('a new group is not there');
    board.run((edit) => edit.reorder([group], 'back'));
    for (const id of ids) board.run((edit) => edit.setParent([id, own], group));
    for (const id of ids) if (board.membersOf(id).length > 0) board.run((edit) => edit.setParent([group], id));
    board.run((edit) => edit.ungroup([...ids, group]));
    board.run((edit) => {
      const frame = edit.create(rectangle(4, { kind: 'frame', text: 'Plan' }));
      edit.setParent([first.id, own], frame);
      edit.setTitle(first.id, 'named');
    });
    if (board.get(own)?.frame === null) throw new Error('a new frame holds nothing');
  }
  if (second !== undefined) {
    board.run((edit) => edit.reorder([second.id], 'back'));
    erase(at, second.id);
  }
  const page = board.run((edit) => edit.addPage({ after: board.pages()[0]?.id, name: 'new' }));
  board.run((edit) => edit.setPage([...ids, own], page));
  for (const { id } of board.pages()) board.run((edit) => edit.movePage(id, page));
  for (const { id } of board.pages()) board.run((edit) => edit.renamePage(id, 'named'));
  if (!board.pages().every(({ name }) => name === 'named')) throw new Error('a page keeps its name');
  board.run((edit) => edit.removePage(page));
  board.undo();
  for (const { id, kind } of board.elements()) {
    if (kind !== 'text') continue;
    const text = board.text(id);
    if (text.value.length < 100) text.edit(text.value.length, 0, 'more');
    text.close();
  }
  const [said] = chat.messages();
  if (said !== undefined) chat.toggleReaction(said.id, '👍');
  const message = chat.send('hello', 'Ana', { replyTo: 'x.1' });
  chat.edit(message, 'hello again');
  chat.markRead();
  chat.remove(message);
  board.setTitle('t');
  while (board.canRedo) board.redo();
  for (let i = 0; i < 8; i++) board.undo();
  for (let i = 0; i < 8; i++) board.redo();
  board.clear();
  for (const steps = board.deletedInSteps(); ;) {
    const step = steps.next();
    if (step.done !== true) continue;
    board.run((edit) => edit.restore(step.value.flatMap(({ ids: deleted }) => deleted)));
    break;
  }
  board.undo();
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
          expectSound(open);
        }
        // The state kept current update by update equals the state that a page reads when it opens now.
        const fresh = device('cid', wall, { state: open.state() });
        expectSound(fresh);
        expect(JSON.stringify(open.board.elements())).toBe(JSON.stringify(fresh.board.elements()));
        expect(JSON.stringify(open.board.pages())).toBe(JSON.stringify(fresh.board.pages()));
        for (const id of ids) expect([...open.board.membersOf(id)].sort()).toEqual([...fresh.board.membersOf(id)].sort());
        useEverything(open);
        expectSound(open);
      }),
      { numRuns: runs, seed: Number(process.env.WETINK_FUZZ_SEED ?? 11) },
    );
  });
});
