/**
 * Chat that moves to the history while people write, online and offline, on a relay of two nodes that die at any call of the
 * store: every message is exactly once in the chat that each node answers. Prints the seed of a failure.
 */

import { chatMessages, editsOf, movedMessages, openChat, type Chat } from '@wetink/board';
import { createMemoryStore, type Records } from '@wetink/storage';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createChatMover } from './chat-mover.ts';
import { createChatPages, type ChatPages } from './chat-pages.ts';
import { readMessages } from './read-messages.ts';

const RUNS = Number(process.env['WETINK_RUNS'] ?? 20);
const STEPS = 60;
const KEEP = 8;
const BOARD = 'AAAAAAAAAAAAAAAAAAAAAA';

class Died extends Error {}

/** A store of which any call may be the last of its node, before or after it is done. */
function mortal(records: Records, dies: () => 'before' | 'after' | null): Records {
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    const when = dies();
    if (when === 'before') throw new Died();
    const result = await work();
    if (when === 'after') throw new Died();
    return result;
  };
  return {
    get: (key) => call(() => records.get(key)),
    put: (key, value, version) => call(() => records.put(key, value, version)),
    remove: (key, version) => call(() => records.remove(key, version)),
    list: (query) => call(() => records.list(query)),
  };
}

interface Person {
  doc: Y.Doc;
  chat: Chat;
  own: string[];
}

class World {
  readonly #random: () => number;
  readonly #store = createMemoryStore();
  /** What each node has; a node that dies comes back with what is durable, which is all it acknowledged. */
  readonly #nodes = [new Y.Doc(), new Y.Doc()];
  readonly #people: Person[];
  /** What each message should be by its id; '' for a deleted one. */
  readonly sent = new Map<string, string>();
  isMortal = true;
  #count = 0;
  #nowMs = 0;

  constructor(seed: number) {
    this.#random = randomOf(seed);
    this.#people = Array.from({ length: 3 }, (_, i) => {
      const doc = new Y.Doc();
      doc.clientID = 100 + i;
      return { doc, chat: openChat({ doc, userId: `user${i}`, random: this.#random, now: () => (this.#nowMs += 3_000) }), own: [] };
    });
    for (const [i, node] of this.#nodes.entries()) node.clientID = 1 + i;
  }

  get pages(): ChatPages {
    return createChatPages(this.#store.records, () => this.#nowMs);
  }

  pick(count: number): number {
    return Math.floor(this.#random() * count);
  }

  write(): void {
    const { chat, own } = this.#people[this.pick(this.#people.length)]!;
    for (let n = 1 + this.pick(6); n > 0; n--) {
      const text = `m${this.#count++}`.padEnd(this.pick(12) === 0 ? 4_000 : 0, '\u4e2d');
      const id = chat.send(text, 'N');
      own.push(id);
      this.sent.set(id, text.replaceAll('\u4e2d', ''));
    }
  }

  /** Changes any message that the person wrote, moved or not. */
  change(): void {
    const { chat, own } = this.#people[this.pick(this.#people.length)]!;
    const id = own[this.pick(own.length)];
    if (id === undefined || this.sent.get(id) === '') return;
    const text = this.pick(3) === 0 ? '' : `e${this.#count++}`;
    if (text === '') chat.remove(id);
    else chat.edit(id, text);
    this.sent.set(id, text);
  }

  /** One person, or the other node, and a node hear of each other: of everything, in both directions or in one. */
  meet(): void {
    const node = this.#nodes[this.pick(2)]!;
    const others = [...this.#people.map(({ doc }) => doc), ...this.#nodes];
    const other = others[this.pick(others.length)]!;
    Y.applyUpdate(node, Y.encodeStateAsUpdate(other, Y.encodeStateVector(node)));
    if (this.pick(4) > 0) Y.applyUpdate(other, Y.encodeStateAsUpdate(node, Y.encodeStateVector(other)));
  }

  /** On some nodes at once; each may die at any call. An edit is atomic, and takes a while. */
  async move(): Promise<void> {
    const movers = this.#nodes.filter(() => this.pick(3) > 0);
    await Promise.all(
      movers.map(async (doc) => {
        const dies = (): 'before' | 'after' | null =>
          this.isMortal && this.pick(15) === 0 ? (this.pick(2) === 0 ? 'before' : 'after') : null;
        const mover = createChatMover({
          pages: createChatPages(mortal(this.#store.records, dies), () => this.#nowMs),
          wallClock: () => this.#nowMs,
          keep: KEEP,
          schedule: () => () => undefined,
          onError: () => undefined,
          edit: async (_board, callback) => {
            for (let n = this.pick(4); n > 0; n--) await Promise.resolve();
            if (dies() === 'before') throw new Died();
            return doc.transact(() => callback(doc));
          },
        });
        await mover.move(BOARD).catch((error: unknown) => {
          if (!(error instanceof Died)) throw error;
        });
      }),
    );
  }

  /** The whole chat as one node answers it, in pages of a random size. */
  async read(node = this.pick(2)): Promise<[id: string, text: string][]> {
    const doc = this.#nodes[node]!;
    const limit = 3 + this.pick(30);
    const all: [string, string][] = [];
    for (let before: string | null = null; ;) {
      const view = { messages: chatMessages(doc), moved: movedMessages(doc), edited: editsOf(doc) };
      const page = await readMessages(this.pages, BOARD, view, { limit, before });
      if (page === null) throw new Error(`no message ${before}`);
      all.unshift(...page.messages.map(({ id, text }): [string, string] => [id, text.replaceAll('\u4e2d', '')]));
      if (page.next === null) {
        expect(page.total).toBe(all.length);
        return all;
      }
      before = page.next;
    }
  }

  async settle(): Promise<void> {
    this.isMortal = false;
    for (let n = 0; n < 4; n++) {
      for (const { doc } of this.#people) for (const node of this.#nodes) exchange(doc, node);
      exchange(this.#nodes[0]!, this.#nodes[1]!);
      this.#nowMs += 60 * 60_000;
      await this.move();
    }
    exchange(this.#nodes[0]!, this.#nodes[1]!);
  }
}

function exchange(a: Y.Doc, b: Y.Doc): void {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b, Y.encodeStateVector(a)));
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a, Y.encodeStateVector(b)));
}

/** mulberry32 */
function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('chat that moves to the history', () => {
  it(`every message is there exactly once, as its author left it, whatever dies when (${RUNS} seeds)`, async () => {
    let moved = 0;
    for (let seed = 1; seed <= RUNS; seed++) {
      const world = new World(seed);
      try {
        for (let i = 0; i < STEPS; i++) {
          const what = world.pick(10);
          if (what < 2) world.write();
          else if (what < 4) world.change();
          else if (what < 8) world.meet();
          else await world.move();
          const read = i % 3 === 0 ? await world.read() : [];
          expect(new Map(read).size).toBe(read.length);
        }
        await world.settle();
        const read = await world.read(0);
        expect(await world.read(1)).toEqual(read);
        expect([...read].sort()).toEqual([...world.sent].sort());
        for await (const { rows } of world.pages.backwards(BOARD, (await world.pages.newest(BOARD))!))
          for (const row of rows)
            expect(row['x'] === 1 || String(row['t']).replaceAll('\u4e2d', '') === world.sent.get(String(row['i']))).toBe(true);
        const newest = await world.pages.newest(BOARD);
        moved += newest === null ? 0 : newest.from + newest.rows.length;
        expect(world.sent.size - (newest === null ? 0 : newest.from + newest.rows.length)).toBeLessThanOrEqual(KEEP);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    expect(moved).toBeGreaterThan(RUNS * 10);
  });
});
