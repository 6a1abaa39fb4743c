/**
 * The parts of a presence state beside the person, the cursor and the tool: rest, a raised hand, following, presenting, a
 * selection, an open text, words beside the cursor, reactions, a picture of oneself. Each is left out while it says nothing, so that a moving cursor stays a
 * short message; clients that do not know a part pass it over. They come from strangers: all of them are bounded here.
 */
import type { ElementId } from '@wetink/board';
import type { PeerSelection } from '@wetink/canvas';
import { cleanLine } from './identity.ts';
import { SELECTION_MAX, withoutGaps } from './own-presence.ts';

/** `idle`: no input for minutes. `away`: the page is hidden. */
export type Rest = 'idle' | 'away';

/** A part of the board, board units. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Reaction {
  /** Rises by one with each reaction of a client. */
  readonly n: number;
  readonly emoji: string;
}

export interface PresenceParts {
  rest?: Rest;
  /** A ticket: larger than those of all hands that were up when this one was raised. No clock is needed to order them. */
  hand?: number;
  /** Client id whose view this client follows. */
  follows?: number;
  /** Id of the presentation to which this client asks everyone. */
  presents?: string;
  /** The part of the board that this client sees; sent only while somebody follows. */
  view?: View;
  selection?: PeerSelection;
  /** The page that this client sees; left out for the first one. */
  page?: ElementId;
  /** Id of the element whose text is open for typing. */
  writes?: string;
  /** Words beside the cursor. */
  said?: string;
  /** The last few, oldest first. */
  reactions?: readonly Reaction[];
  /** Name of the picture that this person chose of themselves, see face.ts. */
  face?: string;
  /** Its bytes in base64, for a moment, see session/face-exchange.ts. */
  faceBytes?: string;
  /** Names of others' pictures that are on this client's screen and that it lacks. */
  wants?: readonly string[];
}

/** The choice, in the order of the buttons. A closed list: nothing else is ever shown as a reaction. */
export const reactionEmojis = ['👍', '❤️', '🎉', '👏', '😂', '😮', '🤔', '👀'] as const;
/** UTF-16 units of the words beside a cursor: two sentences, and six short lines on the screen. */
export const SAID_MAX = 120;
/** Reactions in one state: enough for the quickest finger between two messages. */
export const REACTIONS_MAX = 5;
/** Tickets beyond this are no hands: honest ones count the hands that were raised. */
export const HAND_MAX = 1_000_000;
/** Characters of a picture in base64: half of the 8 KiB that a relay takes as one state. The rest of a state has 2 KB at most. */
export const FACE_TEXT_MAX = 4_096;
/** Pictures that one client asks for at once. */
export const WANTS_MAX = 4;
const ELEMENT_ID_MAX = 32;
const FACE_ID = /^[A-Za-z0-9_-]{16}$/;
const PRESENTATION_ID = /^[A-Za-z0-9_-]{1,16}$/;

/** The well-formed parts of a state; malformed ones are left out. */
export function parseParts(state: Readonly<Record<string, unknown>>): PresenceParts {
  const { rest, hand, follows, presents, view, selection, writes, said, reactions, face, faceBytes, wants, page } = state;
  const words = typeof said === 'string' ? cleanLine(said, SAID_MAX) : '';
  const parts: { [Part in keyof PresenceParts]: PresenceParts[Part] | undefined } = {
    rest: rest === 'idle' || rest === 'away' ? rest : undefined,
    hand: isCount(hand) && hand <= HAND_MAX ? hand : undefined,
    follows: isCount(follows) ? follows : undefined,
    presents: typeof presents === 'string' && PRESENTATION_ID.test(presents) ? presents : undefined,
    view: parseView(view),
    selection: parseSelection(selection),
    page: isElementId(page) ? page : undefined,
    writes: isElementId(writes) ? writes : undefined,
    said: words === '' ? undefined : words,
    reactions: parseReactions(reactions),
    face: isFaceId(face) ? face : undefined,
    faceBytes: typeof faceBytes === 'string' && faceBytes !== '' && faceBytes.length <= FACE_TEXT_MAX ? faceBytes : undefined,
    wants: parseWants(wants),
  };
  return withoutGaps<PresenceParts>(parts);
}

function parseView(value: unknown): View | undefined {
  const { x, y, w, h } = fieldsOf(value);
  return isFinite(x) && isFinite(y) && isFinite(w) && isFinite(h) && w > 0 && h > 0 ? { x, y, w, h } : undefined;
}

function parseSelection(value: unknown): PeerSelection | undefined {
  const { ids, box } = fieldsOf(value);
  if (Array.isArray(ids)) {
    const named = ids.slice(0, SELECTION_MAX).filter(isElementId);
    return named.length === 0 ? undefined : { ids: named };
  }
  const { minX, minY, maxX, maxY } = fieldsOf(box);
  const isBox = isFinite(minX) && isFinite(minY) && isFinite(maxX) && isFinite(maxY) && minX <= maxX && minY <= maxY;
  return isBox ? { box: { minX, minY, maxX, maxY } } : undefined;
}

function parseReactions(value: unknown): readonly Reaction[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const found = value.slice(-REACTIONS_MAX).flatMap((item: unknown): Reaction[] => {
    const { n, emoji } = fieldsOf(item);
    const isKnown = (reactionEmojis as readonly unknown[]).includes(emoji);
    return isCount(n) && isKnown ? [{ n, emoji: emoji as string }] : [];
  });
  return found.length === 0 ? undefined : found;
}

function parseWants(value: unknown): readonly string[] | undefined {
  const wants = Array.isArray(value) ? value.slice(0, WANTS_MAX).filter(isFaceId) : [];
  return wants.length === 0 ? undefined : wants;
}

function isFaceId(value: unknown): value is string {
  return typeof value === 'string' && FACE_ID.test(value);
}

function isElementId(value: unknown): value is ElementId {
  return typeof value === 'string' && value !== '' && value.length <= ELEMENT_ID_MAX;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isFinite(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
