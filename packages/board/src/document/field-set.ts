/**
 * Which fields of an element are overridden: one bit a field. A number has 32 bits that can be worked on, so they are in
 * two numbers, part of the entry of each element: a set of its own would cost a board of 100,000 elements megabytes.
 */
import type { Field } from './fields.ts';

export interface FieldSet {
  /** Bits of the codes 0..30. */
  lowFields: number;
  /** Bits of the codes 31..61. */
  highFields: number;
}

const BITS = 31;

export function fieldSet(fields: readonly Field[]): FieldSet {
  const set = { lowFields: 0, highFields: 0 };
  for (const field of fields) setField(set, field, { isIn: true });
  return set;
}

export function hasField(set: FieldSet, { code }: Field): boolean {
  return code < BITS ? (set.lowFields & (1 << code)) !== 0 : (set.highFields & (1 << (code - BITS))) !== 0;
}

export function hasFieldOf(set: FieldSet, other: FieldSet): boolean {
  return (set.lowFields & other.lowFields) !== 0 || (set.highFields & other.highFields) !== 0;
}

export function hasFields({ lowFields, highFields }: FieldSet): boolean {
  return lowFields !== 0 || highFields !== 0;
}

export function setField(set: FieldSet, { code }: Field, { isIn }: { readonly isIn: boolean }): void {
  const half = code < BITS ? 'lowFields' : 'highFields';
  const bit = 1 << (code < BITS ? code : code - BITS);
  set[half] = isIn ? set[half] | bit : set[half] & ~bit;
}
