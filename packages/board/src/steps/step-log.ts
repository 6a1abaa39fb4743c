/**
 * The log of a step: for each field that the gesture overrode the value before it, as bytes in the root `undo`.
 *
 *     version 1 | count | count x ( field code | id | 0                     it had no override
 *                                              | id | 1 tag value )        lib0 any, tag '' when untagged
 *               | count | count x ( index of the entry | tag )             only when there is one
 *
 * A tag that is not older than the step itself is stored behind the entries, where older readers do not look: to them the
 * value is untagged, and they do not look beneath it.
 *
 * Creations and deletions are not logged: `base` and `gone` name their step themselves, so drawing logs nothing.
 */
import { createDecoder, hasContent, readAny, readUint8, readVarString, readVarUint } from 'lib0/decoding';
import { createEncoder, toUint8Array, writeAny, writeUint8, writeVarString, writeVarUint } from 'lib0/encoding';
import { type Field, type Tagged, fieldOfCode } from '../document/fields.ts';
import { isElementId, isStep } from '../document/keys.ts';
import { MAX_STEP_LOG_BYTES } from '../limits.ts';
import type { ElementId, StepKey } from '../types.ts';

export interface LoggedOverride {
  readonly field: Field;
  readonly id: ElementId;
  /** The value stored before; null when the element had the value it was created with. */
  readonly before: Tagged | null;
  /** The tag of an untagged `before`, if that tag is not older than the step. */
  readonly laterTag?: StepKey;
}

/** The overrides of one step, in the order they were made. */
export interface StepLog {
  readonly entries: readonly LoggedOverride[];
  /** Undefined when this step did not write the field. */
  before(field: Field, id: ElementId): Tagged | null | undefined;
  laterTag(field: Field, id: ElementId): StepKey | undefined;
}

const VERSION = 1;

/** The entry of a step for a field whose true value before was `before`. */
export function logEntry(step: StepKey, field: Field, id: ElementId, before: Tagged | null): LoggedOverride {
  if (before === null || before.tag < step) return { field, id, before };
  return { field, id, before: { value: before.value, tag: '' }, laterTag: before.tag as StepKey };
}

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
    // The value comes from a document or has passed our own checks, so lib0 can write it.
    writeAny(encoder, before.value as Parameters<typeof writeAny>[1]);
  }
  const later = [...entries.entries()].filter(([, { laterTag }]) => laterTag !== undefined);
  if (later.length > 0) writeVarUint(encoder, later.length);
  for (const [index, { laterTag }] of later) {
    writeVarUint(encoder, index);
    writeVarString(encoder, laterTag as string);
  }
  return toUint8Array(encoder);
}

/**
 * Reads a log up to its first malformed entry and skips entries of fields of a newer version. Never throws; a value that
 * is not a logged step reads as an empty log.
 */
export function decodeStepLog(stored: unknown): StepLog {
  const entries: LoggedOverride[] = [];
  if (stored instanceof Uint8Array && stored.length <= MAX_STEP_LOG_BYTES) {
    try {
      readEntries(stored, entries);
    } catch (error) {
      // lib0 throws at the end of the bytes, and a RangeError when nesting exhausts the stack: both end the log here.
      if (!(error instanceof Error)) throw error;
    }
  }
  let byField: Map<string, LoggedOverride> | null = null;
  const find = (field: Field, id: ElementId): LoggedOverride | undefined => {
    byField ??= new Map(entries.map((entry) => [`${entry.field.code} ${entry.id}`, entry]));
    return byField.get(`${field.code} ${id}`);
  };
  return {
    entries,
    before: (field, id) => find(field, id)?.before,
    laterTag: (field, id) => find(field, id)?.laterTag,
  };
}

function readEntries(bytes: Uint8Array, entries: LoggedOverride[]): void {
  const decoder = createDecoder(bytes);
  if (readUint8(decoder) !== VERSION) return;
  /** Indices of skipped entries, as counted in the bytes. */
  const skipped: number[] = [];
  const count = readVarUint(decoder);
  for (let index = 0; index < count && hasContent(decoder); index++) {
    const field = fieldOfCode(readVarUint(decoder));
    const id = readVarString(decoder);
    let before: Tagged | null = null;
    let isSound = field !== undefined && isElementId(id);
    if (readUint8(decoder) === 1) {
      const tag = readVarString(decoder);
      const value: unknown = readAny(decoder);
      isSound &&= field?.isValid(value) === true && (tag === '' || isStep(tag));
      before = { value, tag: tag as Tagged['tag'] };
    }
    // Single bytes and small numbers past the end read as 0 instead of throwing.
    if (decoder.pos > bytes.length) return;
    if (isSound) entries.push({ field: field as Field, id: id as ElementId, before });
    else skipped.push(index);
  }
  if (hasContent(decoder)) readLaterTags(decoder, skipped, entries);
}

function readLaterTags(decoder: ReturnType<typeof createDecoder>, skipped: readonly number[], entries: LoggedOverride[]): void {
  for (let left = readVarUint(decoder); left > 0 && hasContent(decoder); left--) {
    const index = readVarUint(decoder);
    const laterTag = readVarString(decoder);
    if (skipped.includes(index)) continue;
    const place = index - skipped.filter((other) => other < index).length;
    const entry = entries[place];
    if (entry?.before?.tag === '' && isStep(laterTag)) entries[place] = { ...entry, laterTag };
  }
}
