/**
 * The view of a board on opening it: the last view of this tab, else of this device, else the sheet at 1:1 if the whole drawing shows there, else the whole
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

/** The views that a device remembers, newest first. */
export const VIEWS_KEY = 'wetink.views';
/** Each is some 100 bytes. */
const VIEWS_MAX = 100;

/** A page of a board. */
export interface ViewPlace {
  readonly board: string;
  /** The id of the page, empty for the first one. */
  readonly page: string;
}

/** The view that this device last had of a place; null when that is unknown, or the board was last seen on another page. */
export function keptView(stored: unknown, { board, page }: ViewPlace): View | null {
  const kept = keptPlaces(stored).find((item) => item.board === board);
  return kept?.page === page ? parseView(kept) : null;
}

/** The list to store once a place was seen. */
export function withView(stored: unknown, place: ViewPlace, { x, y, zoom }: View): readonly unknown[] {
  const others = keptPlaces(stored).filter(({ board }) => board !== place.board);
  return [{ ...place, x, y, zoom }, ...others].slice(0, VIEWS_MAX);
}

function keptPlaces(stored: unknown): ViewPlace[] {
  if (!Array.isArray(stored)) return [];
  return stored.filter((item): item is ViewPlace => typeof item === 'object' && item !== null && 'board' in item && 'page' in item);
}

export function isSameView(a: View, b: View): boolean {
  return a.x === b.x && a.y === b.y && a.zoom === b.zoom;
}
