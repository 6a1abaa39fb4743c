/**
 * Every decoder of outside bytes, fed with good inputs, cut ones, mutated ones and noise, from a seed. Nothing but a
 * SyncError may come out, whatever is accepted must be readable by Yjs, and no count may be believed.
 *
 * `WETINK_FUZZ=20000000 npx vitest run --project fuzz packages/protocol/src/decoders.fuzz` feeds more;
 * `WETINK_FUZZ_SEED=2` feeds others.
 */

import { afterAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { crashers } from './fixtures/crashers.ts';
import { baseGolden, extensionGolden, fromHex, toHex } from './fixtures/golden.ts';
import { randomMessage } from './fixtures/random-message.ts';
import { randomSource, type Random } from './fixtures/random.ts';
import {
  checkStateVector,
  checkUpdate,
  createChunkAssembler,
  decodeAwareness,
  decodeFrame,
  decodeJoined,
  encodeAwareness,
  encodeMessage,
  parseAwarenessState,
  parseRequestTarget,
  readServerAwareness,
  ServerReader,
  SyncError,
} from './index.ts';

const SEED = Number(process.env['WETINK_FUZZ_SEED'] ?? 41);
const LEAST = 500_000;
const INPUTS = Math.max(LEAST, Number(process.env['WETINK_FUZZ'] ?? LEAST));
/** Good inputs to start from, made once for each decoder: making them is dearer than reading them. */
const GOOD = 4_000;
const MAX_HELD_BYTES = 2_000;

interface Decoder {
  name: string;
  /** Share of all inputs. */
  share: number;
  good(random: Random): Uint8Array;
  /** @returns whether it was taken. @throws {SyncError} when refused; anything else is a bug. */
  read(input: Uint8Array): boolean;
}

const golden = [...baseGolden, ...extensionGolden].map(({ hex }) => fromHex(hex));
const utf8 = new TextDecoder();

const frame = (random: Random): Uint8Array => (random.isTrue() ? random.pick(golden) : encodeMessage(randomMessage(random)));

let assembler = createChunkAssembler({ maxMessageBytes: 1_000, maxOpen: 2 });
let sinceNewAssembler = 0;

/** All that a frame goes through on a relay. */
function readFrame(input: Uint8Array, isExtension: boolean): boolean {
  for (const message of decodeFrame(input, { isExtension })) {
    if (message.type === 'awareness') for (const { state } of decodeAwareness(message.body)) parseAwarenessState(state);
    if (message.type === 'update' || message.type === 'sync-step-2') checkUpdate(message.update);
    if (message.type === 'sync-step-1') checkStateVector(message.stateVector);
    if (message.type === 'chunk') pushChunk(message);
  }
  return true;
}

function pushChunk(chunk: Parameters<typeof assembler.push>[0]): void {
  if ((sinceNewAssembler += 1) % 100 === 0) assembler = createChunkAssembler({ maxMessageBytes: 1_000, maxOpen: 2 });
  const joined = assembler.push(chunk);
  if (assembler.heldBytes > MAX_HELD_BYTES) throw new Error(`${assembler.heldBytes} bytes held`);
  if (joined !== null) decodeJoined(joined);
}

function readAsClient(input: Uint8Array, isExtension: boolean): boolean {
  const reader = new ServerReader();
  if (isExtension) reader.read(hello);
  const messages = reader.read(input);
  for (const message of messages ?? []) if (message.type === 'awareness') readServerAwareness(message.body);
  return messages !== null;
}

const hello = encodeMessage({ type: 'hello', version: 1, limits: { maxChunkBytes: 1_000, maxMessageBytes: 100_000 } });

const updates = realUpdates();

const decoders: readonly Decoder[] = [
  { name: 'base frames', share: 0.14, good: frame, read: (input) => readFrame(input, false) },
  { name: 'extension frames', share: 0.2, good: frame, read: (input) => readFrame(input, true) },
  { name: 'base frames, by a client', share: 0.06, good: frame, read: (input) => readAsClient(input, false) },
  { name: 'extension frames, by a client', share: 0.1, good: frame, read: (input) => readAsClient(input, true) },
  {
    name: 'awareness bodies',
    share: 0.12,
    good: (random) =>
      encodeAwareness(
        Array.from({ length: random.int(4) }, () => ({
          clientId: random.pick([1, 300, 2 ** 32 - 1]),
          clock: random.int(300),
          state: random.pick(['null', '{}', '{"name":"Ana","cursor":{"x":1,"y":[2]}}', '{"a":"\\u005f"}']),
        })),
      ),
    read(input) {
      const byClient = readServerAwareness(input);
      const entries = decodeAwareness(input);
      if (byClient?.length !== entries.length) throw new Error('a client reads something else');
      for (const { state } of entries) parseAwarenessState(state);
      return true;
    },
  },
  {
    name: 'joined chunks',
    share: 0.08,
    good: frame,
    read(input) {
      decodeJoined(input.slice());
      return true;
    },
  },
  {
    name: 'state vectors',
    share: 0.08,
    good: (random) => Y.encodeStateVector(new Map(Array.from({ length: random.int(5) }, () => [random.int(2 ** 32), random.int(1_000)]))),
    read(input) {
      checkStateVector(input);
      Y.decodeStateVector(input);
      return true;
    },
  },
  {
    name: 'updates',
    share: 0.18,
    good: (random) => random.pick(updates),
    read(input) {
      const { structs, deleteRanges } = checkUpdate(input);
      if (structs + deleteRanges > input.length) throw new Error('more than the bytes can hold');
      Y.decodeUpdate(input);
      return true;
    },
  },
  {
    name: 'request targets',
    share: 0.04,
    good: (random) =>
      new TextEncoder().encode(random.pick(['/a%20b?wetink=1', '/ü/%2e%2e?wetink=', '/50%', '/__proto__?token=a&wetink=2'])),
    read(input) {
      parseRequestTarget(utf8.decode(input));
      return true;
    },
  },
];

/** What documents that people edit send, and all of it merged. */
function realUpdates(): Uint8Array[] {
  const doc = new Y.Doc();
  doc.clientID = 12_345;
  const sent: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => sent.push(update));
  const map = doc.getMap<unknown>('m');
  const text = doc.getText('t');
  map.set('k', { a: [1, -5, 2 ** 40, 1.5, true, null, 'ä'], b: new Uint8Array([1, 2]) });
  map.set('k', new Y.Map([['in', 1]]));
  text.insert(0, 'Später \u{1f58a}');
  text.format(0, 3, { bold: true });
  text.insertEmbed(0, { image: 'a' });
  text.delete(2, 3);
  doc.getArray<unknown>('l').push([1, [2, { n: 12n ** 10n }], new Y.Text('t'), new Y.Doc()]);
  doc.getXmlFragment('x').insert(0, [new Y.XmlElement('p'), new Y.XmlText('hello')]);
  map.delete('k');
  sent.push(Y.mergeUpdates(sent.filter((_, i) => i % 2 === 0)), Y.encodeStateAsUpdate(doc));
  doc.destroy();
  return sent;
}

/** Cut off, noise, two behind each other, mutated, or as it is. */
function hostile(good: readonly Uint8Array[], random: Random): Uint8Array {
  const input = random.pick(good);
  switch (random.int(8)) {
    case 0:
      return input.subarray(0, random.int(input.length + 1));
    case 1:
      return random.bytes(random.int(40));
    case 2:
      return Uint8Array.of(...input, ...random.pick(good));
    case 3:
      return input;
    default:
      return random.mutate(input);
  }
}

const total = { inputs: 0, readMs: 0, worstMs: 0, worst: '' };

/** @returns whether the decoder took it. */
function feed({ name, read }: Decoder, input: Uint8Array): boolean {
  const startedMs = performance.now();
  let isTaken = false;
  try {
    isTaken = read(input);
  } catch (error) {
    if (!(error instanceof SyncError)) throw new Error(`seed ${SEED}, ${name}: add to crashers.ts: ${toHex(input)}`, { cause: error });
  }
  const tookMs = performance.now() - startedMs;
  total.inputs += 1;
  total.readMs += tookMs;
  if (tookMs > total.worstMs) [total.worstMs, total.worst] = [tookMs, `${name}, ${input.length} bytes`];
  return isTaken;
}

describe('[P10] only a SyncError ever comes out of a decoder', () => {
  const startedMs = performance.now();

  it.each(decoders)('$name: everything that once broke a decoder', (decoder) => {
    for (const { hex } of crashers) {
      const input = fromHex(hex);
      for (let end = 0; end <= input.length; end++) feed(decoder, input.subarray(0, end));
    }
  });

  it.each(decoders)('$name: seeded inputs', { timeout: INPUTS }, (decoder) => {
    const random = randomSource(SEED);
    const good = Array.from({ length: GOOD }, () => decoder.good(random));
    const inputs = Math.ceil(INPUTS * decoder.share);
    let taken = 0;
    for (let i = 0; i < inputs; i++) if (feed(decoder, hostile(good, random))) taken++;
    // Both must be common, or the inputs are too harsh or too mild to reach anything.
    expect(taken).toBeGreaterThan(inputs / 50);
    expect(inputs - taken).toBeGreaterThan(inputs / 50);
  });

  afterAll(() => {
    const seconds = (performance.now() - startedMs) / 1_000;
    const { inputs, readMs, worstMs, worst } = total;
    console.log(
      `${inputs} inputs in ${seconds.toFixed(1)} s, ${Math.round(inputs / seconds)} a second (${Math.round((inputs * 1_000) / readMs)} without making them); worst stall ${worstMs.toFixed(1)} ms (${worst})`,
    );
  });

  it('were as many as promised', () => expect(total.inputs).toBeGreaterThanOrEqual(LEAST));
});
