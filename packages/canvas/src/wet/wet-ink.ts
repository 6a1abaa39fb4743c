/**
 * Other people's wet ink: what they are drawing or moving right now, not yet in the document.
 *
 * An entry goes when the record with its gesture id arrives, when its author abandons it or leaves, or after 5 s without
 * a message, not even a keepalive. Points of a gesture that is already in the document are ignored, in whatever order the
 * two lanes deliver. So no ghost stays, and nothing flickers between wet and dry.
 */
import {
  decodeWet,
  inkLimits,
  type BoardChange,
  type BoardElement,
  type Crop,
  type ElementId,
  type Geometry,
  type Look,
  type Style,
  type WetPayload,
} from '@wetink/board';
import { LASER_FADE_MS, notePoints, OWN } from './laser.ts';
import { WET_INTERVAL_MS, type WetMessage } from './wet-sender.ts';
import { CONTESTED_MS, RECORD_MS, SILENCE_MS } from './wet-timing.ts';

export type WetEntry = { readonly clientId: number; readonly gesture: string } & (
  | { readonly kind: 'stroke'; readonly style: Style; readonly hasPressure: boolean; readonly xyp: number[] }
  | {
      readonly kind: 'shape';
      readonly shape: Extract<WetPayload, { kind: 'shape' }>['shape'];
      readonly style: Style;
      readonly geometry: Geometry;
      readonly points?: readonly number[];
    }
  | { readonly kind: 'move'; readonly items: ReadonlyMap<ElementId, Geometry> }
  | { readonly kind: 'copy'; readonly items: ReadonlyMap<ElementId, Geometry> }
  | { readonly kind: 'look'; readonly ids: readonly ElementId[]; readonly patch: Partial<Look> }
  | { readonly kind: 'crop'; readonly id: ElementId; readonly crop: Crop }
  /** `at`: the time of each point. `isHeld`: the pointer is still down. */
  | { readonly kind: 'laser'; readonly xyp: number[]; readonly at: number[]; readonly isHeld: boolean }
);

export type LaserEntry = Extract<WetEntry, { kind: 'laser' }>;

interface Held {
  readonly entry: WetEntry;
  readonly isEnded: boolean;
  /** Milliseconds. */
  readonly expiresAt: number;
}

/** Gestures remembered as done; late points come within seconds. */
const REMEMBERED = 2000;
/** Entries of a room, and of one client: a hand has one gesture at a time, a broken client may claim many. */
const MAX_ENTRIES = 400;
const MAX_ENTRIES_PER_CLIENT = 8;
const MAX_MOVED = 5000;

export class WetInk {
  readonly #held = new Map<string, Held>();
  readonly #done = new Set<string>();

  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  *entries(): Generator<WetEntry> {
    for (const { entry } of this.#held.values()) yield entry;
  }

  /** Trails of laser pointers, this person's own among them: theirs has the client `OWN`. */
  lasers(): LaserEntry[] {
    return [...this.entries()].filter((entry) => entry.kind === 'laser');
  }

  /** Shows this person's own laser pointer. */
  point({ gesture, xyp }: { gesture: string; xyp: readonly number[] }, now: number, { isHeld }: { isHeld: boolean }): void {
    const key = `${OWN}/${gesture}`;
    const before = this.#held.get(key)?.entry;
    const at = before?.kind === 'laser' ? before.at : [];
    notePoints({ xyp, at }, now, 0);
    const entry = { clientId: OWN, gesture, kind: 'laser', xyp: xyp as number[], at, isHeld } as const;
    this.#held.set(key, { entry, isEnded: !isHeld, expiresAt: isHeld ? Infinity : now + LASER_FADE_MS });
  }

  /** This person's own laser pointer was lifted. */
  letFade(gesture: string, now: number): void {
    const own = this.lasers().find((entry) => entry.clientId === OWN && entry.gesture === gesture);
    if (own !== undefined) this.point(own, now, { isHeld: false });
  }

  /**
   * Takes one message.
   *
   * @param get The element of an id as the board has it, to see whether a finished move or look has arrived already.
   * @returns Whether anything to paint changed. A payload that can't be decoded, or is beyond a limit, changes nothing.
   */
  receive(message: WetMessage & { clientId: number }, now: number, get: (id: ElementId) => BoardElement | undefined): boolean {
    const { clientId, gesture, index, isEnd } = message;
    const key = `${clientId}/${gesture}`;
    if (this.#done.has(gesture)) return false;
    if (message.payload.length === 0) {
      if (isEnd) this.#remember(gesture);
      return this.#held.delete(key);
    }
    const before = this.#held.get(key);
    if (before === undefined && !this.#makeRoom(clientId)) return false;
    const payload = decodeQuietly(message.payload);
    if (payload === null) return false;
    const entry = merge(before?.entry, { clientId, gesture }, payload, { index, now, isEnd });
    if (entry === null) return false;
    this.#held.set(key, {
      entry,
      isEnded: isEnd,
      expiresAt: now + (isEnd ? (entry.kind === 'laser' ? LASER_FADE_MS : RECORD_MS) : SILENCE_MS),
    });
    if (isEnd && hasArrived(entry, get)) this.#finish(key, gesture);
    return true;
  }

  /** Follows the document: drops gestures whose records have arrived. Returns whether anything to paint changed. */
  follow(change: BoardChange, now: number, get: (id: ElementId) => BoardElement | undefined): boolean {
    let hasChanged = false;
    for (const { gesture } of change.added) {
      if (gesture === null) continue;
      this.#remember(gesture);
      for (const [key, { entry }] of this.#held) if (entry.gesture === gesture) hasChanged = this.#held.delete(key) || hasChanged;
    }
    for (const [key, held] of this.#held) {
      const { entry, isEnded, expiresAt } = held;
      if (!isEnded) continue;
      if (hasArrived(entry, get)) {
        this.#finish(key, entry.gesture);
        hasChanged = true;
      } else if (change.changed.some(({ after }) => isAbout(entry, after.id))) {
        this.#held.set(key, { ...held, expiresAt: Math.min(expiresAt, now + CONTESTED_MS) });
      }
    }
    return hasChanged;
  }

  /** Drops the wet ink of a connection that is gone. */
  dropClient(clientId: number): boolean {
    let hasChanged = false;
    for (const [key, { entry }] of this.#held) if (entry.clientId === clientId) hasChanged = this.#held.delete(key) || hasChanged;
    return hasChanged;
  }

  /** Drops gestures that were silent for too long. A gesture whose messages resume is shown again. */
  expire(now: number): boolean {
    let hasChanged = false;
    for (const [key, { entry, isEnded, expiresAt }] of this.#held) {
      if (now < expiresAt) continue;
      if (isEnded) this.#finish(key, entry.gesture);
      else this.#held.delete(key);
      hasChanged = true;
    }
    return hasChanged;
  }

  /** For another board. */
  clear(): void {
    this.#held.clear();
    this.#done.clear();
  }

  #finish(key: string, gesture: string): void {
    this.#held.delete(key);
    this.#remember(gesture);
  }

  #remember(gesture: string): void {
    this.#done.add(gesture);
    if (this.#done.size <= REMEMBERED) return;
    const [oldest] = this.#done;
    if (oldest !== undefined) this.#done.delete(oldest);
  }

  /** At the limit of a client, drops its oldest finished gesture: the record will show the same. */
  #makeRoom(clientId: number): boolean {
    if (this.#held.size >= MAX_ENTRIES) return false;
    const own = [...this.#held].filter(([, { entry }]) => entry.clientId === clientId);
    if (own.length < MAX_ENTRIES_PER_CLIENT) return true;
    const [key, finished] = own.find(([, { isEnded }]) => isEnded) ?? [];
    if (key === undefined || finished === undefined) return false;
    this.#finish(key, finished.entry.gesture);
    return true;
  }
}

function decodeQuietly(bytes: Uint8Array): WetPayload | null {
  try {
    return decodeWet(bytes);
  } catch {
    // A peer's broken preview is worth nothing to anyone; the record that follows is checked on its own.
    return null;
  }
}

function merge(
  before: WetEntry | undefined,
  who: { clientId: number; gesture: string },
  payload: WetPayload,
  { index, now, isEnd }: { index: number; now: number; isEnd: boolean },
): WetEntry | null {
  if (payload.kind === 'shape') return { ...payload, ...who };
  if (payload.kind === 'move' || payload.kind === 'copy') {
    if (payload.items.length > MAX_MOVED) return null;
    return { ...who, kind: payload.kind, items: new Map(payload.items.map(({ id, geometry }) => [id, geometry])) };
  }
  if (payload.kind === 'look') return { ...who, kind: 'look', ids: payload.ids, patch: payload.patch };
  if (payload.kind === 'crop') return { ...who, kind: 'crop', id: payload.id, crop: payload.crop };
  const xyp = before?.kind === 'stroke' || before?.kind === 'laser' ? before.xyp : [];
  // A piece that begins before the end replaces the points after its beginning (a straightened line). One that begins beyond
  // the end is appended: the lost points come with the record.
  xyp.length = Math.min(xyp.length, index * 3);
  if ((xyp.length + payload.xyp.length) / 3 > inkLimits.maxPoints) return null;
  for (const value of payload.xyp) xyp.push(value);
  if (xyp.length === 0) return null;
  if (payload.kind === 'laser') {
    const at = before?.kind === 'laser' ? before.at : [];
    notePoints({ xyp, at }, now, WET_INTERVAL_MS);
    return { ...who, kind: 'laser', xyp, at, isHeld: !isEnd };
  }
  return { ...who, kind: 'stroke', style: payload.style, hasPressure: payload.hasPressure, xyp };
}

function isAbout(entry: WetEntry, id: ElementId): boolean {
  if (entry.kind === 'move') return entry.items.has(id);
  if (entry.kind === 'crop') return entry.id === id;
  return entry.kind === 'look' && entry.ids.includes(id);
}

/** Whether the board shows what a finished move, look or crop has left. Records of strokes, shapes and copies name their gesture instead. */
function hasArrived(entry: WetEntry, get: (id: ElementId) => BoardElement | undefined): boolean {
  if (entry.kind === 'move') return hasMoved(entry.items, get);
  if (entry.kind === 'crop') {
    const shown = get(entry.id)?.crop;
    const edges = Object.keys(entry.crop) as (keyof Crop)[];
    return shown === undefined || edges.every((edge) => shown[edge] === entry.crop[edge]);
  }
  if (entry.kind !== 'look') return false;
  const patch = Object.entries(entry.patch) as [keyof Look, number][];
  return entry.ids.every((id) => {
    const look = get(id)?.look;
    return look === undefined || patch.every(([prop, value]) => look[prop] === value);
  });
}

/** Whether every element of a finished move is where the move left it, or is gone. Previews are rounded, hence the slack. */
function hasMoved(items: ReadonlyMap<ElementId, Geometry>, get: (id: ElementId) => BoardElement | undefined): boolean {
  for (const [id, g] of items) {
    const shown = get(id)?.geometry;
    if (shown === undefined) continue;
    const slack = 0.5 + 0.002 * (Math.abs(g.w) + Math.abs(g.h));
    const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= slack;
    if (!isNear(g.x, shown.x) || !isNear(g.y, shown.y) || !isNear(g.w, shown.w) || !isNear(g.h, shown.h)) return false;
  }
  return true;
}
