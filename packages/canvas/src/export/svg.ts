/**
 * A drawing as SVG text, from the same draw list as the screen.
 *
 * Everything that comes from a document is escaped, we format all numbers, and there is no foreignObject, script or link
 * but to images in the file itself: the file is safe to open anywhere. Fonts are embedded, so it looks the same where they are not installed.
 */
import {
  palette,
  resolveColor,
  resolveFill,
  wholeCrop,
  type BoardElement,
  type FontName,
  type PaperPattern,
  type Theme,
} from '@wetink/board';
import { boundsOf } from '../bounds.ts';
import { clippedRuns, framesAmong, shownBox } from '../draw/clip.ts';
import { edgeWidth, frameColors, TITLE_PX, titleBox, titleInPicture } from '../draw/frame-look.ts';
import { hasRtl } from '../draw/base-direction.ts';
import {
  drawableOf,
  fillColor,
  type Drawable,
  type FillOp,
  type FileOp,
  type ImageOp,
  type StrokeOp,
  type TextOp,
} from '../draw/drawable.ts';
import { formatNumber, pathToSvg } from '../draw/path.ts';
import { createTextFitter, fontFamily, type MeasureLine, type TextLine } from '../draw/text-layout.ts';
import { splitAtTabs } from '../draw/text-tabs.ts';
import { cardFrame, cardPieces, type CardPiece } from '../draw/file-card.ts';
import { plainFile } from '../files/shown-files.ts';
import { geometryBox, geometryCentre, growBox, uniteAll, type Box } from '../geometry.ts';
import { DOT_ALPHA, DOT_PX, LINE_ALPHA, SPACING } from '../painter/paper.ts';
import { filterOf, type PixelFilter } from '../images/pixel-filter.ts';
import { measureAnywhere } from './browser-measure.ts';

export interface SvgOptions {
  readonly theme: Theme;
  /** A CSS colour; without one the paper is transparent. */
  readonly background?: string;
  /** Default: plain. */
  readonly pattern?: PaperPattern;
  /** Board units around the drawing. Default: 16. */
  readonly padding?: number;
  /** Board units: the picture shows this part alone. Default: everything that is shown, with the padding around it. */
  readonly box?: Box;
  /** Widths of text. Default: as on the screen in a browser, an estimate elsewhere. */
  readonly measure?: MeasureLine;
  /** Fonts to embed, see `svgFonts`. */
  readonly fonts?: readonly SvgFont[];
  /** Images to embed: base64 of their bytes, by hash. The others are placeholders. */
  readonly images?: ReadonlyMap<string, string>;
  /** Filtered images to embed, by `filteredName`: SVG has no filters that look the same everywhere. */
  readonly filtered?: ReadonlyMap<string, { readonly type: 'image/png' | 'image/jpeg' | 'image/webp'; readonly base64: string }>;
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
  const steps = renderSvgInSteps(elements, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** `renderSvg`, an element in each step. */
export function* renderSvgInSteps(elements: readonly BoardElement[], options: SvgOptions): Generator<undefined, string> {
  const measure = options.measure ?? measureAnywhere();
  const fit = createTextFitter(measure);
  const shown = elements.map(fit);
  const box = pictureBox(shown, options, measure);
  const [x, y, w, h] = [box.minX, box.minY, box.maxX - box.minX, box.maxY - box.minY].map(formatNumber);
  const lines = [`<svg xmlns="http://www.w3.org/2000/svg" viewBox="${x} ${y} ${w} ${h}" width="${w}" height="${h}">`];
  if (options.fonts !== undefined && options.fonts.length > 0) lines.push(fontsToSvg(options.fonts));
  if (options.background !== undefined)
    lines.push(`<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${escapeXml(options.background)}"/>`);
  if (options.pattern !== undefined && options.pattern !== 'plain') lines.push(patternToSvg(options.pattern, options.theme, box));
  let ids = 0;
  const nextId = (): string => `c${++ids}`;
  const runs = clippedRuns(shown, framesAmong(shown) ?? (() => undefined));
  for (const { clip, run } of runs) {
    const parts: string[] = [];
    for (const element of run) {
      yield;
      parts.push(drawableToSvg(drawableOf(element), { ...options, measure, nextId }));
    }
    if (clip === null) for (const part of parts) lines.push(part);
    else lines.push(clippedToSvg(clip, parts, nextId()));
  }
  for (const frame of shown) if (frame.kind === 'frame') lines.push(titleToSvg(frame, options.theme, measure));
  lines.push('</svg>', '');
  return lines.join('\n');
}

/** The part of the board that a picture of these elements shows: their frames clip them, and have their titles above them. */
export function pictureBox(
  shown: readonly BoardElement[],
  { box, padding = DEFAULT_PADDING }: Pick<SvgOptions, 'box' | 'padding'>,
  measure: MeasureLine,
): Box {
  if (box !== undefined) return box;
  const frameOf = framesAmong(shown);
  const titles = shown.flatMap((element) => (element.kind === 'frame' ? (titleBox(element, 1, measure) ?? []) : []));
  const bounds = frameOf === undefined ? boundsOf(shown) : uniteAll([...shown.map((element) => shownBox(element, frameOf)), ...titles]);
  return growBox(bounds ?? { minX: 0, minY: 0, maxX: 0, maxY: 0 }, padding);
}

/** '' for a frame that is too narrow for one. */
function titleToSvg(frame: BoardElement, theme: Theme, measure: MeasureLine): string {
  const title = titleInPicture(frame, theme, measure);
  if (title === null) return '';
  const look = `font-family="${escapeXml(fontFamily('sans'))}" font-size="${TITLE_PX}" fill="${title.color}"`;
  // In its own direction, but beginning at the left edge of the frame, as on the screen.
  const order = title.isRtl ? ' direction="rtl" text-anchor="end"' : '';
  return `<text x="${formatNumber(title.x)}" y="${formatNumber(title.y)}" ${look}${order} xml:space="preserve">${escapeXml(title.text)}</text>`;
}

/** The pattern of a paper, behind everything. */
function patternToSvg(pattern: Exclude<PaperPattern, 'plain'>, theme: Theme, box: Box): string {
  const line = `fill="none" stroke="${palette.ink[theme]}" stroke-opacity="${LINE_ALPHA}"`;
  const parts = {
    dots: `<rect width="${DOT_PX}" height="${DOT_PX}" fill="${palette.ink[theme]}" fill-opacity="${DOT_ALPHA}"/>`,
    grid: `<path d="M0 ${SPACING}V0.5H${SPACING}" ${line}/>`,
    ruled: `<path d="M0 0.5H${SPACING}" ${line}/>`,
  };
  const size = `width="${SPACING}" height="${SPACING}" patternUnits="userSpaceOnUse"`;
  return `<pattern id="paper" ${size}>${parts[pattern]}</pattern>${boxToSvg(box, ' fill="url(#paper)"')}`;
}

function clippedToSvg(clip: Box, parts: readonly string[], id: string): string {
  return `<clipPath id="${id}">${boxToSvg(clip)}</clipPath><g clip-path="url(#${id})">${parts.join('')}</g>`;
}

function boxToSvg({ minX, minY, maxX, maxY }: Box, look = ''): string {
  const [x, y, w, h] = [minX, minY, maxX - minX, maxY - minY].map(formatNumber);
  return `<rect x="${x}" y="${y}" width="${w}" height="${h}"${look}/>`;
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

interface SvgLook extends Pick<SvgOptions, 'theme' | 'images' | 'filtered'> {
  readonly measure: MeasureLine;
  /** A name that is unique in the file. */
  readonly nextId: () => string;
}

/** The name of an element's filtered image in `SvgOptions.filtered`; null for one that is shown as it is. */
export function filteredName({ image, look, crop }: Pick<BoardElement, 'image' | 'look' | 'crop'>): string | null {
  const filter = image === null ? null : filterOf(look, crop);
  return image === null || filter === null ? null : nameOf(image.hash, filter);
}

function nameOf(hash: string, { key }: PixelFilter): string {
  return `${hash} ${key}`;
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
    case 'file':
      return fileToSvg(op, look);
    case 'frame': {
      const { paper, edge } = frameColors[look.theme];
      return boxToSvg(geometryBox(op.geometry), ` fill="${paper}" stroke="${edge}" stroke-width="${formatNumber(edgeWidth(0))}"`);
    }
  }
}

/** An image without bytes is a tinted box. */
function imageToSvg({ image, geometry, crop, radius, filter }: ImageOp, { theme, images, filtered, nextId }: SvgLook): string {
  const centre = geometryCentre(geometry);
  const [w, h] = [Math.abs(geometry.w), Math.abs(geometry.h)].map(formatNumber);
  const box = `x="${formatNumber(-Math.abs(geometry.w) / 2)}" y="${formatNumber(-Math.abs(geometry.h) / 2)}" width="${w}" height="${h}"`;
  const degrees = formatNumber((geometry.rotation * 180) / Math.PI);
  const flip = geometry.w < 0 || geometry.h < 0 ? ` scale(${geometry.w < 0 ? -1 : 1} ${geometry.h < 0 ? -1 : 1})` : '';
  const place = `transform="translate(${formatNumber(centre.x)} ${formatNumber(centre.y)}) rotate(${degrees})${flip}"`;
  const corners = radius > 0 ? ` rx="${formatNumber(radius)}"` : '';
  const baked = filter === null ? undefined : filtered?.get(nameOf(image.hash, filter));
  const type = baked?.type ?? image.type;
  const data = filter === null ? (images?.get(image.hash) ?? '') : (baked?.base64 ?? '');
  if (data === '' || !/^[A-Za-z0-9+/]+=*$/.test(data)) return `<rect ${box}${corners} ${place} fill="${resolveFill('grey', theme)}"/>`;
  const picture = (at: string): string => `<image ${at} preserveAspectRatio="none" href="data:${type};base64,${data}"/>`;
  if (crop === wholeCrop && radius === 0) return picture(`${box} ${place}`);
  const id = nextId();
  const [fullW, fullH] = [Math.abs(geometry.w) / (crop.right - crop.left), Math.abs(geometry.h) / (crop.bottom - crop.top)];
  const [fullX, fullY] = [-Math.abs(geometry.w) / 2 - crop.left * fullW, -Math.abs(geometry.h) / 2 - crop.top * fullH];
  const [x, y, width, height] = [fullX, fullY, fullW, fullH].map(formatNumber);
  const all = `x="${x}" y="${y}" width="${width}" height="${height}"`;
  return `<clipPath id="${id}"><rect ${box}${corners}/></clipPath><g ${place}><g clip-path="url(#${id})">${picture(all)}</g></g>`;
}

/** A card, without the first page: a picture of a board shows what lies on it and opens none of it. */
function fileToSvg({ file, geometry }: FileOp, { theme, measure }: SvgLook): string {
  const { scale, height } = cardFrame(geometry);
  const centre = geometryCentre(geometry);
  const [x, y] = [-Math.abs(geometry.w) / 2, -Math.abs(geometry.h) / 2].map(formatNumber);
  const turn = formatNumber((geometry.rotation * 180) / Math.PI);
  const place = `translate(${formatNumber(centre.x)} ${formatNumber(centre.y)}) rotate(${turn}) translate(${x} ${y}) scale(${scale})`;
  const pieces = cardPieces(file, { shown: plainFile, theme, height, measure: (text, size) => measure(text, 'sans', size) });
  return `<g transform="${place}">${pieces.map(pieceToSvg).join('')}</g>`;
}

function pieceToSvg(piece: CardPiece): string {
  if (piece.piece === 'page') return '';
  if (piece.piece === 'path') {
    const stroke = piece.stroke === null ? '' : ` stroke="${piece.stroke}" stroke-width="${formatNumber(piece.width)}"`;
    return `<path d="${pathToSvg(piece.path)}" fill="${piece.fill ?? 'none'}"${stroke}/>`;
  }
  const look = `font-family="${escapeXml(fontFamily('sans'))}" font-size="${formatNumber(piece.size)}" fill="${piece.color}"`;
  const anchor = piece.align === 'center' ? ' text-anchor="middle"' : '';
  return `<text x="${formatNumber(piece.x)}" y="${formatNumber(piece.y)}"${anchor} ${look} xml:space="preserve">${escapeXml(piece.text)}</text>`;
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
