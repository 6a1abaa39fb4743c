/**
 * A look at a Yjs update (V1) before Yjs reads it, since Yjs trusts the bytes: a claimed count of 32 million structs is
 * allocated before the first is read, and what an apply that throws leaves behind is not undone. Building the structs
 * only to look at them costs as much as applying them, so this passes over them, in about a tenth of the time.
 *
 *     update  = clients x (structs, client, clock, structs x struct), clients x (client, ranges x (clock, length))
 *
 * A relay walks the same bytes with the same outcome (`checkUpdate` of packages/protocol), and can say what is wrong.
 */
import { createDecoder, hasContent, readUint8, readVarInt, readVarString, readVarUint, type Decoder } from 'lib0/decoding';
import { isShallow } from './is-shallow.ts';

/** Nesting of one value. Deeper ones can be read and then not be written again, since both recurse. */
const MAX_DEPTH = 256;
/** Largest clock: one client id writes at most this many characters and elements in its life. */
const MAX_CLOCK = 2 ** 31;

/** Numbers of shared types: XmlElement and XmlHook have a name, XmlText is the last. */
const TYPES_WITH_NAME = [3, 5];
const LAST_TYPE = 6;

const KIND = 0b0001_1111;
const COLLECTED = 0;
const HOLE = 10;
const HAS_KEY = 0b0010_0000;
const HAS_RIGHT = 0b0100_0000;
const HAS_LEFT = 0b1000_0000;

/** Client id to the clock after its last struct, or null when Yjs could not apply the update. */
export function clocksOf(update: Uint8Array): Map<number, number> | null {
  const decoder = createDecoder(update);
  try {
    const clocks = readStructs(decoder);
    readDeletions(decoder);
    return hasContent(decoder) ? null : clocks;
  } catch {
    return null; // The bytes end too early, or say something that Yjs does not know.
  }
}

function readStructs(decoder: Decoder): Map<number, number> {
  const clocks = new Map<number, number>();
  for (let clients = readVarUint(decoder); clients > 0; clients--) {
    const structs = readVarUint(decoder);
    const client = readVarUint(decoder);
    let clock = readVarUint(decoder);
    for (let i = 0; i < structs; i++) {
      clock = checkClock(clock + readStruct(decoder, null));
    }
    clocks.set(client, Math.max(clock, clocks.get(client) ?? 0));
  }
  return clocks;
}

function readDeletions(decoder: Decoder): void {
  for (let clients = readVarUint(decoder); clients > 0; clients--) {
    readVarUint(decoder);
    for (let ranges = readVarUint(decoder); ranges > 0; ranges--) checkClock(readVarUint(decoder) + readVarUint(decoder));
  }
}

/**
 * @param ids Receives the ids that the struct builds on: client, clock, client, clock.
 * @returns Clocks that the struct takes, at least 1.
 */
export function readStruct(decoder: Decoder, ids: number[] | null): number {
  const info = readUint8(decoder);
  const kind = info & KIND;
  if (kind === COLLECTED || kind === HOLE) return readVarUint(decoder) || unusable();
  if ((info & HAS_LEFT) !== 0) readId(decoder, ids);
  if ((info & HAS_RIGHT) !== 0) readId(decoder, ids);
  if ((info & (HAS_LEFT | HAS_RIGHT)) === 0) {
    if (readVarUint(decoder) === 1) passString(decoder);
    else readId(decoder, ids);
    if ((info & HAS_KEY) !== 0) passString(decoder);
  }
  return readContent(kind, decoder) || unusable();
}

/** Whether the struct that begins here stands for clocks that are left out. */
export function isHole(decoder: Decoder): boolean {
  return ((decoder.arr[decoder.pos] ?? 0) & KIND) === HOLE;
}

function readId(decoder: Decoder, ids: number[] | null): void {
  const client = readVarUint(decoder);
  const clock = readVarUint(decoder);
  ids?.push(client, clock);
}

/** The numbers are those of Yjs' kinds of content. */
function readContent(kind: number, decoder: Decoder): number {
  switch (kind) {
    case 1: // deleted
      return readVarUint(decoder);
    case 2: // JSON, of documents written by old versions
      return readValues(decoder, readJson);
    case 3: // binary
      passBytes(decoder, readVarUint(decoder));
      return 1;
    case 4: // text
      return readVarString(decoder).length;
    case 6: // format
      passString(decoder);
      return readJson(decoder);
    case 5: // embed
      return readJson(decoder);
    case 7: {
      const type = readVarUint(decoder);
      if (type > LAST_TYPE) return unusable();
      if (TYPES_WITH_NAME.includes(type)) passString(decoder);
      return 1;
    }
    case 8: // any
      return readValues(decoder, readPlain);
    case 9: // subdocument
      passString(decoder);
      return readPlain(decoder, MAX_DEPTH);
    default:
      return unusable();
  }
}

function readValues(decoder: Decoder, read: (decoder: Decoder, depthLeft: number) => number): number {
  const count = readVarUint(decoder);
  for (let i = 0; i < count; i++) read(decoder, MAX_DEPTH);
  return count;
}

/**
 * A value as lib0 writes it. A property `__proto__` would change the prototype of what Yjs reads, and a document with such
 * a value may never be encoded again.
 */
function readPlain(decoder: Decoder, depthLeft: number): 1 {
  const kind = readUint8(decoder);
  switch (kind) {
    case 127: // undefined
    case 126: // null
    case 121: // false
    case 120: // true
      return 1;
    case 125: // whole number
      readVarInt(decoder);
      return 1;
    case 124: // 32 bits
      return passBytes(decoder, 4);
    case 123: // 64 bits
    case 122: // 64 bits, whole
      return passBytes(decoder, 8);
    case 119:
      return passString(decoder);
    case 118: // object
    case 117: // list
      if (depthLeft === 0) return unusable();
      for (let count = readVarUint(decoder); count > 0; count--) {
        if (kind === 118) readName(decoder);
        readPlain(decoder, depthLeft - 1);
      }
      return 1;
    case 116: // bytes
      return passBytes(decoder, readVarUint(decoder));
    default:
      return unusable();
  }
}

const PROTO_LENGTH = '__proto__'.length;

function readName(decoder: Decoder): void {
  const begin = decoder.pos;
  const length = readVarUint(decoder);
  decoder.pos = begin;
  // Every object has names, and hardly any has the length of `__proto__`.
  if (length !== PROTO_LENGTH) passString(decoder);
  else if (readVarString(decoder) === '__proto__') unusable();
}

/** Text that Yjs could read: making a string of it takes much longer, and most is plain ASCII. */
function passString(decoder: Decoder): 1 {
  const { arr, pos: begin } = decoder;
  const length = readVarUint(decoder);
  const end = decoder.pos + length;
  for (let at = decoder.pos; at < end; at++) {
    if ((arr[at] ?? 0xff) < 0x80) continue;
    decoder.pos = begin;
    readVarString(decoder);
    return 1;
  }
  decoder.pos = end;
  return 1;
}

function passBytes(decoder: Decoder, length: number): 1 {
  decoder.pos += length;
  return decoder.pos <= decoder.arr.length ? 1 : unusable();
}

function readJson(decoder: Decoder): 1 {
  const text = readVarString(decoder);
  return text === 'undefined' || isShallow(JSON.parse(text), MAX_DEPTH) ? 1 : unusable();
}

export function checkClock(clock: number): number {
  return clock <= MAX_CLOCK ? clock : unusable();
}

/** Throws, whatever is wrong: callers treat it as if the bytes had ended. */
export function unusable(): never {
  throw new RangeError('unusable');
}
