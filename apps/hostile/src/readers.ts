/**
 * Two readers of a board: ours, as the app reads it, and one without guards, which believes the stored data. Both
 * return what a person would see.
 */

import { chatMessages, createBoard, decodeInk, type BoardElement } from '@wetink/board';
import { boundsOf, renderSvg } from '@wetink/canvas';
import { createDecoder, readUint8, readVarUint } from 'lib0/decoding';
import * as Y from 'yjs';
import { parsePresence } from '../../web/src/core/participants.ts';

export interface Shown {
  /** Edges of the drawn elements, board units. */
  bounds: readonly number[];
  /** Points of the longest stroke, decoded. */
  points: number;
  /** Units of the longest text. */
  textLength: number;
  /** The board as markup, as exported or inserted into the page. */
  markup: string;
  title: string;
  messages: readonly { name: string; text: string }[];
}

export interface Reader {
  /** @param update Arrives while the board is open. */
  read(update: Uint8Array): Shown;
  /** @returns The name beside a cursor, from a client's awareness state; null: no cursor is shown. */
  nameBeside(state: unknown): string | null;
}

export const ourReader: Reader = {
  read(update) {
    const doc = new Y.Doc();
    const board = createBoard({ doc, userId: 'ana' });
    Y.applyUpdate(doc, update);
    const elements = board.elements();
    const box = boundsOf(elements);
    return {
      bounds: box === null ? [] : [box.minX, box.minY, box.maxX, box.maxY],
      points: Math.max(0, ...elements.map(pointsOf)),
      textLength: Math.max(0, ...elements.map(({ text }) => text.length)),
      markup: renderSvg(elements, { theme: 'light', background: board.background }),
      title: board.title,
      messages: chatMessages(doc),
    };
  },
  nameBeside: (state) => parsePresence(state, 1)?.user.name ?? null,
};

function pointsOf({ ink }: BoardElement): number {
  if (ink === null) return 0;
  try {
    return decodeInk(ink).length;
  } catch {
    return 0; // Drawn as a dashed box.
  }
}

interface Believed {
  k: string;
  g: [number, number, number, number];
  i?: Uint8Array;
  src?: string;
  srcdoc?: string;
  link?: string;
}

export const naiveReader: Reader = {
  read(update) {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, update);
    const records = doc.getMap('base').toJSON() as Record<string, Believed>;
    const parents = doc.getMap('parent').toJSON() as Record<string, [string] | undefined>;
    const leftOf = (id: string): number => (records[id]?.g[0] ?? 0) + (parents[id] === undefined ? 0 : leftOf(parents[id][0]));
    const entries = Object.entries(records);
    const texts = entries.map(([id]) => doc.getXmlFragment(`t/${id}`).toArray().map(String).join(''));
    const people = doc.getArray('chat').toJSON() as { n: string; t: string }[];
    return {
      bounds: entries.flatMap(([id, { g }]) => [leftOf(id), g[1], leftOf(id) + g[2], g[1] + g[3]]),
      points: Math.max(0, ...entries.map(([, { i }]) => (i === undefined ? 0 : believedPoints(i)))),
      textLength: Math.max(0, ...texts.map((text) => text.length)),
      markup: entries.map(([, record], at) => markupOf(record, texts[at] ?? '')).join(''),
      title: doc.getMap<string>('meta').get('title') ?? '',
      messages: people.map(({ n, t }) => ({ name: n, text: t })),
    };
  },
  nameBeside: (state) => (state as { user: { name: string } }).user.name,
};

/** Allocates as many points as the stroke claims. */
function believedPoints(ink: Uint8Array): number {
  const decoder = createDecoder(ink);
  readUint8(decoder);
  readUint8(decoder);
  return new Float64Array(readVarUint(decoder) * 3).length / 3;
}

function markupOf({ k, src, srcdoc, link }: Believed, text: string): string {
  if (k === 'iframe') return `<iframe src="${src ?? ''}" srcdoc="${srcdoc ?? ''}"></iframe>`;
  if (k === 'image') return `<image href="${src ?? ''}"/>`;
  return link === undefined ? `<text>${text}</text>` : `<a href="${link}">${text}</a>`;
}
