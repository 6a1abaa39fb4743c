/** fast-check arbitraries of board content as a file holds it. */
import fc from 'fast-check';
import type { FileContent, FileElement } from '../file/file-codec.ts';
import { imageTypes, writeImage } from '../document/image-record.ts';
import { encodeInk } from '../ink/ink.ts';
import type { Color, Geometry, ImageContent, Style } from '../types.ts';

/** Files are JSON, which has no -0; "+ 0" leaves every other number alone. */
const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true }).map((n) => n + 0);
const color: fc.Arbitrary<Color> = fc.oneof(
  fc.constantFrom('ink', 'grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'violet', 'pink', 'white'),
  fc.integer({ min: 0, max: 0xffffff }).map((n): Color => `#${n.toString(16).padStart(6, '0')}`),
);
/** Any text of whole characters, line breaks, quotes and emoji among them. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom('', 'a\nb\r\n', '"\\', '\u2028\u0000', '👩‍👩‍👧 שלום', '__proto__'),
);

export const arbitraryGeometry: fc.Arbitrary<Geometry> = fc.record({
  x: number(-1e7, 1e7),
  y: number(-1e7, 1e7),
  w: number(-1e4, 1e4),
  h: number(-1e4, 1e4),
  rotation: number(-10, 10),
});
export const arbitraryStyle: fc.Arbitrary<Style> = fc.record({
  color,
  width: fc.oneof(fc.constant(4), number(1, 20)),
  fill: fc.oneof(color, fc.constant('none' as const)),
  opacity: fc.oneof(fc.constant(1), number(0, 1)),
  fontSize: fc.oneof(fc.constant(20), number(4, 200)),
  font: fc.constantFrom('sans', 'hand', 'mono'),
});
const arbitraryInk = fc
  .tuple(
    fc.array(fc.tuple(number(-1e5, 1e5), number(-1e5, 1e5), number(0, 1)), { minLength: 1, maxLength: 20 }),
    fc.boolean(),
    number(0.1, 10),
  )
  .map(([points, hasPressure, zoom]) => encodeInk({ xyp: points.flat(), hasPressure }, zoom));

export const arbitraryImage: fc.Arbitrary<ImageContent> = fc.record({
  hash: fc.constantFrom(...['0', '7', 'a', 'f'].map((digit) => digit.repeat(64))),
  type: fc.constantFrom(...imageTypes),
  width: fc.integer({ min: 1, max: 9_000 }),
  height: fc.integer({ min: 1, max: 9_000 }),
  bytes: fc.integer({ min: 1, max: 9_000_000 }),
  name: fc.constantFrom('', 'cat.png', 'שלום.jpg'),
});

/** Any value that a document can hold. */
const arbitraryValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<unknown>(null, undefined, true, false, Number.NaN, Infinity, -Infinity, -0, 0, 12n, -(2n ** 63n)),
    fc.double(),
    text,
    fc.uint8Array({ maxLength: 9 }),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc
    .dictionary(
      fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('$', '$bytes', '$$a', '$value', '1')).filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 3 },
    )
    .map((object) => ({ ...object })),
})).value;

const common = { geometry: arbitraryGeometry, style: arbitraryStyle, isLocked: fc.boolean(), alt: text, data: fc.constant(null) };
const none = { ink: fc.constant(null), raw: fc.constant(null) };
const sameBase = (element: Omit<FileElement, 'base'>): FileElement => ({ ...element, base: element.geometry });

export const arbitraryFileElement: fc.Arbitrary<FileElement> = fc.oneof(
  fc.record({ ...common, ...none, kind: fc.constantFrom('line', 'arrow', 'rectangle', 'ellipse'), text: fc.constant('') }).map(sameBase),
  fc.record({ ...common, ...none, kind: fc.constant('text'), text }).map(sameBase),
  fc.record({
    ...common,
    kind: fc.constant('stroke'),
    text: fc.constant(''),
    raw: fc.constant(null),
    ink: arbitraryInk,
    base: arbitraryGeometry,
  }),
  fc.record({ ...common, kind: fc.constant('stroke'), text: fc.constant(''), raw: fc.constant(null), ink: arbitraryInk }).map(sameBase),
  fc.record({
    ...common,
    base: arbitraryGeometry,
    ink: fc.constant(null),
    text: fc.constant(''),
    kind: fc.constant('image'),
    raw: fc.record({ m: arbitraryImage.map(writeImage) }),
    data: fc.option(fc.uint8Array({ maxLength: 40 })),
  }),
  fc.record({
    ...common,
    base: arbitraryGeometry,
    ink: fc.constant(null),
    text,
    kind: fc.constantFrom('sticky', 'image', 'constructor', '__proto__', 'Stroke'),
    raw: fc.dictionary(fc.constantFrom('i', 'hash', 'rows', 'q', '$x'), arbitraryValue, { maxKeys: 3 }).map((record) => ({ ...record })),
  }),
);

export const arbitraryFile: fc.Arbitrary<FileContent> = fc.record({
  title: fc.option(text),
  background: fc.option(color),
  elements: fc.array(arbitraryFileElement, { maxLength: 8 }),
});
