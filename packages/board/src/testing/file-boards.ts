/** Boards, elements and their looks, for tests of files. */
import * as Y from 'yjs';
import { createBoard } from '../board.ts';
import { encodeInk } from '../ink/ink.ts';
import type { Board, BoardElement, ElementId, NewElement, Style } from '../types.ts';
import { mulberry32 } from './pen.ts';

let seed = 1;
export function newBoard(userId = 'ana', doc = new Y.Doc()): Board {
  return createBoard({ doc, userId, now: () => 1_790_000_000_000, random: mulberry32(seed++) });
}
export const plain: Style = {
  color: 'ink',
  width: 4,
  fill: 'none',
  opacity: 1,
  fontSize: 20,
  font: 'sans',
  dash: 'solid',
  corners: 'sharp',
  startHead: 'auto',
  endHead: 'auto',
};
export const box = (x: number): NewElement['geometry'] => ({ x, y: 2, w: 30, h: -4.5, rotation: 0.1 });
export const rectangle = (x = 0): NewElement => ({ kind: 'rectangle', geometry: box(x), style: plain });
export const ink = encodeInk({ xyp: [1, 2, 0.5, 3, 4, 0.6], hasPressure: true }, 1);
export const draw = (board: Board, element: NewElement): ElementId => board.run((edit) => edit.create(element));
export const state = (board: Board): Uint8Array => Y.encodeStateAsUpdate(board.doc);

/** The look of an element, without its author, time and id. */
export const look = ({
  kind,
  geometry,
  baseGeometry,
  style,
  isLocked,
  ink: bytes,
  points,
  text,
  image,
  file,
  alt,
}: BoardElement): object => {
  // The box it was created in only matters with ink, an image, a file, or an unknown kind.
  const hasBase = bytes !== null || image !== null || file !== null || kind === 'unknown';
  return { kind, geometry, base: hasBase ? baseGeometry : null, style, isLocked, ink: bytes, points, text, image, file, alt };
};
export const looks = (board: Board): object => ({
  title: board.title,
  background: board.background,
  elements: board.elements().map(look),
  groups: groupsOf(board),
});

/** For each element, of every group that it is in the places of all elements in that group. */
function groupsOf(board: Board): number[][][] {
  const ids = board.elements().map(({ id }) => id);
  const above = new Map(ids.map((id) => [id, [] as ElementId[]]));
  for (const [id, groups] of above) for (let at = board.parentOf(id); at !== null; at = board.parentOf(at)) groups.push(at);
  const placesIn = (group: ElementId): number[] => ids.flatMap((id, place) => (above.get(id)?.includes(group) === true ? [place] : []));
  return [...above.values()].map((groups) => groups.map(placesIn));
}

/** An element of a newer version, as its client would have written it. */
export function putUnknown(board: Board, record: Record<string, unknown>, text = ''): ElementId {
  const id = draw(board, rectangle(7));
  const base = board.doc.getMap<Record<string, unknown>>('base');
  base.set(id, { ...base.get(id), k: 'sticky', ...record });
  if (text !== '') board.doc.getXmlFragment(`t/${id}`).insert(0, [new Y.XmlText(text)]);
  return id;
}
