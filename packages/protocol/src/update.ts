/**
 * A first look at a Yjs update or state vector (encoding V1) from outside, without Yjs and without building anything.
 *
 *     update  = varUint clients, clients x (varUint structs, varUint client, varUint clock, structs x struct),
 *               varUint clients, clients x (varUint client, varUint ranges, ranges x (varUint clock, varUint length))
 *
 * Yjs trusts what it reads: seven bytes that claim 32 million structs cost 255 MB before they fail, a value nested
 * 200,000 deep overflows the stack, and what an apply that throws leaves behind is not undone. So a relay walks the
 * bytes here first. Whatever this accepts, Yjs can decode, in memory in proportion to the bytes; whether it belongs in
 * the document is not decided here. V2 has no such walk, and 27 crafted bytes of it hang Yjs for ever (yjs#687): it is
 * never decoded from outside.
 */

import { depthOfJson } from './json-depth.ts';
import * as limits from './limits.ts';
import { BoundedReader } from './reader.ts';
import { SyncError } from './sync-error.ts';

export interface UpdateLimits {
  /** Structs of all clients together. Default: as many as fit in the bytes. */
  maxStructs: number;
  /** Ranges of the delete set. Default: as many as fit in the bytes. */
  maxDeleteRanges: number;
  /** Nesting of one value. */
  maxDepth: number;
  /** Largest clock at which a client's structs may end. */
  maxClock: number;
}

/** Callbacks for what a document keeps for good, struct by struct, in the order of the update. */
export interface UpdateVisitor {
  /** A struct names the root type it belongs to; Yjs makes that type on reading it, also when it knows the struct. */
  onRoot?(name: string): void;
  /** A subdocument, and under which number of which client. */
  onSubdocument?(client: number, clock: number): void;
}

export interface UpdateSummary {
  structs: number;
  deleteRanges: number;
  /** Each is a whole `Y.Doc` once it is read. */
  subdocuments: number;
  /** Whose structs, and from which clock (inclusive) to which (exclusive); in the order of the update. */
  clocks: { client: number; from: number; to: number }[];
}

/** client and clock, one byte each; also the smallest struct (info and length) and delete range. */
const PAIR_BYTES = 2;
/** structs, client and clock, one byte each. */
const CLIENT_HEAD_BYTES = 3;

const INFO_KIND = 0b0001_1111;
const INFO_HAS_PARENT_KEY = 0b0010_0000;
const INFO_HAS_RIGHT = 0b0100_0000;
const INFO_HAS_LEFT = 0b1000_0000;
const KIND_GC = 0;
const KIND_SUBDOCUMENT = 9;
const KIND_SKIP = 10;

/** @throws {SyncError} BAD_UPDATE when it is not a state vector. */
export function checkStateVector(stateVector: Uint8Array): void {
  asBadUpdate(() => {
    const reader = new BoundedReader(stateVector);
    const count = reader.count('clients', PAIR_BYTES);
    for (let i = 0; i < count; i++) {
      reader.uint('client');
      reader.uint('clock');
    }
    reader.finish('the state vector');
  });
}

/**
 * @param update V1. Not modified, nothing of it is kept.
 * @throws {SyncError} BAD_UPDATE when Yjs could not decode it, or when it is beyond a limit.
 * @remarks One pass, O(bytes); allocates one record a client.
 */
export function checkUpdate(update: Uint8Array, options: Partial<UpdateLimits> & UpdateVisitor = {}): UpdateSummary {
  const bounds: UpdateLimits = {
    maxStructs: options.maxStructs ?? Number.MAX_SAFE_INTEGER,
    maxDeleteRanges: options.maxDeleteRanges ?? Number.MAX_SAFE_INTEGER,
    maxDepth: options.maxDepth ?? limits.maxUpdateDepth,
    maxClock: options.maxClock ?? limits.maxUpdateClock,
  };
  return asBadUpdate(() => {
    const reader = new BoundedReader(update);
    const summary: UpdateSummary = { structs: 0, deleteRanges: 0, subdocuments: 0, clocks: [] };
    readStructs(reader, bounds, summary, options);
    readDeleteSet(reader, bounds, summary);
    reader.finish('the delete set');
    return summary;
  });
}

function readStructs(reader: BoundedReader, bounds: UpdateLimits, summary: UpdateSummary, visitor: UpdateVisitor): void {
  const clients = reader.count('clients', CLIENT_HEAD_BYTES);
  for (let i = 0; i < clients; i++) {
    const structs = reader.count('structs', PAIR_BYTES, bounds.maxStructs - summary.structs);
    summary.structs += structs;
    const client = reader.uint('client');
    const from = reader.uint('clock', bounds.maxClock);
    let to = from;
    for (let j = 0; j < structs; j++) {
      const info = reader.byte('struct');
      const length = readStruct(info, reader, bounds.maxDepth, visitor);
      if ((info & INFO_KIND) === KIND_SUBDOCUMENT) {
        summary.subdocuments += 1;
        visitor.onSubdocument?.(client, to);
      }
      if (length === 0) throw new SyncError('BAD_UPDATE', 'a struct of length 0');
      to += length;
      if (to > bounds.maxClock) throw new SyncError('BAD_UPDATE', `a clock above ${bounds.maxClock}`);
    }
    summary.clocks.push({ client, from, to });
  }
}

function readDeleteSet(reader: BoundedReader, bounds: UpdateLimits, summary: UpdateSummary): void {
  const clients = reader.count('clients of the delete set', PAIR_BYTES);
  for (let i = 0; i < clients; i++) {
    reader.uint('client');
    const ranges = reader.count('delete ranges', PAIR_BYTES, bounds.maxDeleteRanges - summary.deleteRanges);
    summary.deleteRanges += ranges;
    for (let j = 0; j < ranges; j++) {
      const clock = reader.uint('clock', bounds.maxClock);
      const length = reader.uint('length', bounds.maxClock);
      if (clock + length > bounds.maxClock) throw new SyncError('BAD_UPDATE', `a deletion above clock ${bounds.maxClock}`);
    }
  }
}

/** @returns how many clocks the struct takes. */
function readStruct(info: number, reader: BoundedReader, maxDepth: number, visitor: UpdateVisitor): number {
  const kind = info & INFO_KIND;
  // A hole with flags is one to `Y.applyUpdate`, and an error to all that reads updates lazily, `Y.parseUpdateMeta` first.
  if (kind === KIND_GC || info === KIND_SKIP) return reader.uint('length');
  const hasLeft = (info & INFO_HAS_LEFT) !== 0;
  const hasRight = (info & INFO_HAS_RIGHT) !== 0;
  if (hasLeft) readId(reader);
  if (hasRight) readId(reader);
  if (!hasLeft && !hasRight) {
    if (reader.uint('parent kind') !== 1) readId(reader);
    else if (visitor.onRoot === undefined) reader.utf16Length('root name');
    else visitor.onRoot(reader.string('root name', reader.remainingBytes));
    if ((info & INFO_HAS_PARENT_KEY) !== 0) reader.utf16Length('parent key');
  }
  return readContent(kind, reader, maxDepth);
}

function readId(reader: BoundedReader): void {
  reader.uint('client');
  reader.uint('clock');
}

/** The numbers are those of Yjs' content kinds. */
function readContent(kind: number, reader: BoundedReader, maxDepth: number): number {
  switch (kind) {
    case 1: // deleted
      return reader.uint('length');
    case 2: {
      // JSON, of documents written by old versions
      const count = reader.count('values', 1);
      for (let i = 0; i < count; i++) readJson(reader, maxDepth);
      return count;
    }
    case 3: // binary
      reader.skipBytes('binary');
      return 1;
    case 4: // string
      return reader.utf16Length('text');
    case 5: // embed
      readJson(reader, maxDepth);
      return 1;
    case 6: // format
      reader.utf16Length('format key');
      readJson(reader, maxDepth);
      return 1;
    case 7: // type
      readType(reader);
      return 1;
    case 8: {
      // any
      const count = reader.count('values', 1);
      for (let i = 0; i < count; i++) readAny(reader, maxDepth);
      return count;
    }
    case KIND_SUBDOCUMENT: // its guid and options
      reader.utf16Length('guid');
      readAny(reader, maxDepth);
      return 1;
    default:
      throw new SyncError('BAD_UPDATE', `content kind ${kind}`);
  }
}

/** Array, Map, Text, XmlElement (with a name), XmlFragment, XmlHook (with a name), XmlText. */
function readType(reader: BoundedReader): void {
  const kind = reader.uint('type', 6);
  if (kind === 3 || kind === 5) reader.utf16Length('type name');
}

function readJson(reader: BoundedReader, maxDepth: number): void {
  const text = reader.string('JSON', reader.remainingBytes);
  if (text === 'undefined') return;
  if (depthOfJson(text) > maxDepth) throw tooDeep();
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new SyncError('BAD_UPDATE', 'a value that is not JSON', { cause });
  }
}

/** lib0's `readAny`. Recursion is bounded by `depthLeft`. */
function readAny(reader: BoundedReader, depthLeft: number): void {
  const kind = reader.byte('value');
  switch (kind) {
    case 127: // undefined
    case 126: // null
    case 121: // false
    case 120: // true
      return;
    case 125: // integer: sign in the first byte, groups as in a varUint
      reader.uint('integer');
      return;
    case 124: // float32
      reader.skip('float', 4);
      return;
    case 123: // float64
    case 122: // 64-bit integer
      reader.skip('number', 8);
      return;
    case 119:
      reader.utf16Length('text');
      return;
    case 118: {
      if (depthLeft === 0) throw tooDeep();
      const count = reader.count('properties', PAIR_BYTES);
      for (let i = 0; i < count; i++) {
        // Yjs assigns it, which changes the value's prototype: with a binary there, encoding the document throws for ever.
        if (reader.isText('property name', '__proto__')) throw new SyncError('BAD_UPDATE', 'a property named __proto__');
        readAny(reader, depthLeft - 1);
      }
      return;
    }
    case 117: {
      if (depthLeft === 0) throw tooDeep();
      const count = reader.count('values', 1);
      for (let i = 0; i < count; i++) readAny(reader, depthLeft - 1);
      return;
    }
    case 116:
      reader.skipBytes('binary');
      return;
    default:
      throw new SyncError('BAD_UPDATE', `value kind ${kind}`);
  }
}

function tooDeep(): SyncError {
  return new SyncError('BAD_UPDATE', 'a value nested too deep');
}

/** Inside bytes that claim to be an update every failure means the same. */
function asBadUpdate<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof SyncError) || cause.code === 'BAD_UPDATE') throw cause;
    throw new SyncError('BAD_UPDATE', cause.message, { cause });
  }
}
