/**
 * Whether fingers draw beside a pen. Kept for the device, not for a person or a board: it has a pen or it has none, and
 * a hand rests on its screen on every board. What is read back is never trusted.
 */
import type { PenMode } from '@wetink/canvas';
import type { KeyValue } from './key-value.ts';

const KEY = 'wetink.pen-mode';

/** `unseen` until a pen is used here or the person chooses. */
export function readPenMode(facts: KeyValue): PenMode {
  const value = facts.read(KEY);
  return value === 'on' || value === 'off' ? value : 'unseen';
}

export function writePenMode(facts: KeyValue, mode: PenMode): void {
  if (mode !== readPenMode(facts)) facts.write(KEY, mode);
}
