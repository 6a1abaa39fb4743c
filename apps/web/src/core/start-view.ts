/**
 * The view of a board on opening it: the last view, else the sheet at 1:1 if the whole drawing shows there, else the whole
 * drawing. Pure.
 */
export interface View {
  /** Board units of the top left corner. */
  readonly x: number;
  readonly y: number;
  /** CSS pixels per board unit. */
  readonly zoom: number;
}

interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** The first view of every board. */
export const firstView: View = { x: 0, y: 0, zoom: 1 };

/** The remembered view, or null when it is not one. The stage keeps it within its limits. */
export function parseView(value: unknown): View | null {
  if (typeof value !== 'object' || value === null) return null;
  const { x, y, zoom } = value as Partial<Record<keyof View, unknown>>;
  const isView = [x, y, zoom].every((number) => typeof number === 'number' && Number.isFinite(number)) && (zoom as number) > 0;
  return isView ? { x: x as number, y: y as number, zoom: zoom as number } : null;
}

/** @param size CSS pixels. */
export function showsAll(view: View, size: { width: number; height: number }, drawn: Box): boolean {
  return (
    drawn.minX >= view.x &&
    drawn.minY >= view.y &&
    drawn.maxX <= view.x + size.width / view.zoom &&
    drawn.maxY <= view.y + size.height / view.zoom
  );
}

export function isSameView(a: View, b: View): boolean {
  return a.x === b.x && a.y === b.y && a.zoom === b.zoom;
}
