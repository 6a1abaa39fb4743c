/**
 * The boards this device has opened, newest first: what the home page lists, also offline.
 *
 * Pure functions over a plain list. The list is bounded, and so is each preview, because it all lives in
 * `localStorage`, where a browser gives about 5 MB.
 */
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
/** 48 boards with two previews of at most 24 kB stay under half of what localStorage gives. */
export const RECENT_MAX = 48;
export const PREVIEW_MAX_CHARS = 24_000;
const TITLE_MAX = 200;

/** The list with `board` opened now: moved to the front, its preview kept. */
export function withOpened(list: readonly RecentBoard[], board: { id: BoardId; title: string }, nowMs: number): RecentBoard[] {
  const before = list.find((item) => item.id === board.id);
  const opened = { id: board.id, title: board.title || (before?.title ?? ''), openedAt: nowMs, preview: before?.preview ?? null };
  return [opened, ...list.filter((item) => item.id !== board.id)].slice(0, RECENT_MAX);
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
  return list.map((item) => (item === before ? after : item));
}

export function withoutBoard(list: readonly RecentBoard[], id: BoardId): readonly RecentBoard[] {
  return list.filter((item) => item.id !== id);
}

/** What was stored, without the entries that are not boards. Never throws: another version may have written it. */
export function parseRecentBoards(stored: unknown): RecentBoard[] {
  if (!Array.isArray(stored)) return [];
  const seen = new Set<string>();
  return stored.slice(0, RECENT_MAX).flatMap((item: unknown) => {
    const board = parseBoard(item);
    if (board === null || seen.has(board.id)) return [];
    seen.add(board.id);
    return [board];
  });
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
