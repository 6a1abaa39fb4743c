/**
 * A drawing as SVG text, from the same draw list as the screen.
 *
 * Everything that comes from a document is escaped, numbers are formatted by us, and there is no foreignObject,
 * script or link: the file may be opened anywhere.
 */
import { resolveColor } from '@wetink/board';
import type { BoardElement, Theme } from '@wetink/board';
import { boundsOf } from '../bounds.ts';
import { drawableOf, fillColor } from '../draw/drawable.ts';
import type { Drawable, FillOp, StrokeOp, TextOp } from '../draw/drawable.ts';
import { formatNumber, pathToSvg } from '../draw/path.ts';
import { createTextFitter, estimateLine, fontFamily } from '../draw/text-layout.ts';
import type { MeasureLine } from '../draw/text-layout.ts';
import { growBox } from '../geometry.ts';

export interface SvgOptions {
  readonly theme: Theme;
  /** A CSS colour; without one the paper is transparent. */
  readonly background?: string;
  /** Board units around the drawing, 16 unless told. */
  readonly padding?: number;
  /** Widths of text, which decide how large the picture is. An estimate unless told; the text itself is unaffected. */
  readonly measure?: MeasureLine;
}

export const DEFAULT_PADDING = 16;

/**
 * SVG of the elements, bottom to top. One board unit is one SVG unit.
 *
 * @returns A whole SVG document; an empty drawing gives an empty picture of the size of the padding.
 */
export function renderSvg(elements: readonly BoardElement[], options: SvgOptions): string {
  const fit = createTextFitter(options.measure ?? estimateLine);
  const shown = elements.map(fit);
  const box = growBox(boundsOf(shown) ?? { minX: 0, minY: 0, maxX: 0, maxY: 0 }, options.padding ?? DEFAULT_PADDING);
  const [x, y, w, h] = [box.minX, box.minY, box.maxX - box.minX, box.maxY - box.minY].map(formatNumber);
  const lines = [`<svg xmlns="http://www.w3.org/2000/svg" viewBox="${x} ${y} ${w} ${h}" width="${w}" height="${h}">`];
  if (options.background !== undefined)
    lines.push(`<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${escapeXml(options.background)}"/>`);
  for (const element of shown) lines.push(drawableToSvg(drawableOf(element), options.theme));
  lines.push('</svg>', '');
  return lines.join('\n');
}

/** Text as it may stand in an XML attribute or element. Control characters, which XML has no way to write, are dropped. */
export function escapeXml(text: string): string {
  // What is dropped XML 1.0 forbids, escaped or not: control characters, and half of a surrogate pair.
  return text
    .replace(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      '',
    )
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

function drawableToSvg({ opacity, ops }: Drawable, theme: Theme): string {
  const parts = ops.map((op) =>
    op.op === 'text' ? textToSvg(op, theme) : op.op === 'fill' ? fillToSvg(op, theme) : strokeToSvg(op, theme),
  );
  if (opacity >= 1 && parts.length === 1) return parts.join('');
  const attribute = opacity < 1 ? ` opacity="${formatNumber(opacity)}"` : '';
  return `<g${attribute}>${parts.join('')}</g>`;
}

function fillToSvg(op: FillOp, theme: Theme): string {
  return `<path d="${pathToSvg(op.path)}" fill="${fillColor(op, theme)}"/>`;
}

function strokeToSvg({ path, color, width, dash }: StrokeOp, theme: Theme): string {
  const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.map(formatNumber).join(' ')}"` : '';
  const look = `fill="none" stroke="${resolveColor(color, theme)}" stroke-width="${formatNumber(width)}" stroke-linecap="round" stroke-linejoin="round"`;
  return `<path d="${pathToSvg(path)}" ${look}${dashes}/>`;
}

function textToSvg({ lines, font, fontSize, color, origin, centre, rotation }: TextOp, theme: Theme): string {
  const degrees = (rotation * 180) / Math.PI;
  const turn = rotation === 0 ? '' : ` transform="rotate(${formatNumber(degrees)} ${formatNumber(centre.x)} ${formatNumber(centre.y)})"`;
  const spans = lines
    .filter((line) => line.text !== '')
    .map((line) => `<tspan x="${formatNumber(origin.x)}" y="${formatNumber(origin.y + line.baseline)}">${escapeXml(line.text)}</tspan>`);
  const look = `font-family="${escapeXml(fontFamily(font))}" font-size="${formatNumber(fontSize)}" fill="${resolveColor(color, theme)}"`;
  return `<text ${look} xml:space="preserve"${turn}>${spans.join('')}</text>`;
}
