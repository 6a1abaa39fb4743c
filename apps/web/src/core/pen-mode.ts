/**
 * Whether fingers draw beside a pen: a fact of this device, not of a person or a board. It has a pen or it has none, and
 * the hand that rests on its screen is the same on every board. What is read back is never trusted.
 */
import type { PenMode } from '@wetink/canvas';
import type { KeyValue } from './key-value.ts';

const KEY = 'wetink.pen-mode';

/** `unseen` unless a pen was here, or somebody chose. */
export function readPenMode(facts: KeyValue): PenMode {
  const value = facts.read(KEY);
  return value === 'on' || value === 'off' ? value : 'unseen';
}

export function writePenMode(facts: KeyValue, mode: PenMode): void {
  if (mode !== readPenMode(facts)) facts.write(KEY, mode);
}
