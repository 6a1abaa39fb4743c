/**
 * A look at a large update before Yjs reads it, like `clocksOf` but in steps, which also finds where it can be cut: which
 * structs follow each other, and what they build on.
 */
import { createDecoder, hasContent, readVarUint, type Decoder } from 'lib0/decoding';
import { checkClock, isHole, readStruct, unusable } from './check-update.ts';

export interface Id {
  client: number;
  clock: number;
}

/** Structs of one client that follow each other. Only the first may build on another client's. */
export interface Run extends Id {
  structs: number;
  /** Where their bytes are. */
  begin: number;
  end: number;
  after: readonly Id[];
}

export interface Deletion extends Id {
  length: number;
}

/** Bytes of a run, about: a step, and small enough for a slice to be cut between two. */
const RUN_BYTES = 16 * 1024;
const DELETIONS_AT_ONCE = 1_000;

export class UpdateWalk {
  readonly update: Uint8Array;
  /** Client id to the clock after its last struct. */
  readonly clocks = new Map<number, number>();
  /** Runs of each client, by clock. */
  readonly runs = new Map<number, Run[]>();
  readonly deletions: Deletion[] = [];
  /** Some client's clocks don't follow each other. */
  hasHole = false;
  readonly #decoder: Decoder;
  readonly #steps: Iterator<void>;

  constructor(update: Uint8Array) {
    this.update = update;
    this.#decoder = createDecoder(update);
    this.#steps = this.#walk();
  }

  /**
   * Goes on by about 16 kB.
   *
   * @returns Whether there is more.
   * @throws {Error} Yjs could not apply it: the bytes end early or late, or say something that Yjs does not know.
   */
  step(): boolean {
    return this.#steps.next().done !== true;
  }

  *#walk(): Iterator<void> {
    const decoder = this.#decoder;
    for (let clients = readVarUint(decoder); clients > 0; clients--) yield* this.#walkStructs();
    for (let clients = readVarUint(decoder); clients > 0; clients--) yield* this.#walkDeletions();
    if (hasContent(decoder)) unusable();
  }

  *#walkStructs(): Iterable<void> {
    const decoder = this.#decoder;
    const structs = readVarUint(decoder);
    const client = readVarUint(decoder);
    let clock = readVarUint(decoder);
    const runs: Run[] = [];
    /** Ids that the runs so far come after. */
    const known = new Map<number, number>();
    const ids: number[] = [];
    let run: Run | null = null;
    if (this.runs.has(client)) this.hasHole = true;
    for (let i = 0; i < structs; i++) {
      const begin = decoder.pos;
      if (isHole(decoder)) this.hasHole = true;
      ids.length = 0;
      const length = readStruct(decoder, ids);
      const after = newIds(ids, client, known);
      if (run === null || after.length > 0 || begin - run.begin >= RUN_BYTES) {
        if (run !== null) yield;
        run = { client, clock, structs: 0, begin, end: begin, after };
        runs.push(run);
      }
      run.structs++;
      run.end = decoder.pos;
      clock = checkClock(clock + length);
    }
    if (runs.length > 0) this.runs.set(client, runs);
    this.clocks.set(client, Math.max(clock, this.clocks.get(client) ?? 0));
  }

  *#walkDeletions(): Iterable<void> {
    const decoder = this.#decoder;
    const client = readVarUint(decoder);
    for (let ranges = readVarUint(decoder); ranges > 0; ranges--) {
      const clock = readVarUint(decoder);
      const length = readVarUint(decoder);
      checkClock(clock + length);
      this.deletions.push({ client, clock, length });
      if (ranges % DELETIONS_AT_ONCE === 0) yield;
    }
  }
}

const none: readonly Id[] = [];

/** Ids of other clients beyond those in `known`, which gets them. */
function newIds(ids: readonly number[], own: number, known: Map<number, number>): readonly Id[] {
  let found = none;
  for (let i = 0; i < ids.length; i += 2) {
    const client = ids[i] as number;
    const clock = ids[i + 1] as number;
    if (client === own || clock <= (known.get(client) ?? -1)) continue;
    known.set(client, clock);
    found = [...found, { client, clock }];
  }
  return found;
}
