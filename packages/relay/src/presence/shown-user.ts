/**
 * Who a state of presence says it is of. What a client writes into `user` is passed on as it is, but for what the relay
 * knows better: the id, and the name and picture that were verified. A state that says so already stays as it came.
 */

import { limits, SyncError, type AwarenessState } from '@wetink/protocol';
import type { VerifiedUser } from '../ports/authorize.ts';

export interface Shown {
  /** '': none, and none may be claimed. */
  userId: string;
  /** Null: name and picture are what the client says. Else the picture is this one or none, and so is the name if there is one. */
  verified: VerifiedUser | null;
}

/**
 * @param text The state as JSON.
 * @param state The same, parsed; not modified.
 * @returns `text`, or JSON in which `user` is put right.
 * @throws {SyncError} TOO_LARGE when that is more than any reader takes.
 */
export function stateOf({ userId, verified }: Shown, text: string, state: AwarenessState): string {
  const said = isRecord(state['user']) ? state['user'] : null;
  if (userId === '') {
    if (said === null || !Object.hasOwn(said, 'id')) return text;
    return encoded({ ...state, user: { ...said, id: undefined } });
  }
  const name = verified?.name ?? said?.['name'];
  const picture = verified === null ? said?.['picture'] : verified.picture;
  if (said?.['id'] === userId && said['name'] === name && said['picture'] === picture) return text;
  return encoded({ ...state, user: { ...said, id: userId, name, picture } });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is undefined is left out. */
function encoded(state: AwarenessState): string {
  const text = JSON.stringify(state);
  const isTooLarge = text.length * 3 > limits.maxAwarenessStateBytes && Buffer.byteLength(text) > limits.maxAwarenessStateBytes;
  if (isTooLarge) throw new SyncError('TOO_LARGE', 'a state of presence is too large with the name that was verified');
  return text;
}
