/**
 * A drawing as SVG text, from the same draw list as the screen.
 *
 * Everything that comes from a document is escaped, we format all numbers, and there is no foreignObject, script or link
 * but to images in the file itself: the file is safe to open anywhere. Fonts are embedded, so it looks the same where they are not installed.
 */
import { resolveColor, resolveFill, type BoardElement, type FontName, type Theme } from '@wetink/board';
import { boundsOf } from '../bounds.ts';
import { hasRtl } from '../draw/base-direction.ts';
import { drawableOf, fillColor, type Drawable, type FillOp, type ImageOp, type StrokeOp, type TextOp } from '../draw/drawable.ts';
import { formatNumber, pathToSvg } from '../draw/path.ts';
import { createTextFitter, estimateLine, fontFamily, type MeasureLine, type TextLine } from '../draw/text-layout.ts';
import { splitAtTabs } from '../draw/text-tabs.ts';
import { geometryCentre, growBox } from '../geometry.ts';
import { browserMeasure } from './browser-measure.ts';

export interface SvgOptions {
  readonly theme: Theme;
  /** A CSS colour; without one the paper is transparent. */
  readonly background?: string;
  /** Board units around the drawing. Default: 16. */
  readonly padding?: number;
  /** Widths of text. Default: as on the screen in a browser, an estimate elsewhere. */
  readonly measure?: MeasureLine;
  /** Fonts to embed, see `svgFonts`. */
  readonly fonts?: readonly SvgFont[];
  /** Images to embed: base64 of their bytes, by hash. The others are placeholders. */
  readonly images?: ReadonlyMap<string, string>;
}

/** One file of a font. */
export interface SvgFont {
  readonly font: FontName;
  /** Whole descriptors of an `@font-face` rule but for `src`, as CSS. */
  readonly descriptors: string;
  /** WOFF2, as base64. */
  readonly woff2: string;
  /** Author of the font, and the license for passing it on. */
  readonly notice: string;
}

export const DEFAULT_PADDING = 16;

/**
 * SVG of the elements, bottom to top. One board unit is one SVG unit.
 *
 * @returns A whole SVG document; an empty drawing gives an empty picture of the size of the padding.
 */
export function renderSvg(elements: readonly BoardElement[], options: SvgOptions): string {
  const measure = options.measure ?? browserMeasure() ?? estimateLine;
  const fit = createTextFitter(measure);
  const shown = elements.map(fit);
  const box = growBox(boundsOf(shown) ?? { minX: 0, minY: 0, maxX: 0, maxY: 0 }, options.padding ?? DEFAULT_PADDING);
  const [x, y, w, h] = [box.minX, box.minY, box.maxX - box.minX, box.maxY - box.minY].map(formatNumber);
  const lines = [`<svg xmlns="http://www.w3.org/2000/svg" viewBox="${x} ${y} ${w} ${h}" width="${w}" height="${h}">`];
  if (options.fonts !== undefined && options.fonts.length > 0) lines.push(fontsToSvg(options.fonts));
  if (options.background !== undefined)
    lines.push(`<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${escapeXml(options.background)}"/>`);
  for (const element of shown)
    lines.push(drawableToSvg(drawableOf(element), { theme: options.theme, measure, images: options.images ?? new Map() }));
  lines.push('</svg>', '');
  return lines.join('\n');
}

/** Escapes text for an XML attribute or element. Drops control characters, which XML can't represent. */
export function escapeXml(text: string): string {
  // XML 1.0 forbids these characters, escaped or not: control characters and unpaired surrogates.
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

/** A style sheet with the fonts. No part of it comes from the document. */
function fontsToSvg(fonts: readonly SvgFont[]): string {
  // Two hyphens would end the comment.
  const notices = [...new Set(fonts.map((font) => font.notice))].map((notice) => escapeXml(notice).replace(/--+/g, '-'));
  const rules = fonts.map(
    ({ descriptors, woff2 }) => `@font-face { ${descriptors} src: url(data:font/woff2;base64,${woff2}) format("woff2"); }`,
  );
  return `<!-- ${notices.join('\n')} -->\n<style>\n${escapeXml(rules.join('\n'))}\n</style>`;
}

interface SvgLook {
  readonly theme: Theme;
  readonly measure: MeasureLine;
  readonly images: ReadonlyMap<string, string>;
}

function drawableToSvg({ opacity, ops }: Drawable, look: SvgLook): string {
  const parts = ops.map((op) => opToSvg(op, look));
  if (opacity >= 1 && parts.length === 1) return parts.join('');
  const attribute = opacity < 1 ? ` opacity="${formatNumber(opacity)}"` : '';
  return `<g${attribute}>${parts.join('')}</g>`;
}

function opToSvg(op: Drawable['ops'][number], look: SvgLook): string {
  switch (op.op) {
    case 'text':
      return textToSvg(op, look);
    case 'fill':
      return fillToSvg(op, look.theme);
    case 'stroke':
      return strokeToSvg(op, look.theme);
    case 'image':
      return imageToSvg(op, look);
  }
}

/** An image without bytes is a tinted box. */
function imageToSvg({ image, geometry }: ImageOp, { theme, images }: SvgLook): string {
  const centre = geometryCentre(geometry);
  const [w, h] = [Math.abs(geometry.w), Math.abs(geometry.h)].map(formatNumber);
  const box = `x="${formatNumber(-Math.abs(geometry.w) / 2)}" y="${formatNumber(-Math.abs(geometry.h) / 2)}" width="${w}" height="${h}"`;
  const degrees = formatNumber((geometry.rotation * 180) / Math.PI);
  const flip = geometry.w < 0 || geometry.h < 0 ? ` scale(${geometry.w < 0 ? -1 : 1} ${geometry.h < 0 ? -1 : 1})` : '';
  const place = `transform="translate(${formatNumber(centre.x)} ${formatNumber(centre.y)}) rotate(${degrees})${flip}"`;
  const data = images.get(image.hash) ?? '';
  if (data === '' || !/^[A-Za-z0-9+/]+=*$/.test(data)) return `<rect ${box} ${place} fill="${resolveFill('grey', theme)}"/>`;
  return `<image ${box} ${place} preserveAspectRatio="none" href="data:${image.type};base64,${data}"/>`;
}

function fillToSvg(op: FillOp, theme: Theme): string {
  return `<path d="${pathToSvg(op.path)}" fill="${fillColor(op, theme)}"/>`;
}

function strokeToSvg({ path, color, width, dash }: StrokeOp, theme: Theme): string {
  const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.map(formatNumber).join(' ')}"` : '';
  const look = `fill="none" stroke="${resolveColor(color, theme)}" stroke-width="${formatNumber(width)}" stroke-linecap="round" stroke-linejoin="round"`;
  return `<path d="${pathToSvg(path)}" ${look}${dashes}/>`;
}

function textToSvg(op: TextOp, { theme, measure }: SvgLook): string {
  const { lines, font, fontSize, color, centre, rotation } = op;
  const degrees = (rotation * 180) / Math.PI;
  const turn = rotation === 0 ? '' : ` transform="rotate(${formatNumber(degrees)} ${formatNumber(centre.x)} ${formatNumber(centre.y)})"`;
  // SVG treats all lines of an element as one paragraph: if a line runs from right to left, each line is isolated.
  const isMixed = lines.some((line) => hasRtl(line.text));
  const spans = lines.filter((line) => line.text !== '').flatMap((line) => spansOfLine(op, line, { isMixed, measure }));
  const look = `font-family="${escapeXml(fontFamily(font))}" font-size="${formatNumber(fontSize)}" fill="${resolveColor(color, theme)}"`;
  return `<text ${look} text-rendering="geometricPrecision" xml:space="preserve"${turn}>${spans.join('')}</text>`;
}

/** One `tspan` for a line, or for each piece between its tabs. */
function spansOfLine(
  { origin, width, font, fontSize }: TextOp,
  { text, direction, baseline }: TextLine,
  { isMixed, measure }: { isMixed: boolean; measure: MeasureLine },
): string[] {
  const widthOf = (piece: string): number => measure(piece, font, fontSize);
  const { pieces, width: own } = text.includes('\t')
    ? splitAtTabs(text, direction, widthOf)
    : { pieces: [{ text, left: 0, width: direction === 'rtl' ? widthOf(text) : 0 }], width: direction === 'rtl' ? widthOf(text) : 0 };
  const left = direction === 'ltr' ? origin.x : origin.x + width - own;
  const order = isMixed ? ` direction="${direction}" unicode-bidi="isolate"` : '';
  return pieces.map((piece) => {
    // Placed by its middle, since viewers disagree on which end of such a line is its start.
    const [x, anchor] = direction === 'ltr' ? [left + piece.left, ''] : [left + piece.left + piece.width / 2, ' text-anchor="middle"'];
    const place = `x="${formatNumber(x)}" y="${formatNumber(origin.y + baseline)}"`;
    return `<tspan ${place}${anchor}${order}>${escapeXml(piece.text)}</tspan>`;
  });
}
