/** Paints the card of a file on a 2D context. */
import type { Theme } from '@wetink/board';
import type { ShownFile } from '../files/shown-files.ts';
import { geometryCentre } from '../geometry.ts';
import { baseDirection } from './base-direction.ts';
import type { Context } from './context.ts';
import type { FileOp } from './drawable.ts';
import { cardFrame, cardPieces, type CardPiece } from './file-card.ts';
import { tracePath } from './path.ts';
import { setFont } from './text-layout.ts';

export function paintFile(ctx: Context, { file, geometry }: FileOp, shown: ShownFile, theme: Theme): void {
  const { scale, height } = cardFrame(geometry);
  if (scale === 0) return;
  const centre = geometryCentre(geometry);
  ctx.save();
  ctx.translate(centre.x, centre.y);
  if (geometry.rotation !== 0) ctx.rotate(geometry.rotation);
  ctx.translate(-Math.abs(geometry.w) / 2, -Math.abs(geometry.h) / 2);
  ctx.scale(scale, scale);
  ctx.setLineDash([]);
  ctx.lineCap = ctx.lineJoin = 'round';
  ctx.textBaseline = 'alphabetic';
  const measure = (text: string, size: number): number => {
    setFont(ctx, 'sans', size);
    return ctx.measureText(text).width;
  };
  for (const piece of cardPieces(file, { shown, theme, height, measure })) paintPiece(ctx, piece);
  ctx.restore();
}

function paintPiece(ctx: Context, piece: CardPiece): void {
  if (piece.piece === 'page') {
    ctx.imageSmoothingEnabled = true;
    ctx.imageSmoothingQuality = 'medium';
    ctx.drawImage(piece.bitmap, piece.x, piece.y, piece.w, piece.h);
    return;
  }
  if (piece.piece === 'text') {
    setFont(ctx, 'sans', piece.size);
    ctx.fillStyle = piece.color;
    ctx.direction = baseDirection(piece.text);
    ctx.textAlign = piece.align;
    ctx.fillText(piece.text, piece.x, piece.y);
    return;
  }
  ctx.beginPath();
  tracePath(piece.path, ctx);
  if (piece.fill !== null) {
    ctx.fillStyle = piece.fill;
    ctx.fill();
  }
  if (piece.stroke === null) return;
  ctx.strokeStyle = piece.stroke;
  ctx.lineWidth = piece.width;
  ctx.stroke();
}
