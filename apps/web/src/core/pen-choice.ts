/** How the pen draws, beside its style, kept on the device: the hand and the pen are the same on every board. What is read back is never trusted. */
import type { PenChoice } from '@wetink/canvas';
import type { KeyValue } from './key-value.ts';

const KEY = 'wetink.pen';

export const steadinesses = ['off', 'some', 'strong'] as const satisfies readonly PenChoice['steadiness'][];

export function readPenChoice(facts: KeyValue): PenChoice {
  const { steadiness, isConstant, doesShape } = (facts.read(KEY) ?? {}) as Partial<Record<keyof PenChoice, unknown>>;
  return {
    steadiness: steadinesses.find((one) => one === steadiness) ?? 'off',
    isConstant: isConstant === true,
    doesShape: doesShape !== false,
  };
}

export function writePenChoice(facts: KeyValue, choice: PenChoice): void {
  facts.write(KEY, choice);
}
