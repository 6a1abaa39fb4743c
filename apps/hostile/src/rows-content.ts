/** Attacks by the content of boards and presence: invalid shapes, elements that would run, misleading names. */

import { encode, writeUint8, writeVarUint } from 'lib0/encoding';
import * as Y from 'yjs';
import type { ContentRow } from './row.ts';

const SESSION = 'Mallory0';
const STEP = `0mz00000${SESSION}`;
const BOX = [0, 0, 40, 30, 0];
/** A coordinate beyond this is no valid place on a board. */
const FARTHEST = 1e8;
const MANY_POINTS = 10_000_000;
const LONG = 1_000_000;

type Write = (doc: Y.Doc) => void;

/** @returns An update that writes raw values, without the checks of the app. */
function written(write: Write): Uint8Array {
  const doc = new Y.Doc();
  doc.transact(() => write(doc));
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}

const element =
  (record: Record<string, unknown>, at = 0): Write =>
  (doc) =>
    void doc.getMap('base').set(`${SESSION}${at.toString(36)}`, { s: STEP, k: 'rectangle', g: BOX, ...record });

const inkOf = (points: number): Uint8Array =>
  encode((encoder) => {
    for (const byte of [1, 58]) writeUint8(encoder, byte);
    writeVarUint(encoder, points);
    for (let i = 0; i < 8; i++) writeUint8(encoder, i);
  });

function textElement(text: string): Write {
  return (doc) => {
    element({ k: 'text' })(doc);
    doc.getXmlFragment(`t/${SESSION}0`).insert(0, [new Y.XmlText(text)]);
  };
}

/** Adds a valid element, because hiding it would be harm as well. */
const withGood =
  (write: Write): Write =>
  (doc) => {
    element({ g: [1, 2, 3, 4, 0] }, 35)(doc);
    write(doc);
  };

const impossible: Record<string, Write> = {
  'NaN as a position': element({ g: [Number.NaN, 0, 10, 10, 0] }),
  '1e308 as a width': element({ g: [1e308, 0, 1e308, 10, 0] }),
  'Infinity, set by a later move': (doc) => {
    element({})(doc);
    doc.getMap('geo').set(`${SESSION}0`, [[Infinity, 0, 1, 1, 0], STEP]);
    doc.getMap('base').set(`${SESSION}1`, { s: STEP, k: 'line', g: [0, -Infinity, 1, Infinity, 0] });
  },
  'strings instead of numbers': element({ g: ['0', '0', '9e999', 1, 0] }),
  'no geometry at all': element({ g: null }),
  'a font size of 1e308': (doc) => {
    textElement('x')(doc);
    doc.getMap('style').set(`${SESSION}0/fontSize`, [1e308, STEP]);
    doc.getMap('base').set(`${SESSION}1`, { s: STEP, k: 'text', g: [0, 0, 1e308, 1, Number.NaN], y: { fontSize: 1e308 } });
  },
};

const running: Record<string, Write> = {
  'an iframe with srcdoc': element({ k: 'iframe', srcdoc: '<script>top.pwned=1</script>', src: 'https://evil.example' }),
  'an image of javascript:': element({ k: 'image', src: 'javascript:top.pwned=1' }),
  'a link of javascript:': element({ link: 'java\nscript:top.pwned=1', href: 'javascript:top.pwned=1' }),
  'text that is markup': textElement('</text><script>top.pwned=1</script><iframe srcdoc="x">'),
  'a color that closes its attribute': (doc) => {
    element({ k: 'iframe', y: { color: '"/><script>top.pwned=1</script>', fill: 'url(javascript:top.pwned=1)' } })(doc);
    doc.getMap('meta').set('background', '"><script>top.pwned=1</script>');
    doc.getMap('style').set(`${SESSION}0/fill`, ['url(https://evil.example)', STEP]);
  },
};

const UNSEEN = /(?![\u200c\u200d\ufe0e\ufe0f])[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Zl}]/u;
const MAX_NAME = 80;

const lies: Record<string, unknown> = {
  'a name that reverses the direction of text': 'Ana\u202egnimda',
  'a name with zero-width characters': 'A\u200bn\u2060a',
  'a name of a million characters': 'x'.repeat(LONG),
  'a name of several lines': 'Ana\r\nadmin: yes\u2028',
  'a name that is an object': { toString: 'Ana' },
  'a name of invisible characters': '\u200b\u3164\u202e',
};

function harmOfName(name: unknown): string | null {
  if (typeof name !== 'string') return `a name that is ${typeof name}`;
  if (name.length > MAX_NAME) return `a name of ${name.length} characters`;
  return UNSEEN.test(name) ? `the name ${JSON.stringify(name)}, unchanged` : null;
}

export const contentRows: readonly ContentRow[] = [
  ...Object.entries(impossible).map(([how, write]): ContentRow => ({
    id: 'A11',
    title: `an invalid shape is not drawn, and everything else is: ${how}`,
    attack(reader) {
      const { bounds } = reader.read(written(withGood(write)));
      const wrong = bounds.find((edge) => typeof edge !== 'number' || !(Math.abs(edge) <= FARTHEST));
      if (wrong !== undefined) return `the board reaches to ${String(wrong)}`;
      return bounds.length > 0 ? null : 'the rest of the board is gone';
    },
  })),
  {
    id: 'A11',
    title: `a stroke of 12 bytes that claims ${MANY_POINTS.toLocaleString('en')} points allocates none`,
    attack(reader) {
      const { points } = reader.read(written(withGood(element({ k: 'stroke', i: inkOf(MANY_POINTS) }))));
      return points > 50_000 ? `${points} points, ${Math.round((points * 24) / 2 ** 20)} MB` : null;
    },
  },
  {
    id: 'A11',
    title: 'elements whose parents form a circle are shown like any others',
    attack(reader) {
      const update = written((doc) => {
        for (let i = 0; i < 3; i++) {
          element({}, i)(doc);
          doc.getMap('parent').set(`${SESSION}${i}`, [`${SESSION}${(i + 1) % 3}`, STEP]);
        }
      });
      return reader.read(update).bounds.length > 0 ? null : 'the elements are not shown';
    },
  },
  {
    id: 'A11',
    title: 'a text of a million characters is shown up to the limit',
    attack(reader) {
      const { textLength } = reader.read(written(textElement('x'.repeat(LONG))));
      return textLength > 100_000 ? `${textLength} characters are laid out` : null;
    },
  },
  ...Object.entries(running).map(([how, write]): ContentRow => ({
    id: 'C1',
    title: `content from another client never becomes markup: ${how}`,
    attack(reader) {
      const { markup } = reader.read(written(withGood(write)));
      // Between tags everything is text.
      const tags = markup.replace(/>[^<]*</g, '><').replace(/(?<=\w)\n/g, '');
      const found = /<(script|iframe|image|foreignObject|a)\b|javascript:|srcdoc=|https:\/\/evil/i.exec(tags);
      return found === null ? null : `${found[0]} is in the page`;
    },
  })),
  ...Object.entries(lies).map(([how, name]): ContentRow => ({
    id: 'C6',
    title: `the name of another client is shown as one short visible line: ${how}`,
    attack(reader) {
      const beside = reader.nameBeside({ user: { id: 'mallory', name } });
      const update = written((doc) => {
        doc.getArray('chat').push([{ i: '1', u: 'mallory', n: name, t: 'hello', d: 1 }]);
        doc.getMap('meta').set('title', name);
      });
      const { messages, title } = reader.read(update);
      const names = [beside, ...messages.map((message) => message.name), title.length > 200 ? title : title.slice(0, MAX_NAME)];
      return names.map((each) => (each === null ? null : harmOfName(each))).find((harm) => harm !== null) ?? null;
    },
  })),
  {
    id: 'C6',
    title: 'a chat message of a million characters, or with an invalid time, is not shown',
    attack(reader) {
      const update = written((doc) =>
        doc.getArray('chat').push([
          { i: '1', u: 'mallory', n: 'Mallory', t: 'x'.repeat(LONG), d: 1 },
          { i: '2', u: 'mallory', n: 'Mallory', t: 'later', d: Number.NaN },
          { i: '3', u: 'ana', n: 'Ana', t: 'hello', d: 1 },
        ]),
      );
      const { messages } = reader.read(update);
      if (!messages.some(({ text }) => text === 'hello')) return 'messages of others are gone';
      return messages.length > 1 ? `a message of ${messages[0]?.text.length ?? 0} characters is shown` : null;
    },
  },
];
