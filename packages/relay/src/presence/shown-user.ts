/**
 * The user that a presence state shows. The relay passes on `user` as the client wrote it, except for what the relay
 * knows better: the id, and the verified name and picture. A state that is correct already stays as it came.
 */

import { limits, SyncError, type AwarenessState } from '@wetink/protocol';
import type { VerifiedUser } from '../ports/authorize.ts';

export interface ShownUser {
  /** '' for a client without an id, which may claim none, and no picture either. */
  userId: string;
  /** Null: name and picture are what the client sends. Else its picture or none is shown, and its name if it has one. */
  verified: VerifiedUser | null;
}

/**
 * @param text The state as JSON.
 * @param state The same, parsed; not modified.
 * @returns `text`, or JSON with a corrected `user`.
 * @throws {SyncError} TOO_LARGE when that is larger than readers accept.
 */
export function stateOf({ userId, verified }: ShownUser, text: string, state: AwarenessState): string {
  const said = isRecord(state['user']) ? state['user'] : null;
  if (userId === '') {
    if (said === null || !(Object.hasOwn(said, 'id') || Object.hasOwn(said, 'picture'))) return text;
    return encoded({ ...state, user: { ...said, id: undefined, picture: undefined } });
  }
  const name = verified?.name ?? said?.['name'];
  const picture = verified === null ? said?.['picture'] : verified.picture;
  if (said?.['id'] === userId && said['name'] === name && said['picture'] === picture) return text;
  return encoded({ ...state, user: { ...said, id: userId, name, picture } });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Encodes the state; undefined fields are left out. */
function encoded(state: AwarenessState): string {
  const text = JSON.stringify(state);
  const isTooLarge = text.length * 3 > limits.maxAwarenessStateBytes && Buffer.byteLength(text) > limits.maxAwarenessStateBytes;
  if (isTooLarge) throw new SyncError('TOO_LARGE', 'a presence state is too large with the verified name in it');
  return text;
}
