/** fast-check arbitraries of board content as a file holds it. */
import fc from 'fast-check';
import type { FileContent, FileElement } from '../file/file-codec.ts';
import { heads } from '../document/heads.ts';
import { storedPoints } from '../document/line-points.ts';
import { writeFile } from '../document/file-record.ts';
import { imageTypes, writeImage } from '../document/image-record.ts';
import { shapeKinds } from '../document/records.ts';
import { encodeInk } from '../ink/ink.ts';
import type { AttachedFile, Color, Geometry, ImageContent, Style } from '../types.ts';

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
  dash: fc.constantFrom('solid', 'dashed', 'dotted'),
  corners: fc.constantFrom('sharp', 'round'),
  startHead: fc.constantFrom(...heads),
  endHead: fc.constantFrom(...heads),
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

export const arbitraryAttachment: fc.Arbitrary<AttachedFile> = fc.record({
  hash: fc.constantFrom(...['0', '7', 'a', 'f'].map((digit) => digit.repeat(64))),
  type: fc.constantFrom('', 'application/pdf', 'text/html'),
  bytes: fc.integer({ min: 1, max: 2 ** 40 }),
  name: fc.constantFrom('', 'plan.pdf', 'שלום.txt'),
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

/** Groups in groups: the second and third lie in the first. */
const arbitraryGroups = fc.constantFrom<readonly number[]>([], [], [1], [1, 2], [1, 3], [4]);
const common = {
  geometry: arbitraryGeometry,
  style: arbitraryStyle,
  isLocked: fc.boolean(),
  alt: text,
  data: fc.constant(null),
  groups: arbitraryGroups,
};
const none = { ink: fc.constant(null), raw: fc.constant(null) };
const sameBase = (element: Omit<FileElement, 'base'>): FileElement => ({ ...element, base: element.geometry });

const requiredOfFrames = [...Object.keys({ ...common, ...none }), 'kind', 'text'] as (
  'kind' | 'text' | keyof typeof common | keyof typeof none
)[];

export const arbitraryFileElement: fc.Arbitrary<FileElement> = fc.oneof(
  fc.record({ ...common, ...none, kind: fc.constantFrom('line', 'arrow', ...shapeKinds), text: fc.constant('') }).map(sameBase),
  fc
    .record({
      ...common,
      ...none,
      kind: fc.constantFrom('line', 'arrow'),
      text: fc.constant(''),
      points: fc.array(fc.tuple(number(0, 1), number(0, 1)), { minLength: 3, maxLength: 9 }).map((points) => storedPoints(points.flat())),
    })
    .map(sameBase),
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
    text: fc.constant(''),
    kind: fc.constant('file'),
    raw: fc.record({ m: arbitraryAttachment.map(writeFile) }),
  }),
  fc.record({
    ...common,
    base: arbitraryGeometry,
    ink: fc.constant(null),
    text,
    kind: fc.constantFrom('sticky', 'image', 'file', 'constructor', '__proto__', 'Stroke'),
    raw: fc.dictionary(fc.constantFrom('i', 'hash', 'rows', 'q', '$x'), arbitraryValue, { maxKeys: 3 }).map((record) => ({ ...record })),
  }),
);

export const arbitraryFile: fc.Arbitrary<FileContent> = fc.record({
  title: fc.option(text),
  background: fc.option(color),
  elements: fc.array(arbitraryFileElement, { maxLength: 8 }).map(numbered),
});

/** Files with frames too, which may hold themselves or each other. A board shows the frames of such a file beneath the rest. */
export const arbitraryFileWithFrames: fc.Arbitrary<FileContent> = fc.record({
  title: fc.option(text),
  background: fc.option(color),
  elements: fc.array(
    fc.oneof(
      arbitraryFileElement,
      fc
        .record(
          { ...common, ...none, kind: fc.constant('frame'), text, holds: fc.integer({ min: 1, max: 5 }) },
          { requiredKeys: requiredOfFrames },
        )
        .map((element) => sameBase(element)),
    ),
    { maxLength: 8 },
  ),
});

/** The groups numbered as a board numbers them: in the order in which its elements name them. */
function numbered(elements: readonly FileElement[]): FileElement[] {
  const numbers = new Map<number, number>();
  return elements.map((element) => {
    for (const group of element.groups) if (!numbers.has(group)) numbers.set(group, numbers.size + 1);
    return { ...element, groups: element.groups.map((group) => numbers.get(group) ?? 0) };
  });
}
