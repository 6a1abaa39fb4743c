/** The people of one room: a load that goes on while things break, and the verdict once they are whole again. */

import type { Store } from '@wetink/storage';
import * as Y from 'yjs';
import { pause, until } from './until.ts';
import { copyOf, digestOf, judge, type Copy } from './verdict.ts';
import { Writer, type WriterOptions } from './writer.ts';

export interface CrowdOptions {
  room: string;
  /** One writer for each. */
  urls: readonly string[];
  certificate?: string;
  speed?: number;
  skewMs?: number;
}

export interface Places {
  /** Where newcomers join to look: every relay. */
  relayUrls: readonly string[];
  /** Read past all relays. */
  store: Store;
}

export class Crowd {
  readonly room: string;
  readonly writers: Writer[];
  #isDriving = false;
  #driving = Promise.resolve();

  constructor({ urls, ...options }: CrowdOptions) {
    this.room = options.room;
    this.writers = urls.map((url, index) => new Writer({ ...options, url, name: `${options.room}-${index}` }));
  }

  get written(): Set<string> {
    return new Set(this.writers.flatMap((writer) => [...writer.written]));
  }

  get acked(): Set<string> {
    return new Set(this.writers.flatMap((writer) => [...writer.acked]));
  }

  /** All are in and saved. */
  async ready(): Promise<void> {
    await until(
      () => this.writers.every(({ isSaved }) => isSaved),
      `everyone in ${this.room} to be saved`,
      () => this.#statuses(),
    );
  }

  /** Every writer writes every `everyMs` until `rest`, whatever its link does. */
  drive(everyMs: number): void {
    this.#isDriving = true;
    this.#driving = this.#drive(everyMs);
  }

  async rest(): Promise<void> {
    this.#isDriving = false;
    await this.#driving;
  }

  /** All have the same document, and each was told that it is saved. @returns how long that took, ms. */
  async converged(): Promise<number> {
    await this.rest();
    return until(
      () =>
        this.writers.every(({ isSaved }) => isSaved) &&
        isOne(this.writers.map(vectorOf)) &&
        isOne(this.writers.map(({ doc }) => digestOf(doc))),
      `everyone in ${this.room} to be saved and have the same`,
      () => ({ statuses: this.#statuses(), problems: judge({ written: this.written, acked: this.acked, copies: this.#copies() }) }),
    );
  }

  /**
   * Ends the load and waits until all have the same. Then looks at every writer, at a newcomer on each relay, and at the
   * store.
   *
   * @returns What is wrong; nothing when all is well.
   */
  async verdict({ relayUrls, store }: Places): Promise<string[]> {
    await this.converged();
    const copies = this.#copies();
    const newcomers = relayUrls.map((url, index) => lookAt(`newcomer at relay ${index + 1}`, { url, room: this.room }, copies[0]));
    copies.push(...(await Promise.all(newcomers)));
    const { copy, problems: damage } = await this.#stored(store);
    const problems = [...judge({ written: this.written, acked: this.acked, copies: [...copies, copy] }), ...damage];
    const unsaved = [...this.written].filter((token) => !this.acked.has(token));
    if (unsaved.length > 0) problems.push(`${unsaved.length} were never acknowledged, and everyone is said to be saved`);
    return problems;
  }

  /** Everyone is gone for good, with what they have: nobody can send again what was lost after it was called saved. */
  vanish(): Promise<void> {
    return this.close();
  }

  /** Of those who have vanished: what they were told is saved is all there may be to see, in the store and for a newcomer. */
  async verdictWithoutThem({ relayUrls, store }: Places): Promise<string[]> {
    const { copy, problems } = await this.#stored(store);
    const copies = [copy];
    for (const [index, url] of relayUrls.entries())
      copies.push(await lookAt(`newcomer at relay ${index + 1}`, { url, room: this.room }, copy));
    return [...judge({ written: this.written, acked: this.acked, copies }), ...problems];
  }

  async close(): Promise<void> {
    await this.rest();
    await Promise.all(this.writers.map((writer) => writer.close()));
  }

  async #stored(store: Store): Promise<{ copy: Copy; problems: string[] }> {
    const { checkpoint, updates, quarantined } = await store.load(this.room);
    const doc = new Y.Doc();
    for (const update of [...(checkpoint === null ? [] : [checkpoint]), ...updates]) Y.applyUpdate(doc, update);
    return { copy: copyOf('store', doc), problems: quarantined > 0 ? [`store: ${quarantined} records quarantined`] : [] };
  }

  #copies(): Copy[] {
    return this.writers.map(({ name, doc }) => copyOf(name, doc));
  }

  #statuses(): unknown[] {
    return this.writers.map(({ name, room, written, acked }) => [name, room.link, room.status, acked.size, written.size]);
  }

  async #drive(everyMs: number): Promise<void> {
    while (this.#isDriving) {
      for (const writer of this.writers) writer.write();
      await pause(everyMs);
    }
  }
}

/** What somebody who comes now is given, once it is what `expected` is, or after a stall what it was then. */
async function lookAt(name: string, options: Pick<WriterOptions, 'url' | 'room'>, expected: Copy | undefined): Promise<Copy> {
  const newcomer = new Writer({ ...options, name });
  try {
    await until(
      () => newcomer.isSaved && (expected === undefined || digestOf(newcomer.doc) === expected.digest),
      `${name} of ${options.room} to see everything`,
      () => [
        newcomer.room.link,
        newcomer.room.status,
        judge({ written: new Set(), acked: expected?.tokens ?? new Set(), copies: [copyOf(name, newcomer.doc)] }),
      ],
    );
    return copyOf(name, newcomer.doc);
  } finally {
    await newcomer.close();
  }
}

const isOne = (values: readonly string[]): boolean => new Set(values).size === 1;

/** Cheap beside a digest, and different while changes are still on their way. */
function vectorOf({ doc }: Writer): string {
  return JSON.stringify([...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([a], [b]) => a - b));
}
