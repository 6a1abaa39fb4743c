/**
 * Tidying up: a loose crowd of elements becomes a grid that begins at its top left corner.
 *
 * Rows are read off the crowd: an element belongs to a row when its middle is no lower than the row reaches, or its top no
 * lower than the middle of the row's first element. The number of rows gives that of the columns, and elements fill the grid
 * in reading order. A crowd in one row that overlaps itself is a heap, and becomes about as wide as it is high. Tidying up a
 * second time changes nothing.
 */
import { uniteAll } from '../geometry.ts';
import { shifted, withBoxes, type Arrangement, type Boxed } from './arrangement.ts';

/** Board units between the cells. */
export const GRID_GAP = 16;
/** Board units: elements of no height on one line, but for rounding, are in one row. */
const SLACK = 1e-3;

export const tidyUp: Arrangement = (elements, unitOf) => {
  const all = withBoxes(elements, unitOf);
  const around = uniteAll(all.map(({ box }) => box));
  if (around === null || all.length < 2) return [];
  const rows = rowsOf(all);
  const isHeap = rows.length === 1 && all.reduce((sum, { box }) => sum + box.maxX - box.minX, 0) > around.maxX - around.minX;
  const columns = isHeap ? Math.ceil(Math.sqrt(all.length)) : Math.ceil(all.length / rows.length);
  const cells = rows.flat();
  const widths = largest(
    cells,
    (i) => i % columns,
    ({ box }) => box.maxX - box.minX,
  );
  const heights = largest(
    cells,
    (i) => Math.floor(i / columns),
    ({ box }) => box.maxY - box.minY,
  );
  const [lefts, tops] = [startsOf(widths, around.minX), startsOf(heights, around.minY)];
  return cells.flatMap((cell, i) => {
    const [left = 0, top = 0] = [lefts[i % columns], tops[Math.floor(i / columns)]];
    return shifted(cell, left - cell.box.minX, top - cell.box.minY);
  });
};

/** Top to bottom, each left to right. */
function rowsOf(all: readonly Boxed[]): Boxed[][] {
  const rows: Boxed[][] = [];
  let reach = -Infinity;
  let firstMiddle = -Infinity;
  for (const boxed of all.toSorted((a, b) => a.box.minY - b.box.minY || a.box.minX - b.box.minX)) {
    const { minY, maxY } = boxed.box;
    const middle = (minY + maxY) / 2;
    const row = rows.at(-1);
    if (row === undefined || (middle > reach + SLACK && minY > firstMiddle + SLACK)) {
      rows.push([boxed]);
      reach = maxY;
      firstMiddle = middle;
    } else {
      row.push(boxed);
      reach = Math.max(reach, maxY);
    }
  }
  for (const row of rows) row.sort((a, b) => a.box.minX - b.box.minX);
  return rows;
}

/** The largest size in each column, or in each row. */
function largest(cells: readonly Boxed[], lineOf: (i: number) => number, sizeOf: (cell: Boxed) => number): number[] {
  const sizes: number[] = [];
  cells.forEach((cell, i) => {
    sizes[lineOf(i)] = Math.max(sizes[lineOf(i)] ?? 0, sizeOf(cell));
  });
  return sizes;
}

function startsOf(sizes: readonly number[], from: number): number[] {
  let next = from;
  return sizes.map((size) => {
    const at = next;
    next += size + GRID_GAP;
    return at;
  });
}
