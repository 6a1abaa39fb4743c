/** The clients of one room: they write while faults happen, and are judged once the faults are over. */

import type { Store } from '@wetink/storage';
import * as Y from 'yjs';
import { pause, until } from './until.ts';
import { copyOf, digestOf, judge, type Copy } from './judge.ts';
import { Writer, type WriterOptions } from './writer.ts';

export interface CrowdOptions {
  room: string;
  /** One writer per address. */
  urls: readonly string[];
  certificate?: string;
  speed?: number;
  skewMs?: number;
}

export interface Places {
  /** Addresses of all relays, at which newcomers join when the crowd is judged. */
  relayUrls: readonly string[];
  /** Read directly, without relays. */
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

  /** Resolves when all writers are in and saved. */
  async ready(): Promise<void> {
    await until(
      () => this.writers.every(({ isSaved }) => isSaved),
      `all writers in ${this.room} to be saved`,
      () => this.#statuses(),
    );
  }

  /** Makes every writer write every `everyMs` until `rest`, whatever its link does. */
  drive(everyMs: number): void {
    this.#isDriving = true;
    this.#driving = this.#drive(everyMs);
  }

  async rest(): Promise<void> {
    this.#isDriving = false;
    await this.#driving;
  }

  /** Waits until all have the same document and all changes are acknowledged. @returns How long that took, ms. */
  async converged(): Promise<number> {
    await this.rest();
    return until(
      () =>
        this.writers.every(({ isSaved }) => isSaved) &&
        isOne(this.writers.map(vectorOf)) &&
        isOne(this.writers.map(({ doc }) => digestOf(doc))),
      `all writers in ${this.room} to be saved and equal`,
      () => ({ statuses: this.#statuses(), problems: judge({ written: this.written, acked: this.acked, copies: this.#copies() }) }),
    );
  }

  /**
   * Ends the load and waits until all documents are equal. Then checks every writer, a newcomer on each relay, and the
   * store.
   *
   * @returns One line per problem; empty when there is none.
   */
  async problems({ relayUrls, store }: Places): Promise<string[]> {
    await this.converged();
    const copies = this.#copies();
    const newcomers = relayUrls.map((url, index) => lookAt(`newcomer at relay ${index + 1}`, { url, room: this.room }, copies[0]));
    copies.push(...(await Promise.all(newcomers)));
    const { copy, problems: damage } = await this.#stored(store);
    const problems = [...judge({ written: this.written, acked: this.acked, copies: [...copies, copy] }), ...damage];
    const unsaved = [...this.written].filter((token) => !this.acked.has(token));
    if (unsaved.length > 0) problems.push(`${unsaved.length} were never acknowledged, but all writers count as saved`);
    return problems;
  }

  /** Closes all writers and discards their data, so that no client can send a lost change again. */
  vanish(): Promise<void> {
    return this.close();
  }

  /** Checks after `vanish` that the store and newcomers have every acknowledged change. */
  async problemsWithoutThem({ relayUrls, store }: Places): Promise<string[]> {
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

/** @returns The document that a newcomer gets: once it equals `expected`, or as it is after a stall. */
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
