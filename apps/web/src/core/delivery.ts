/**
 * Whether my messages are saved. A message waits from the moment it is sent or changed until the server has confirmed the
 * change that it is part of; the ids of waiting ones are kept on the device, so that a reload does not make them look saved.
 *
 * All tabs share the list on the device. So each tab adds and removes ids in the list as it is there now, and `follow`
 * takes over what another tab wrote.
 */
import * as m from '$words/delivery';
import { listed, listedToEnd } from './sentences.ts';
import type { KeyValue } from './key-value.ts';

/** `sent`: the server confirms nothing. `refused`: the server did not take it. */
export type Delivery = 'waiting' | 'sending' | 'saved' | 'sent' | 'refused';

/** The facts of the room at one moment. */
export interface Progress {
  /** Changes of this page so far, and up to which of them the server has confirmed. */
  readonly made: number;
  readonly settled: number;
  /** Changes of this browser that no server has confirmed; null while that is not known. */
  readonly waiting: number | null;
  readonly isOpen: boolean;
  readonly hasAcks: boolean;
}

/** Ids that are kept on the device: beyond them the oldest count as saved. */
const KEPT_MAX = 200;

export class UnsavedMessages {
  readonly #facts: KeyValue;
  readonly #key: string;
  /** Messages of this page, and the change that each is part of. */
  readonly #mine = new Map<string, number>();
  /**
   * Messages of earlier visits and other tabs. `isHere`: their changes are among those that wait in this browser, or were.
   * The id can come from another tab before its change does: until then, nothing that waits says nothing about it.
   */
  #others = new Map<string, { isHere: boolean }>();
  readonly #refused = new Set<string>();

  constructor(facts: KeyValue, key: string) {
    this.#facts = facts;
    this.#key = key;
    for (const id of this.#kept()) this.#others.set(id, { isHere: true });
  }

  /** Called in the task in which the message was sent or changed: its change has yet to be counted. */
  sent(id: string, { made }: Progress): void {
    this.#mine.set(id, made + 1);
    this.#refused.delete(id);
    this.#write({ added: id });
  }

  /** @returns Whether any message has been confirmed since. */
  settle({ settled, waiting }: Progress): boolean {
    const done = new Set<string>();
    for (const [id, change] of this.#mine) if (change <= settled) done.add(id);
    for (const [id, other] of this.#others) {
      if (waiting !== null && waiting > 0) other.isHere = true;
      if (waiting === 0 && other.isHere) done.add(id);
    }
    if (done.size === 0) return false;
    for (const id of done) this.#mine.delete(id);
    this.#write({ removed: done });
    return true;
  }

  /** Another tab may have written to the device. @param event Null: it may have, unheard. @returns Whether anything is new. */
  follow(event: Pick<StorageEvent, 'key'> | null): boolean {
    if (event !== null && event.key !== this.#key && event.key !== null) return false;
    const before = [...this.#others.keys()].join();
    this.#take(this.#kept());
    return [...this.#others.keys()].join() !== before;
  }

  /** The document that they are in was given up: the server did not take them. */
  refuse(): void {
    const given = new Set([...this.#mine.keys(), ...this.#others.keys()]);
    if (given.size === 0) return;
    for (const id of given) this.#refused.add(id);
    this.#mine.clear();
    this.#write({ removed: given });
  }

  /** Refused messages that the server sends are saved there: it had taken them before it refused another. */
  arrived(isHere: (id: string) => boolean): void {
    for (const id of this.#refused) if (isHere(id)) this.#refused.delete(id);
  }

  stateOf(id: string, { isOpen, hasAcks }: Progress): Delivery {
    if (this.#refused.has(id)) return 'refused';
    if (this.#mine.has(id) || this.#others.has(id)) return isOpen ? 'sending' : 'waiting';
    return hasAcks ? 'saved' : 'sent';
  }

  #write({ added, removed }: { added?: string; removed?: ReadonlySet<string> }): void {
    const before = this.#kept().filter((id) => id !== added && removed?.has(id) !== true);
    const next = (added === undefined ? before : [...before, added]).slice(-KEPT_MAX);
    if (next.length === 0) this.#facts.remove(this.#key);
    else this.#facts.write(this.#key, next);
    this.#take(next);
  }

  #take(kept: readonly string[]): void {
    const others = kept.filter((id) => !this.#mine.has(id));
    this.#others = new Map(others.map((id) => [id, this.#others.get(id) ?? { isHere: false }]));
  }

  #kept(): string[] {
    const kept = this.#facts.read(this.#key);
    return Array.isArray(kept) ? kept.slice(-KEPT_MAX).filter((id): id is string => typeof id === 'string') : [];
  }
}

const words: Readonly<Record<Delivery, string>> = {
  waiting: m.waiting(),
  sending: m.sending(),
  saved: m.saved(),
  sent: m.sent(),
  refused: m.notSent(),
};

/** People who have read as far as a message. */
export interface SeenBy {
  readonly count: number;
  /** Names of the first of them, at most `NAMED_READERS`. */
  readonly names: readonly string[];
}

export const NAMED_READERS = 3;

export function isUnderWay(delivery: Delivery): boolean {
  return delivery === 'waiting' || delivery === 'sending';
}

export function deliverySentence(delivery: Delivery, { count, names }: SeenBy): string {
  if (isUnderWay(delivery) || delivery === 'refused' || count === 0) return words[delivery];
  const more = count - names.length;
  if (more > 0) return m.seenByMore({ names: listed(names), count: more });
  return m.seenBy({ names: listedToEnd(names) });
}
