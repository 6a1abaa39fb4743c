/**
 * Where other people's cursors are shown between two samples, and how they appear and disappear. Pure: time is an argument.
 *
 * A cursor glides to each new sample over the interval between samples (40 to 250 ms), so it looks smooth at 20 samples a
 * second and does not halt at 5, the rate of a large room. The name fades 2 s after the cursor came to rest; when the person leaves, the whole cursor fades. Words said
 * beside a cursor stay for as long as their author announces them, and fade then.
 */
import type { ElementId } from '@wetink/board';
import type { Box, Point } from '../geometry.ts';

/** A selection: its elements, or the box around all of them where they are too many to name. */
export type PeerSelection = { readonly ids: readonly ElementId[] } | { readonly box: Box };

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
  /** Words beside the cursor, cleaned; none by default. */
  readonly said?: string;
  /** The elements that they have selected; none by default. */
  readonly selection?: PeerSelection;
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
  /** Words beside the cursor, or ''. */
  readonly said: string;
  /** 0..1 */
  readonly saidOpacity: number;
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
  readonly words: Words;
}

/** The last words said, with the time of their last change and of their end. */
interface Words {
  readonly said: string;
  readonly changedAt: number;
  /** Null while they are announced. */
  readonly endedAt: number | null;
}

const noWords: Words = { said: '', changedAt: -Infinity, endedAt: -Infinity };

export const NAME_REST_MS = 2000;
const NAME_FADE_MS = 300;
/** Well below the 3 s within which the cursor of a person who left must be gone. */
export const LEAVE_FADE_MS = 600;
/** Words end at the latest this long after they last changed: a page that hangs does not withdraw them. */
export const SAID_TTL_MS = 20_000;
export const SAID_FADE_MS = 500;
const MIN_GLIDE_MS = 40;
/** Samples of a large room are 200 ms apart, and come with a tick of the relay. */
const MAX_GLIDE_MS = 250;

export class PeerCursors {
  #tracks = new Map<number, Track>();
  #present: ReadonlySet<number> = new Set();
  #selecting: readonly Peer[] = [];
  #hues: ReadonlyMap<number, number> = new Map();

  /** People with a selection, also those whose pointer is off the board. */
  get selecting(): readonly Peer[] {
    return this.#selecting;
  }

  /** The colour of a person, the first one for a client that is not in the list yet. */
  hueOf(clientId: number): number {
    return this.#hues.get(clientId) ?? 0;
  }

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
    this.#hues = new Map(peers.map(({ clientId, hue }) => [clientId, hue]));
    this.#selecting = peers.filter((peer) => peer.selection !== undefined);
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
      const words = shownWords(track.words, now, { fadeMs: options.isStill ? 1 : SAID_FADE_MS });
      cursors.push({
        clientId,
        name: peer.name,
        hue: peer.hue,
        ringPieces: peer.ringPieces,
        at: options.isStill ? track.to : position(track, now),
        opacity: leftAt === null ? 1 : 1 - (now - leftAt) / fade,
        nameOpacity: clamp01(1 - rest / nameFade),
        said: words.opacity > 0 ? track.words.said : '',
        saidOpacity: words.opacity,
      });
      const isGliding = !options.isStill && now - sampledAt < track.glideMs;
      if (isGliding || leftAt !== null || (rest > 0 && rest < nameFade) || words.isFading) isMoving = true;
      if (rest <= 0) nextChangeMs = Math.min(nextChangeMs ?? Infinity, -rest);
      if (words.endsInMs !== null) nextChangeMs = Math.min(nextChangeMs ?? Infinity, words.endsInMs);
    }
    return { cursors, isMoving, nextChangeMs };
  }
}

function follow(track: Track | undefined, peer: Peer, now: number): Track | null {
  const words = heard(track?.words ?? noWords, peer.said ?? '', now);
  if (peer.cursor === null)
    return track === undefined ? null : { ...track, peer: { ...peer, cursor: null }, leftAt: track.leftAt ?? now, words };
  if (track === undefined || track.leftAt !== null)
    return { peer, from: peer.cursor, to: peer.cursor, sampledAt: now, glideMs: MIN_GLIDE_MS, leftAt: null, words };
  if (track.to.x === peer.cursor.x && track.to.y === peer.cursor.y) return { ...track, peer, words };
  const glideMs = Math.min(MAX_GLIDE_MS, Math.max(MIN_GLIDE_MS, now - track.sampledAt));
  return { peer, from: position(track, now), to: peer.cursor, sampledAt: now, glideMs, leftAt: null, words };
}

/** Words that ended stay readable while they fade, so they are kept. */
function heard(words: Words, said: string, now: number): Words {
  if (said === '') return words.endedAt === null ? { ...words, endedAt: now } : words;
  return said === words.said && words.endedAt === null ? words : { said, changedAt: now, endedAt: null };
}

function shownWords(
  { changedAt, endedAt }: Words,
  now: number,
  { fadeMs }: { fadeMs: number },
): { opacity: number; isFading: boolean; endsInMs: number | null } {
  const end = Math.min(endedAt ?? Infinity, changedAt + SAID_TTL_MS);
  const opacity = clamp01(1 - (now - end) / fadeMs);
  return { opacity, isFading: opacity > 0 && now >= end, endsInMs: now < end ? end - now : null };
}

function position({ from, to, sampledAt, glideMs }: Track, now: number): Point {
  const t = clamp01((now - sampledAt) / glideMs);
  return { x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t };
}

function clamp01(v: number): number {
  return Math.min(1, Math.max(0, v));
}
