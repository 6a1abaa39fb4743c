/**
 * The body of an awareness message: the states of clients, as y-protocols writes it.
 *
 *     body  = varUint count, count x entry
 *     entry = varUint clientId, varUint clock, varString state
 *
 * A state stays text here: a relay drops stale clocks and merges by client without parsing. Code that forwards a state
 * to people must have parsed it once (`parseAwarenessState`): y-protocols applies a body entry by entry and stops at
 * the first that is not JSON, so one bad state would hide everyone behind it.
 */

import { createEncoder, toUint8Array, writeVarString, writeVarUint } from 'lib0/encoding';
import { checkUint } from './check-uint.ts';
import { depthOfJson } from './json-depth.ts';
import * as limits from './limits.ts';
import { BoundedReader } from './reader.ts';
import { SyncError } from './sync-error.ts';

export interface AwarenessEntry {
  clientId: number;
  /** Rises by one with each change of that client's state. */
  clock: number;
  /** JSON text; 'null' says that the client has left. */
  state: string;
}

export interface AwarenessLimits {
  maxEntries: number;
  maxStateBytes: number;
}

export type AwarenessState = { [key: string]: unknown };

/** clientId, clock and a length, one byte each. */
const MIN_ENTRY_BYTES = 3;

/**
 * @param body As in `Message` of type 'awareness'.
 * @throws {SyncError} MALFORMED, or TOO_LARGE when a count or a state is above its limit.
 */
export function decodeAwareness(
  body: Uint8Array,
  { maxEntries = limits.maxAwarenessEntries, maxStateBytes = limits.maxAwarenessStateBytes }: Partial<AwarenessLimits> = {},
): AwarenessEntry[] {
  const reader = new BoundedReader(body);
  const count = reader.count('awareness states', MIN_ENTRY_BYTES, maxEntries);
  const entries: AwarenessEntry[] = [];
  for (let i = 0; i < count; i++) {
    const clientId = reader.uint('awareness client id');
    const clock = reader.uint('awareness clock', limits.maxAwarenessClock);
    entries.push({ clientId, clock, state: reader.string('awareness state', maxStateBytes) });
  }
  reader.finish('the awareness states');
  return entries;
}

/** @throws {RangeError} when an id or a clock is not a safe unsigned integer. */
export function encodeAwareness(entries: readonly AwarenessEntry[]): Uint8Array {
  const encoder = createEncoder();
  writeVarUint(encoder, entries.length);
  for (const { clientId, clock, state } of entries) {
    writeVarUint(encoder, checkUint(clientId, 'clientId'));
    writeVarUint(encoder, checkUint(clock, 'clock'));
    writeVarString(encoder, state);
  }
  return toUint8Array(encoder);
}

/**
 * A state as an object, or null for a client that has left. Keys named `__proto__` are dropped: they are harmless
 * until somebody copies the state with Object.assign.
 *
 * @throws {SyncError} MALFORMED when it is not JSON, not an object or null, or nested deeper than allowed.
 */
export function parseAwarenessState(state: string): AwarenessState | null {
  if (depthOfJson(state) > limits.maxAwarenessDepth) {
    throw new SyncError('MALFORMED', `awareness state is nested deeper than ${limits.maxAwarenessDepth}`);
  }
  let value: unknown;
  try {
    value = mayHoldProto.test(state) ? JSON.parse(state, dropProto) : JSON.parse(state);
  } catch (cause) {
    throw new SyncError('MALFORMED', 'awareness state is not JSON', { cause });
  }
  if (value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new SyncError('MALFORMED', 'awareness state is not an object');
  }
  return value as AwarenessState;
}

/** The name itself, or any escape that could spell it. */
const mayHoldProto = /__proto__|\\u/;

function dropProto(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}
