/**
 * Where other people's cursors are shown between two samples, and how they appear and disappear. Pure: time is an argument.
 *
 * A cursor glides to each new sample over the interval between samples (40 to 150 ms), so 20 samples a second look
 * smooth. The name fades 2 s after the cursor came to rest; when the person leaves, the whole cursor fades.
 */
import type { Point } from '../geometry.ts';

export interface Peer {
  readonly clientId: number;
  readonly userId: string;
  readonly name: string;
  /** Board units; null while their pointer is off the board. */
  readonly cursor: Point | null;
  /** 0..11, see `personHue`. */
  readonly hue: number;
  /** Pieces of the ring, see `ringsByUser`: 0 for no ring, 1 for a whole one. */
  readonly ringPieces: number;
}

export interface ShownCursor {
  readonly clientId: number;
  readonly name: string;
  readonly hue: number;
  readonly ringPieces: number;
  /** Board units. */
  readonly at: Point;
  /** 0..1 */
  readonly opacity: number;
  /** 0..1 */
  readonly nameOpacity: number;
}

/** Client ids that are new in the list, and client ids that are no longer in it. */
export interface PeersChange {
  readonly came: readonly number[];
  readonly left: readonly number[];
}

interface Track {
  readonly peer: Peer;
  readonly from: Point;
  readonly to: Point;
  readonly sampledAt: number;
  readonly glideMs: number;
  /** Time at which it disappeared, null while it is shown. */
  readonly leftAt: number | null;
}

export const NAME_REST_MS = 2000;
const NAME_FADE_MS = 300;
/** Well below the 3 s within which the cursor of a person who left must be gone. */
export const LEAVE_FADE_MS = 600;
const MIN_GLIDE_MS = 40;
const MAX_GLIDE_MS = 150;

export class PeerCursors {
  #tracks = new Map<number, Track>();
  #present: ReadonlySet<number> = new Set();

  /** Takes the whole current list. */
  set(peers: readonly Peer[], now: number): PeersChange {
    const next = new Map<number, Track>();
    for (const peer of peers) {
      const track = follow(this.#tracks.get(peer.clientId), peer, now);
      if (track !== null) next.set(peer.clientId, track);
    }
    const present = new Set(peers.map((peer) => peer.clientId));
    for (const [clientId, track] of this.#tracks) {
      if (!present.has(clientId)) next.set(clientId, { ...track, leftAt: track.leftAt ?? now });
    }
    const left = [...this.#present].filter((clientId) => !present.has(clientId));
    const came = [...present].filter((clientId) => !this.#present.has(clientId));
    this.#tracks = next;
    this.#present = present;
    return { came, left };
  }

  /**
   * Gives the cursors to paint now.
   *
   * @param options.isStill Reduced motion: cursors neither glide nor fade.
   * @returns `isMoving` while another frame will look different.
   */
  sample(now: number, options: { isStill: boolean }): { cursors: ShownCursor[]; isMoving: boolean; nextChangeMs: number | null } {
    const cursors: ShownCursor[] = [];
    let isMoving = false;
    let nextChangeMs: number | null = null;
    for (const [clientId, track] of this.#tracks) {
      const { peer, leftAt, sampledAt } = track;
      const fade = options.isStill ? 0 : LEAVE_FADE_MS;
      if (leftAt !== null && now - leftAt >= fade) {
        this.#tracks.delete(clientId);
        continue;
      }
      const rest = now - sampledAt - NAME_REST_MS;
      const nameFade = options.isStill ? 1 : NAME_FADE_MS;
      cursors.push({
        clientId,
        name: peer.name,
        hue: peer.hue,
        ringPieces: peer.ringPieces,
        at: options.isStill ? track.to : position(track, now),
        opacity: leftAt === null ? 1 : 1 - (now - leftAt) / fade,
        nameOpacity: clamp01(1 - rest / nameFade),
      });
      const isGliding = !options.isStill && now - sampledAt < track.glideMs;
      if (isGliding || leftAt !== null || (rest > 0 && rest < nameFade)) isMoving = true;
      if (rest <= 0) nextChangeMs = Math.min(nextChangeMs ?? Infinity, -rest);
    }
    return { cursors, isMoving, nextChangeMs };
  }
}

function follow(track: Track | undefined, peer: Peer, now: number): Track | null {
  if (peer.cursor === null) return track === undefined ? null : { ...track, peer: { ...peer, cursor: null }, leftAt: track.leftAt ?? now };
  if (track === undefined || track.leftAt !== null)
    return { peer, from: peer.cursor, to: peer.cursor, sampledAt: now, glideMs: MIN_GLIDE_MS, leftAt: null };
  if (track.to.x === peer.cursor.x && track.to.y === peer.cursor.y) return { ...track, peer };
  const glideMs = Math.min(MAX_GLIDE_MS, Math.max(MIN_GLIDE_MS, now - track.sampledAt));
  return { peer, from: position(track, now), to: peer.cursor, sampledAt: now, glideMs, leftAt: null };
}

function position({ from, to, sampledAt, glideMs }: Track, now: number): Point {
  const t = clamp01((now - sampledAt) / glideMs);
  return { x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t };
}

function clamp01(v: number): number {
  return Math.min(1, Math.max(0, v));
}
