/** Paints the map of a board on its canvas. */
import { personColors } from '@wetink/board';
import type { Box } from '@wetink/canvas';
import { toMap, type MapContent } from '../core/board-map.ts';

/** A view smaller than this could be neither seen nor held, CSS pixels. */
const LEAST_VIEW_PX = 8;
const DOT_PX = 3.5;

/** @param accent The colour of the view, as CSS. */
export function paintBoardMap(
  ctx: CanvasRenderingContext2D,
  { fit, picture, view, people }: MapContent,
  { accent, pixelRatio }: { accent: string; pixelRatio: number },
): void {
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  ctx.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  const placed = ({ minX, minY, maxX, maxY }: Box): [number, number, number, number] => {
    const [from, to] = [toMap(fit, { x: minX, y: minY }), toMap(fit, { x: maxX, y: maxY })];
    return [from.x, from.y, to.x - from.x, to.y - from.y];
  };
  if (picture !== null) ctx.drawImage(picture.surface.canvas, ...placed(picture.box));
  const frame = (box: Box, color: string, width: number): void => {
    const [x, y, w, h] = placed(box);
    const [moreX, moreY] = [Math.max(0, LEAST_VIEW_PX - w) / 2, Math.max(0, LEAST_VIEW_PX - h) / 2];
    ctx.strokeStyle = color;
    ctx.lineWidth = width;
    ctx.strokeRect(x - moreX + width / 2, y - moreY + width / 2, w + 2 * moreX - width, h + 2 * moreY - width);
  };
  for (const person of people) if (person.view !== null) frame(person.view, personColors[person.hue] ?? accent, 1);
  frame(view, accent, 2);
  for (const { cursor, hue } of people) {
    if (cursor === null) continue;
    const { x, y } = toMap(fit, cursor);
    ctx.beginPath();
    ctx.arc(x, y, DOT_PX, 0, 2 * Math.PI);
    ctx.fillStyle = personColors[hue] ?? accent;
    ctx.fill();
    ctx.strokeStyle = '#fff';
    ctx.lineWidth = 1;
    ctx.stroke();
  }
}
