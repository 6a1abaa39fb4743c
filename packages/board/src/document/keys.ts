/**
 * The three kinds of keys of a board, as text whose order is meaningful.
 *
 *     session   8 characters of base 62                     one Y.Doc instance
 *     step      8 characters of base 36 (ms) + session      one gesture; text order is clock order
 *     element   session + counter in base 36                minted in the transaction that writes it
 *
 * Every reader checks the shape: a key of another shape came from a fault or from malice.
 */
import type { ElementId, SessionId, StepKey } from '../types.ts';

const digits62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const SESSION_LENGTH = 8;
const TIME_LENGTH = 8;
/** The largest clock value a step can carry, in ms: the year 2059. */
export const MAX_STEP_TIME = 36 ** TIME_LENGTH - 1;

const sessionShape = /^[0-9A-Za-z]{8}$/;
const stepShape = /^[0-9a-z]{8}[0-9A-Za-z]{8}$/;
/** A counter without leading zeros, so that one element has one id; 7 digits are 78 billion. */
const elementShape = /^[0-9A-Za-z]{8}(?:0|[1-9a-z][0-9a-z]{0,6})$/;

/** 47 bits: two sessions of a board collide once in about ten million boards of a thousand sessions each. */
export function mintSession(random: () => number): SessionId {
  let session = '';
  for (let i = 0; i < SESSION_LENGTH; i++) session += digits62[Math.floor(random() * 62) % 62];
  return session as SessionId;
}

export function isSession(value: unknown): value is SessionId {
  return typeof value === 'string' && sessionShape.test(value);
}

export function isStep(value: unknown): value is StepKey {
  return typeof value === 'string' && stepShape.test(value);
}

export function isElementId(value: unknown): value is ElementId {
  return typeof value === 'string' && elementShape.test(value);
}

/** @param timeMs Whole, 0..MAX_STEP_TIME. */
export function stepKey(timeMs: number, session: SessionId): StepKey {
  return (timeMs.toString(36).padStart(TIME_LENGTH, '0') + session) as StepKey;
}

export function stepTime(step: StepKey): number {
  return parseInt(step.slice(0, TIME_LENGTH), 36);
}

export function stepSession(step: StepKey): SessionId {
  return step.slice(TIME_LENGTH) as SessionId;
}

export function elementId(session: SessionId, counter: number): ElementId {
  return (session + counter.toString(36)) as ElementId;
}

export function elementSession(id: ElementId): SessionId {
  return id.slice(0, SESSION_LENGTH) as SessionId;
}

export function elementCounter(id: ElementId): number {
  return parseInt(id.slice(SESSION_LENGTH), 36);
}
