/**
 * What one gesture overrode: for each field the value before it, as bytes in the root `undo`.
 *
 *     version 1 | count | count x ( field code | id | 0                     it had no override
 *                                              | id | 1 tag value )        lib0 any, tag '' when untagged
 *
 * Creations and deletions are not in here: `base` and `gone` name their step themselves, so drawing logs nothing.
 */
import { createDecoder, hasContent, readAny, readUint8, readVarString, readVarUint } from 'lib0/decoding';
import { createEncoder, toUint8Array, writeAny, writeUint8, writeVarString, writeVarUint } from 'lib0/encoding';
import type { Field, Tagged } from './fields.ts';
import { fieldList } from './fields.ts';
import { isElementId, isStep } from './keys.ts';
import { MAX_STEP_LOG_BYTES } from './limits.ts';
import type { ElementId } from './types.ts';

export interface LoggedOverride {
  readonly field: Field;
  readonly id: ElementId;
  /** What was stored before; null when the element showed what it was created with. */
  readonly before: Tagged | null;
}

/** The overrides of one step, in the order they were made. */
export interface StepLog {
  readonly entries: readonly LoggedOverride[];
  /** Undefined when this step did not write the field. */
  before(field: Field, id: ElementId): Tagged | null | undefined;
}

const VERSION = 1;

export function encodeStepLog(entries: readonly LoggedOverride[]): Uint8Array {
  const encoder = createEncoder();
  writeUint8(encoder, VERSION);
  writeVarUint(encoder, entries.length);
  for (const { field, id, before } of entries) {
    writeVarUint(encoder, field.code);
    writeVarString(encoder, id);
    writeUint8(encoder, before === null ? 0 : 1);
    if (before === null) continue;
    writeVarString(encoder, before.tag);
    // The value came out of a document or out of our own checks, so it is one of the shapes lib0 writes.
    writeAny(encoder, before.value as Parameters<typeof writeAny>[1]);
  }
  return toUint8Array(encoder);
}

/**
 * Reads as far as the bytes make sense: entries of fields of a newer version are skipped, and what follows the first
 * malformed one is dropped. Never throws; a value that is not a logged step at all reads as an empty one.
 */
export function decodeStepLog(stored: unknown): StepLog {
  const entries: LoggedOverride[] = [];
  if (stored instanceof Uint8Array && stored.length <= MAX_STEP_LOG_BYTES) {
    try {
      readEntries(stored, entries);
    } catch (error) {
      // lib0 throws at the end of the bytes, and a RangeError where nesting exhausts the stack: both end the log here.
      if (!(error instanceof Error)) throw error;
    }
  }
  let byField: Map<string, Tagged | null> | null = null;
  return {
    entries,
    before(field, id) {
      byField ??= new Map(entries.map((entry) => [`${entry.field.code} ${entry.id}`, entry.before]));
      return byField.get(`${field.code} ${id}`);
    },
  };
}

function readEntries(bytes: Uint8Array, entries: LoggedOverride[]): void {
  const decoder = createDecoder(bytes);
  if (readUint8(decoder) !== VERSION) return;
  for (let left = readVarUint(decoder); left > 0 && hasContent(decoder); left--) {
    const field = fieldList[readVarUint(decoder)];
    const id = readVarString(decoder);
    let before: Tagged | null = null;
    if (readUint8(decoder) === 1) {
      const tag = readVarString(decoder);
      const value: unknown = readAny(decoder);
      if (field?.isValid(value) !== true || (tag !== '' && !isStep(tag))) continue;
      before = { value, tag };
    }
    // Single bytes and small numbers past the end read as 0 instead of throwing.
    if (decoder.pos > bytes.length) return;
    if (field !== undefined && isElementId(id)) entries.push({ field, id, before });
  }
}
