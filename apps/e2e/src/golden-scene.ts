/** One element of each look in a cell of its own, to be compared with pictures that a person has looked at. */
import { decodeInk, encodeInk, inkBounds, type Geometry, type NewElement, type NewStyle } from '@wetink/board';

/** Board units, and CSS pixels of a view at 1:1. */
export const CELL = { width: 120, height: 90 } as const;
export const COLUMNS = 9;

export interface Cell {
  readonly name: string;
  readonly element: Omit<NewElement, 'ink'> & { readonly ink?: readonly number[] };
}

const plain: NewStyle = { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 20, font: 'sans' };
const shapes = ['rectangle', 'ellipse', 'diamond', 'triangle', 'hexagon', 'star', 'cloud', 'bubble', 'cylinder', 'checkbox'] as const;
const colors = ['grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'violet', 'pink', 'white', '#8844cc'] as const;
const heads = ['none', 'arrow', 'triangle', 'bar', 'dot', 'diamond'] as const;

/** Within the cell: `goldenScene` moves it. */
const box: Geometry = { x: 25, y: 20, w: 70, h: 50, rotation: 0 };
const shape = (name: string, style: Partial<NewStyle>, geometry: Partial<Geometry> = {}): Cell => ({
  name,
  element: { kind: 'rectangle', geometry: { ...box, ...geometry }, style: { ...plain, ...style } },
});
const line = (name: string, style: Partial<NewStyle>, points?: readonly number[]): Cell => ({
  name,
  element: { kind: 'arrow', geometry: box, style: { ...plain, ...style }, ...(points === undefined ? {} : { points }) },
});
/** In letters that the app's own fonts have: others are painted in a font of the system. */
const text = (name: string, content: string, style: Partial<NewStyle> = {}): Cell => ({
  name,
  element: {
    kind: 'text',
    geometry: { x: 10, y: 20, w: 100, h: 50, rotation: 0 },
    style: { ...plain, fontSize: 16, ...style },
    text: content,
  },
});

const cells: readonly Cell[] = [
  ...shapes.map((kind): Cell => ({ name: kind, element: { kind, geometry: box, style: plain } })),
  ...shapes.map((kind): Cell => ({ name: `${kind} filled`, element: { kind, geometry: box, style: { ...plain, fill: 'yellow' } } })),
  ...colors.map((color) => shape(`colour ${color}`, { color, fill: color, width: 8 })),
  shape('dashed', { dash: 'dashed' }),
  shape('dotted', { dash: 'dotted' }),
  shape('round corners', { corners: 'round' }),
  shape('half opaque', { opacity: 0.5, fill: 'blue' }),
  shape('turned', { fill: 'green' }, { rotation: 0.5 }),
  shape('thin', { width: 1 }),
  shape('thick', { width: 20 }),
  ...heads.map((endHead) => line(`head ${endHead}`, { endHead })),
  line('head at the start', { startHead: 'triangle', endHead: 'none' }),
  line('bends', {}, [0, 0, 0.3, 1, 0.7, 0, 1, 1]),
  line('round bends', { corners: 'round' }, [0, 0, 0.3, 1, 0.7, 0, 1, 1]),
  line('dashed arrow', { dash: 'dashed', color: 'red' }),
  text('sans', 'Ink on paper'),
  text('hand', 'Ink on paper', { font: 'hand' }),
  text('mono', 'let x = 1', { font: 'mono' }),
  text('two lines', 'one\ntwo'),
  { name: 'frame', element: { kind: 'frame', geometry: { x: 15, y: 30, w: 90, h: 50, rotation: 0 }, style: plain, text: 'Plan' } },
];

/** Strokes with and without pressure; the highlighter is a wide stroke that lets things through. */
const strokes: readonly { name: string; style: Partial<NewStyle>; hasPressure: boolean }[] = [
  { name: 'mouse stroke', style: {}, hasPressure: false },
  { name: 'pen stroke', style: { width: 8 }, hasPressure: true },
  { name: 'highlighter', style: { width: 20, color: 'yellow', opacity: 0.4 }, hasPressure: false },
];

/** The cells, each moved to its place: `COLUMNS` in a row, from (0, 0) on. */
export function goldenScene(): Cell[] {
  const still = cells.map(({ name, element }, index): Cell => {
    const [x, y] = cornerOf(index);
    const { geometry } = element;
    return { name, element: { ...element, geometry: { ...geometry, x: geometry.x + x, y: geometry.y + y } } };
  });
  return [...still, ...strokes.map((stroke, index) => strokeAt(stroke, cornerOf(cells.length + index)))];
}

/** The top left corner of a cell, in board units. */
export function cornerOf(index: number): readonly [number, number] {
  return [(index % COLUMNS) * CELL.width, Math.floor(index / COLUMNS) * CELL.height];
}

/** A wave that is pressed harder towards its end. */
function strokeAt({ name, style, hasPressure }: (typeof strokes)[number], [left, top]: readonly [number, number]): Cell {
  const points = Array.from({ length: 40 }, (_, i) => i / 39);
  const xyp = points.flatMap((at) => [left + 25 + 70 * at, top + 45 + 22 * Math.sin(at * 7), 0.15 + 0.8 * at]);
  const ink = encodeInk({ xyp, hasPressure }, 1);
  return { name, element: { kind: 'stroke', geometry: inkBounds(decodeInk(ink)), style: { ...plain, ...style }, ink: [...ink] } };
}
