/** Paints other people's cursors: a small arrow in their colour, a ring that distinguishes people of one colour, and a name that fades. */
import { personColors } from '@wetink/board';
import { baseDirection } from '../draw/base-direction.ts';
import type { Context } from '../draw/paint.ts';
import { toView, type Camera, type ViewSize } from '../camera.ts';
import type { ShownCursor } from './peer-cursors.ts';
import { ringDash } from './ring-dash.ts';

/** CSS pixels. A longer name would hide what is being drawn. */
const MAX_NAME_PX = 160;
const FONT = '600 12px system-ui, "Segoe UI", Roboto, sans-serif';
/** Words beside a cursor; CSS pixels. */
const WORDS = { font: '14px system-ui, "Segoe UI", Roboto, sans-serif', maxPx: 220, linePx: 18, maxLines: 6 };
/** CSS pixels: cursors farther outside the view than this are not painted. Nearer ones are partly visible. */
const MARGIN_PX = 40;
/** Radius and centre of the ring, which goes around the arrow: the arrow's middle lies right of and below its tip. */
const RING = { x: 5.5, y: 7.5, radiusPx: 14 };

/** The context's transform maps CSS pixels to device pixels. */
export function paintCursors(ctx: Context, cursors: readonly ShownCursor[], camera: Camera, size: ViewSize): void {
  for (const cursor of cursors) {
    const { x, y } = toView(camera, cursor.at);
    if (x < -MARGIN_PX || y < -MARGIN_PX || x > size.width + MARGIN_PX || y > size.height + MARGIN_PX) continue;
    const color = personColors[cursor.hue % personColors.length] ?? '#000000';
    ctx.save();
    ctx.translate(x, y);
    ctx.globalAlpha = cursor.opacity;
    if (cursor.ringPieces > 0) paintRing(ctx, color, cursor.ringPieces);
    paintArrow(ctx, color);
    const awayPx = cursor.ringPieces > 0 ? RING.radiusPx - 8 : 0;
    if (cursor.saidOpacity > 0 && cursor.said !== '') {
      ctx.globalAlpha = cursor.opacity * cursor.saidOpacity;
      paintWords(ctx, cursor, color, awayPx);
    } else if (cursor.nameOpacity > 0 && cursor.name !== '') {
      ctx.globalAlpha = cursor.opacity * cursor.nameOpacity;
      paintName(ctx, cursor.name, color, awayPx);
    }
    ctx.restore();
  }
}

/** White under it, as under the arrow, makes it visible on ink of its own colour. */
function paintRing(ctx: Context, color: string, pieces: number): void {
  const dash = ringDash(pieces, RING.radiusPx);
  ctx.setLineDash(dash);
  ctx.lineDashOffset = -(dash[1] ?? 0) / 2;
  for (const [style, width] of [
    ['#ffffff', 4.5],
    [color, 2.5],
  ] as const) {
    ctx.beginPath();
    ctx.arc(RING.x, RING.y, RING.radiusPx, -Math.PI / 2, 1.5 * Math.PI);
    ctx.strokeStyle = style;
    ctx.lineWidth = width;
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

/** Tip at the origin. White around it makes it visible on ink of its own colour. */
function paintArrow(ctx: Context, color: string): void {
  ctx.beginPath();
  ctx.moveTo(0, 0);
  ctx.lineTo(4.6, 15.4);
  ctx.lineTo(7.9, 9.2);
  ctx.lineTo(14.6, 7.2);
  ctx.closePath();
  ctx.lineJoin = 'round';
  ctx.strokeStyle = '#ffffff';
  ctx.lineWidth = 3;
  ctx.stroke();
  ctx.fillStyle = color;
  ctx.fill();
}

/** @param awayPx Extra distance from the tip, to make room for a ring. */
function paintName(ctx: Context, name: string, color: string, awayPx: number): void {
  ctx.font = FONT;
  ctx.direction = baseDirection(name);
  const text = shorten(ctx, name);
  const width = ctx.measureText(text).width + 14;
  ctx.beginPath();
  ctx.roundRect(12 + awayPx, 16 + awayPx, width, 20, 10);
  ctx.fillStyle = color;
  ctx.fill();
  ctx.fillStyle = '#ffffff';
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.fillText(text, 19 + awayPx, 26.5 + awayPx);
}

/** The name, and under it the words in lines of their own direction. */
function paintWords(ctx: Context, { name, said }: ShownCursor, color: string, awayPx: number): void {
  ctx.font = FONT;
  const title = shorten(ctx, name);
  const titlePx = ctx.measureText(title).width;
  ctx.font = WORDS.font;
  const lines = wrapWords((text) => ctx.measureText(text).width, said);
  const width = Math.max(titlePx, ...lines.map((line) => ctx.measureText(line).width));
  const left = 12 + awayPx;
  const top = 16 + awayPx;
  ctx.beginPath();
  ctx.roundRect(left, top, width + 20, 22 + lines.length * WORDS.linePx + 6, 12);
  ctx.fillStyle = color;
  ctx.fill();
  ctx.fillStyle = '#ffffff';
  ctx.textBaseline = 'middle';
  const write = (text: string, y: number): void => {
    ctx.direction = baseDirection(text);
    ctx.textAlign = ctx.direction === 'rtl' ? 'right' : 'left';
    ctx.fillText(text, ctx.direction === 'rtl' ? left + 10 + width : left + 10, y);
  };
  ctx.font = FONT;
  write(title, top + 13);
  ctx.font = WORDS.font;
  lines.forEach((line, i) => write(line, top + 22 + (i + 0.5) * WORDS.linePx));
}

/** Breaks at spaces, and inside a word that is longer than a line. Beyond the last line the text is cut. */
function wrapWords(widthOf: (text: string) => number, said: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of said.split(' ').flatMap((word) => pieces(widthOf, word))) {
    const longer = line === '' ? part : `${line} ${part}`;
    if (line === '' || widthOf(longer) <= WORDS.maxPx) line = longer;
    else {
      lines.push(line);
      line = part;
    }
  }
  lines.push(line);
  if (lines.length <= WORDS.maxLines) return lines;
  return [...lines.slice(0, WORDS.maxLines - 1), `${lines[WORDS.maxLines - 1] ?? ''}…`];
}

function pieces(widthOf: (text: string) => number, word: string): string[] {
  if (widthOf(word) <= WORDS.maxPx) return [word];
  const found: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece !== '' && widthOf(piece + character) > WORDS.maxPx) {
      found.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...found, piece];
}

function shorten(ctx: Context, name: string): string {
  if (ctx.measureText(name).width <= MAX_NAME_PX) return name;
  const characters = [...name];
  while (characters.length > 1 && ctx.measureText(`${characters.join('')}…`).width > MAX_NAME_PX) characters.pop();
  return `${characters.join('')}…`;
}
