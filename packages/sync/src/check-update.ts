/**
 * A look at a Yjs update (V1) before Yjs reads it, since Yjs trusts the bytes: a claimed count of 32 million structs is
 * allocated before the first is read, and what an apply that throws leaves behind is not undone. Building the structs
 * only to look at them costs as much as applying them, so this passes over them, in about a tenth of the time.
 *
 *     update  = clients x (structs, client, clock, structs x struct), clients x (client, ranges x (clock, length))
 *
 * A relay walks the same bytes with the same outcome (`checkUpdate` of packages/protocol), and can say what is wrong.
 */
import { createDecoder, hasContent, readAny, readUint8, readVarString, readVarUint, readVarUint8Array, type Decoder } from 'lib0/decoding';
import { isShallow } from './is-shallow.ts';

/** Nesting of one value. Deeper ones can be read and then not be written again, since both recurse. */
const MAX_DEPTH = 256;
/** No client's clock ends above: one client id writes at most so many characters and elements in its life. */
const MAX_CLOCK = 2 ** 31;

/** Of shared types: XmlElement and XmlHook have a name, XmlText is the last. */
const TYPES_WITH_NAME = [3, 5];
const LAST_TYPE = 6;

const KIND = 0b0001_1111;
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
      const length = readStruct(decoder);
      if (length === 0) return unusable();
      clock = checkClock(clock + length);
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

/** @returns How many clocks it takes. */
function readStruct(decoder: Decoder): number {
  const info = readUint8(decoder);
  const kind = info & KIND;
  if (kind === 0 || kind === 10) return readVarUint(decoder); // Collected, or a hole.
  if ((info & HAS_LEFT) !== 0) readId(decoder);
  if ((info & HAS_RIGHT) !== 0) readId(decoder);
  if ((info & (HAS_LEFT | HAS_RIGHT)) === 0) {
    if (readVarUint(decoder) === 1) readVarString(decoder);
    else readId(decoder);
    if ((info & HAS_KEY) !== 0) readVarString(decoder);
  }
  return readContent(kind, decoder);
}

function readId(decoder: Decoder): void {
  readVarUint(decoder);
  readVarUint(decoder);
}

/** The numbers are those of Yjs' kinds of content. */
function readContent(kind: number, decoder: Decoder): number {
  switch (kind) {
    case 1: // deleted
      return readVarUint(decoder);
    case 2: // JSON, of documents written by old versions
      return readValues(decoder, readJson);
    case 3: // binary
      readVarUint8Array(decoder);
      return 1;
    case 4: // text
      return readVarString(decoder).length;
    case 6: // format
      readVarString(decoder);
      return readJson(decoder);
    case 5: // embed
      return readJson(decoder);
    case 7: {
      const type = readVarUint(decoder);
      if (type > LAST_TYPE) return unusable();
      if (TYPES_WITH_NAME.includes(type)) readVarString(decoder);
      return 1;
    }
    case 8: // any
      return readValues(decoder, readPlain);
    case 9: // subdocument
      readVarString(decoder);
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
 * A value as lib0 writes it: 117 begins a list, 118 an object. A property `__proto__` would change the prototype of
 * what Yjs reads, and a document with such a value may never be encoded again.
 */
function readPlain(decoder: Decoder, depthLeft: number): 1 {
  const kind = decoder.arr[decoder.pos];
  if (kind !== 117 && kind !== 118) {
    readAny(decoder);
    return 1;
  }
  if (depthLeft === 0) return unusable();
  decoder.pos++;
  for (let count = readVarUint(decoder); count > 0; count--) {
    if (kind === 118 && readVarString(decoder) === '__proto__') return unusable();
    readPlain(decoder, depthLeft - 1);
  }
  return 1;
}

function readJson(decoder: Decoder): 1 {
  const text = readVarString(decoder);
  return text === 'undefined' || isShallow(JSON.parse(text), MAX_DEPTH) ? 1 : unusable();
}

function checkClock(clock: number): number {
  return clock <= MAX_CLOCK ? clock : unusable();
}

/** Whatever is wrong: to `clocksOf`, as if the bytes had ended. */
function unusable(): never {
  throw new RangeError('unusable');
}
