/**
 * The look of a file on the board: a card with an icon, the name and a line about its bytes.
 *
 *     ┌──────────────────────────┐
 *     │        first page        │   only where the box is higher than a card
 *     ├──────────────────────────┤
 *     │ ▣  Plans for the h….pdf  │   CARD
 *     │    12 of 80 MB           │
 *     └──────────────────────────┘
 *
 * As a list of pieces in units of the card, so that screen, PNG and SVG show the same.
 */
import { palette, resolveFill, type AttachedFile, type ColorToken, type Geometry, type Theme } from '@wetink/board';
import { CARD } from '../files/card-size.ts';
import { fileSizeText } from '../files/file-size.ts';
import type { ShownFile } from '../files/shown-files.ts';
import { surface } from './colors.ts';
import { PathBuilder, type Path } from './path.ts';

export type CardPiece =
  | { readonly piece: 'path'; readonly path: Path; readonly fill: string | null; readonly stroke: string | null; readonly width: number }
  | {
      readonly piece: 'text';
      readonly text: string;
      readonly x: number;
      readonly y: number;
      readonly size: number;
      readonly align: 'left' | 'center';
      readonly color: string;
    }
  | {
      readonly piece: 'page';
      readonly bitmap: CanvasImageSource;
      readonly x: number;
      readonly y: number;
      readonly w: number;
      readonly h: number;
    };

/** Where the card's own units begin, and how large they are. A mirrored card stays readable. */
export function cardFrame({ w, h }: Geometry): { scale: number; height: number } {
  const scale = Math.abs(w) / CARD.width;
  return { scale, height: scale === 0 ? 0 : Math.max(CARD.height, Math.abs(h) / scale) };
}

export interface CardLook {
  readonly shown: ShownFile;
  readonly theme: Theme;
  /** Height of the box in units of the card. */
  readonly height: number;
  /** Width of a text in units of the card. */
  readonly measure: (text: string, size: number) => number;
}

const TEXT_X = 62;
const RIGHT = CARD.width - 12;
const NAME_SIZE = 14;

/** Bottom to top; the origin is the top left corner of the box. */
export function cardPieces(file: AttachedFile, { shown, theme, height, measure }: CardLook): CardPiece[] {
  const { paper, line, ink, muted } = surface[theme];
  const top = height - CARD.height;
  const pieces: CardPiece[] = [path(roundedBox(0.5, 0.5, CARD.width - 1, height - 1, 11.5), paper, null)];
  if (top > 0) pieces.push(...pagePieces(shown.page, top, theme));
  pieces.push(path(roundedBox(0.5, 0.5, CARD.width - 1, height - 1, 11.5), null, line), ...iconPieces(file, top, theme));
  const name = shortenMiddle(file.name === '' ? 'A file' : file.name, (text) => measure(text, NAME_SIZE) <= RIGHT - TEXT_X);
  pieces.push(text(name, TEXT_X, top + 27, NAME_SIZE, ink));
  const color = shown.isBad ? palette.red[theme] : muted;
  const fits = (words: string): boolean => measure(words, 12) <= RIGHT - TEXT_X;
  pieces.push(text(shortenMiddle(shown.line ?? fileSizeText(file.bytes), fits), TEXT_X, top + 45, 12, color));
  if (shown.progress !== null) {
    const bar = (to: number, fill: string): CardPiece => path(roundedBox(TEXT_X, top + 52, Math.max(3, to), 3, 1.5), fill, null);
    pieces.push(bar(RIGHT - TEXT_X, line), bar((RIGHT - TEXT_X) * Math.min(1, Math.max(0, shown.progress)), palette.blue[theme]));
  }
  return pieces;
}

/** The beginning and the end of a name, whose extension says most about it; whole characters. */
export function shortenMiddle(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text;
  const characters = [...text];
  let [low, high] = [0, characters.length - 1];
  const cut = (kept: number): string => {
    const end = Math.min(Math.floor(kept / 2), 10);
    return `${characters.slice(0, kept - end).join('')}…${end === 0 ? '' : characters.slice(-end).join('')}`;
  };
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(cut(middle))) low = middle;
    else high = middle - 1;
  }
  return cut(low);
}

function pagePieces(page: ShownFile['page'], height: number, theme: Theme): CardPiece[] {
  const line = path(
    polyline(
      [
        [0, height],
        [CARD.width, height],
      ],
      { isClosed: false },
    ),
    null,
    surface[theme].line,
  );
  if (page === null) return [path(sheetSign(CARD.width / 2 - 8, height / 2 - 11), null, surface[theme].line, 1.75), line];
  const [room, inset] = [CARD.width - 24, 12];
  const scale = Math.min(room / page.width, (height - inset) / page.height);
  const [w, h] = [page.width * scale, page.height * scale];
  const [left, top] = [(CARD.width - w) / 2, height - h];
  // White paper on a white card has an edge.
  const edge = path(roundedBox(left, top, w, h, 0), null, surface[theme].line);
  return [{ piece: 'page', bitmap: page.bitmap, x: left, y: top, w, h }, edge, line];
}

const groups: readonly (readonly [RegExp, ColorToken])[] = [
  [/^application\/pdf$/, 'red'],
  [/^audio\//, 'violet'],
  [/^video\//, 'pink'],
  [/^image\//, 'teal'],
  [/zip|compressed|tar|rar/, 'yellow'],
  [/sheet|excel|csv/, 'green'],
  [/word|document|text|presentation|powerpoint/, 'blue'],
];

function iconPieces({ type, name }: AttachedFile, top: number, theme: Theme): CardPiece[] {
  const token = groups.find(([shape]) => shape.test(type))?.[1] ?? 'grey';
  const [tint, color] = [resolveFill(token, theme), theme === 'light' && token !== 'grey' ? palette.ink.light : palette.ink[theme]];
  const box = path(roundedBox(12, top + 12, 40, 40, 8), tint, null);
  if (/^(audio|video)\//.test(type)) return [box, path(playSign(26, top + 24), color, null)];
  const letters = /\.([a-z0-9]{1,4})$/i.exec(name)?.[1]?.toUpperCase() ?? '';
  if (letters === '') return [box, path(sheetSign(24, top + 21), null, color, 1.75)];
  return [box, { ...text(letters, 32, top + 36.5, letters.length > 3 ? 11.5 : 13, color), align: 'center' }];
}

function path(shape: Path, fill: string | null, stroke: string | null, width = 1): CardPiece {
  return { piece: 'path', path: shape, fill, stroke, width };
}

function text(words: string, x: number, y: number, size: number, color: string): Extract<CardPiece, { piece: 'text' }> {
  return { piece: 'text', text: words, x, y, size, align: 'left', color };
}

function roundedBox(x: number, y: number, w: number, h: number, r: number): Path {
  const p = new PathBuilder();
  p.moveTo(x + r, y);
  p.lineTo(x + w - r, y);
  p.quadraticCurveTo(x + w, y, x + w, y + r);
  p.lineTo(x + w, y + h - r);
  p.quadraticCurveTo(x + w, y + h, x + w - r, y + h);
  p.lineTo(x + r, y + h);
  p.quadraticCurveTo(x, y + h, x, y + h - r);
  p.lineTo(x, y + r);
  p.quadraticCurveTo(x, y, x + r, y);
  p.closePath();
  return p.build();
}

function polyline(points: readonly (readonly [number, number])[], { isClosed }: { isClosed: boolean }): Path {
  const p = new PathBuilder();
  points.forEach(([x, y], i) => (i === 0 ? p.moveTo(x, y) : p.lineTo(x, y)));
  if (isClosed) p.closePath();
  return p.build();
}

function playSign(x: number, y: number): Path {
  return polyline(
    [
      [x, y],
      [x + 14, y + 8],
      [x, y + 16],
    ],
    { isClosed: true },
  );
}

/** A sheet of paper with a folded corner. */
function sheetSign(x: number, y: number): Path {
  return polyline(
    [
      [x + 10, y],
      [x, y],
      [x, y + 22],
      [x + 16, y + 22],
      [x + 16, y + 6],
      [x + 10, y],
      [x + 10, y + 6],
      [x + 16, y + 6],
    ],
    { isClosed: false },
  );
}
