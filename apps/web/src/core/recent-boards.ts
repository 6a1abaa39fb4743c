/**
 * The boards this device has opened, newest first: what the home page lists, also offline.
 *
 * Pure functions over a plain list. It all lives in `localStorage`, where a browser gives about 5 MB, so pictures are
 * bounded: boards that were not opened for long lose theirs and stay in the list. The number of changes that wait on this
 * device is kept apart from the list: it is written with every stroke and must stay small.
 */
import * as m from '$words/recent-boards';
import { isBoardId, type BoardId } from './board-id.ts';

export interface RecentBoard {
  id: BoardId;
  /** '' while the board has no title. */
  title: string;
  /** Milliseconds since 1970. */
  openedAt: number;
  /** Small pictures as data URLs, one for each theme, or null before the first one was taken. */
  preview: { light: string; dark: string } | null;
}

export const RECENT_KEY = 'wetink.boards';
export const WAITING_KEY = 'wetink.waiting';
export const RECENT_MAX = 1_000;
/** 48 boards with two previews of at most 24 kB stay under half of what localStorage gives. */
export const PREVIEWS_MAX = 48;
export const PREVIEW_MAX_CHARS = 24_000;
const TITLE_MAX = 200;

/** The list with `board` opened now: moved to the front, its preview kept. */
export function withOpened(list: readonly RecentBoard[], board: { id: BoardId; title: string }, nowMs: number): RecentBoard[] {
  const before = list.find((item) => item.id === board.id);
  const opened = { id: board.id, title: board.title || (before?.title ?? ''), openedAt: nowMs, preview: before?.preview ?? null };
  return withinBounds([opened, ...list.filter((item) => item.id !== board.id)]);
}

/** The list with a new title or preview for a board in it; unchanged (the same array) if it isn't or nothing differs. */
export function withChanged(
  list: readonly RecentBoard[],
  id: BoardId,
  change: Partial<Pick<RecentBoard, 'title' | 'preview'>>,
): readonly RecentBoard[] {
  const before = list.find((item) => item.id === id);
  if (before === undefined) return list;
  const after = { ...before, ...change };
  if (after.preview !== null && Math.max(after.preview.light.length, after.preview.dark.length) > PREVIEW_MAX_CHARS)
    after.preview = before.preview;
  if (after.title === before.title && after.preview === before.preview) return list;
  return withinBounds(list.map((item) => (item === before ? after : item)));
}

export function withoutBoard(list: readonly RecentBoard[], id: BoardId): readonly RecentBoard[] {
  return list.filter((item) => item.id !== id);
}

/** The list with a removed board back in its place. */
export function withRestored(list: readonly RecentBoard[], board: RecentBoard): RecentBoard[] {
  return withinBounds([...withoutBoard(list, board.id), board].sort((a, b) => b.openedAt - a.openedAt));
}

/** Only the first `PREVIEWS_MAX` pictures stay; a board leaves the list only beyond `RECENT_MAX`. */
function withinBounds(list: readonly RecentBoard[]): RecentBoard[] {
  let pictures = 0;
  return list.slice(0, RECENT_MAX).map((item) => {
    if (item.preview === null || ++pictures <= PREVIEWS_MAX) return item;
    return { ...item, preview: null };
  });
}

/** Number of changes that wait on this device, by board; boards without any are absent. */
export type Waiting = Readonly<Record<string, number>>;

/** The same object when nothing differs. */
export function withWaiting(waiting: Waiting, id: BoardId, count: number): Waiting {
  if ((waiting[id] ?? 0) === count) return waiting;
  const others = Object.fromEntries(Object.entries(waiting).filter(([key]) => key !== id));
  return count > 0 ? { ...others, [id]: count } : others;
}

/** The stored counts, without invalid entries. */
export function parseWaiting(stored: unknown): Waiting {
  if (typeof stored !== 'object' || stored === null) return {};
  return Object.fromEntries(
    Object.entries(stored).filter(([id, count]) => isBoardId(id) && typeof count === 'number' && Number.isSafeInteger(count) && count > 0),
  ) as Record<string, number>;
}

/** '3 changes wait on this device', or '' when none do. */
export function waitingSentence(count: number): string {
  if (count === 0) return '';
  return m.waits({ count });
}

/** The stored list, without entries that are not boards. Never throws: another version may have written it. */
export function parseRecentBoards(stored: unknown): RecentBoard[] {
  if (!Array.isArray(stored)) return [];
  const seen = new Set<string>();
  const boards = stored.flatMap((item: unknown) => {
    const board = parseBoard(item);
    if (board === null || seen.has(board.id)) return [];
    seen.add(board.id);
    return [board];
  });
  return withinBounds(boards);
}

function parseBoard(item: unknown): RecentBoard | null {
  if (typeof item !== 'object' || item === null) return null;
  const { id, title, openedAt, preview } = item as Partial<Record<keyof RecentBoard, unknown>>;
  if (typeof id !== 'string' || !isBoardId(id)) return null;
  if (typeof openedAt !== 'number' || !Number.isFinite(openedAt)) return null;
  return { id, title: typeof title === 'string' ? title.slice(0, TITLE_MAX) : '', openedAt, preview: parsePreview(preview) };
}

function parsePreview(value: unknown): RecentBoard['preview'] {
  if (typeof value !== 'object' || value === null) return null;
  const { light, dark } = value as { light?: unknown; dark?: unknown };
  return isPicture(light) && isPicture(dark) ? { light, dark } : null;
}

function isPicture(value: unknown): value is string {
  return typeof value === 'string' && value.length <= PREVIEW_MAX_CHARS && /^data:image\/(png|webp|jpeg);base64,/.test(value);
}
