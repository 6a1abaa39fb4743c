/**
 * The fonts of texts: loads them before texts are measured and painted, and provides their files for an SVG.
 *
 * The characters of each file come from the page's own `@font-face` rules, so that they are listed only once.
 */
import type { BoardElement, FontName } from '@wetink/board';
import { titleOf } from '../draw/frame-look.ts';
import { fontFamily } from '../draw/text-layout.ts';
import type { SvgFont } from './svg.ts';

const fontNames: readonly FontName[] = ['sans', 'hand', 'mono'];

/** Resolves once every font file that the texts, and the titles of frames, need is loaded. A missing file is no error: a fallback takes its place. */
export async function loadFonts(elements: readonly BoardElement[], fonts: Pick<FontFaceSet, 'load'> | null = pageFonts()): Promise<void> {
  if (fonts === null) return;
  await Promise.allSettled([...charactersByFont(elements)].map(([font, characters]) => fonts.load(`16px ${fontFamily(font)}`, characters)));
}

/** Font set of the current page or worker. */
function pageFonts(): FontFaceSet | null {
  const { document, fonts } = globalThis as { document?: Document; fonts?: FontFaceSet };
  return document?.fonts ?? fonts ?? null;
}

/** The part of a page that lists its fonts. */
export interface FontPage {
  readonly baseURI: string;
  readonly styleSheets: Iterable<Pick<CSSStyleSheet, 'href' | 'cssRules'>>;
}

/**
 * The files of the fonts that the texts use, for embedding in an SVG.
 *
 * @param options.notices Author and license of each font, which every copy of a font must carry.
 * @throws Errors of `fetchBytes`: without its fonts a picture looks different, so the caller must report it.
 */
export async function svgFonts(
  elements: readonly BoardElement[],
  {
    page,
    fetchBytes,
    notices,
  }: { page: FontPage; fetchBytes: (url: string) => Promise<ArrayBuffer>; notices: Readonly<Record<FontName, string>> },
): Promise<SvgFont[]> {
  const used = charactersByFont(elements);
  const wanted = [...page.styleSheets].flatMap((sheet) =>
    [...sheet.cssRules].flatMap((rule) => {
      const face = faceOf(rule, sheet.href ?? page.baseURI);
      const characters = face === null ? undefined : used.get(face.font);
      return face !== null && characters !== undefined && holdsAny(face.range, characters) ? [face] : [];
    }),
  );
  return Promise.all(
    wanted.map(async ({ font, descriptors, url }) => ({
      font,
      descriptors,
      woff2: toBase64(new Uint8Array(await fetchBytes(url))),
      notice: notices[font],
    })),
  );
}

/** Each character once. */
function charactersByFont(elements: readonly BoardElement[]): Map<FontName, string> {
  const sets = new Map<FontName, Set<string>>();
  for (const element of elements) {
    const { kind, style } = element;
    if (kind !== 'text' && kind !== 'frame') continue;
    const font = kind === 'frame' ? 'sans' : style.font;
    const set = sets.get(font) ?? new Set();
    sets.set(font, set);
    for (const character of kind === 'frame' ? `${titleOf(element)}…` : element.text) set.add(character);
  }
  return new Map([...sets].flatMap(([font, set]) => (set.size === 0 ? [] : [[font, [...set].join('')] as const])));
}

interface Face {
  readonly font: FontName;
  readonly descriptors: string;
  /** '' for all characters. */
  readonly range: string;
  readonly url: string;
}

/** An `@font-face` rule of one of our fonts; null for any other rule. */
function faceOf(rule: CSSRule, base: string): Face | null {
  const style = (rule as Partial<CSSFontFaceRule>).style;
  const read = (name: string): string => style?.getPropertyValue(name).trim() ?? '';
  const family = read('font-family').replace(/^["']|["']$/g, '');
  const font = fontNames.find((name) => fontFamily(name).startsWith(`"${family}"`));
  const source = /url\(\s*["']?([^"')]+)["']?\s*\)\s*format\(\s*["']?woff2/.exec(read('src'))?.[1];
  if (font === undefined || source === undefined) return null;
  const range = read('unicode-range');
  const descriptors = [
    `font-family: "${family}";`,
    ...['font-style', 'font-weight', 'unicode-range'].flatMap((name) => (read(name) === '' ? [] : [`${name}: ${read(name)};`])),
  ].join(' ');
  return { font, descriptors, range, url: new URL(source, base).href };
}

/** Whether a `unicode-range` such as 'U+0-FF, U+131, U+4??' holds any of the characters. */
function holdsAny(range: string, characters: string): boolean {
  if (range === '') return true;
  const spans = range.split(',').map((part): readonly [number, number] => {
    const [from = '', to = from] = part.trim().replace(/^u\+/i, '').split('-');
    return [parseInt(from.replaceAll('?', '0'), 16), parseInt(to.replaceAll('?', 'f'), 16)];
  });
  return [...characters].some((character) => {
    const code = character.codePointAt(0) ?? 0;
    // Control characters are in the range of every Latin font but have no glyph.
    return code >= 0x20 && spans.some(([from, to]) => code >= from && code <= to);
  });
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  // In slices, since a font has more bytes than a call can take arguments.
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}
