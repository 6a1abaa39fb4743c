/**
 * Checks the rules after each step. Every edit adds a token that is never removed, and some remove a key that is never
 * added again; so one look into a map tells whether an edit is there.
 *
 * `shadow` is the document that loading the store would give: every row is applied to it when it becomes durable. A
 * checkpoint could break that equality, so after each one the store is loaded and compared.
 */

import { createMemoryStore, type MemoryDisk, type Store } from '@wetink/storage';
import * as Y from 'yjs';
import { digestOf } from './digest.ts';
import { ROOM, type World } from './world.ts';

interface Edit {
  token: string;
  /** The key that the edit removed from `bag`. */
  removed: string | null;
  /** Its page died before it was on the device or acknowledged, so it may be lost. */
  isForgivable: boolean;
}

export class Checker {
  readonly #world: World;
  readonly #audit: Store;
  readonly #shadow = new Y.Doc();
  /** Edits by client, in order. */
  readonly #edits: Edit[][];
  readonly #acked: number[];
  /** Edits of relays. */
  readonly #relayEdits: Edit[] = [];
  #durableRelayEdits = 0;
  readonly #known = new Set<string>();
  #needsAudit = false;
  #isErased = false;

  constructor(world: World, disk: MemoryDisk, clients: number) {
    this.#world = world;
    this.#audit = createMemoryStore({ disk, writer: 'audit', now: () => 0 });
    this.#edits = Array.from({ length: clients }, () => []);
    this.#acked = new Array<number>(clients).fill(0);
    this.#shadow.getMap('tokens').observe(({ keysChanged }) => {
      for (const token of keysChanged)
        if (!this.#known.has(token)) world.fail('nothing-invented', `the store has ${token}, which no editor wrote`);
    });
  }

  /** Whether the room was erased: none of its content may come back. */
  get isErased(): boolean {
    return this.#isErased;
  }

  get tokens(): number {
    return this.#known.size;
  }

  get ackedEdits(): number {
    return this.#acked.reduce((sum, acked) => sum + acked, 0);
  }

  get durableRelayEdits(): number {
    return this.#durableRelayEdits;
  }

  made(client: number): number {
    return this.#of(client).length;
  }

  edited(client: number, token: string, removed: string | null): void {
    this.#known.add(token);
    this.#of(client).push({ token, removed, isForgivable: false });
  }

  /**
   * A relay itself writes `token` (`relay.edit`). It may be lost until it is durable.
   * @returns To be called when the relay says that it is.
   */
  wrote(token: string): () => void {
    this.#known.add(token);
    const edit: Edit = { token, removed: null, isForgivable: true };
    this.#relayEdits.push(edit);
    return () => {
      if (this.#isErased) return;
      edit.isForgivable = false;
      this.#durableRelayEdits += 1;
      if (!this.#shadow.getMap('tokens').has(token))
        this.#world.fail('acked-is-durable', `${token} of a relay was resolved and is not in the store`);
    };
  }

  /** A relay has acknowledged the first `edits` edits of this client. */
  acked(client: number, edits: number): void {
    if (this.#isErased || this.#world.mutation === 'publish-before-durable') return;
    const before = this.#acked[client] ?? 0;
    if (edits <= before) return;
    this.#acked[client] = edits;
    this.#checkDurable(client, before, edits, 'acknowledged');
  }

  /** This client shows that everything is saved. */
  saidSaved(client: number): void {
    const made = this.made(client);
    const acked = this.#acked[client] ?? 0;
    if (made > acked && !this.#isErased && this.#world.mutation !== 'publish-before-durable')
      this.#checkDurable(client, acked, made, 'shown as saved');
  }

  /** These rows are now on disk. */
  landed(updates: readonly Uint8Array[]): void {
    for (const update of updates) Y.applyUpdate(this.#shadow, update);
    const { pendingStructs, pendingDs } = this.#shadow.store;
    if (pendingStructs !== null || pendingDs !== null)
      this.#world.fail('causally-closed', 'the journal has changes without their predecessors');
  }

  /** A checkpoint replaced rows. It may contain changes whose rows are not on disk yet. */
  checkpointed(state: Uint8Array): void {
    this.landed([state]);
    this.#needsAudit = true;
  }

  /** The store has erased the room. */
  erased(): void {
    this.#isErased = true;
    this.#world.trace.note('the room is erased');
  }

  /** A page is about to die. @returns Tokens of its client that are on the device or acknowledged. */
  dying(client: number, device: Y.Doc, { isSaidKept }: { isSaidKept: boolean }): string[] {
    const kept = device.getMap('tokens');
    const promised: string[] = [];
    for (const [at, edit] of this.#of(client).entries()) {
      if (edit.isForgivable) continue;
      if (kept.has(edit.token)) promised.push(edit.token);
      else if (at >= (this.#acked[client] ?? 0)) {
        edit.isForgivable = true;
        if (isSaidKept) this.#world.fail('never-forget', `client ${client} showed ${edit.token} as kept, but it is not on the device`);
      }
    }
    return promised;
  }

  /** Runs after each step; cheap, except after a checkpoint. */
  async check(): Promise<void> {
    if (this.#isErased) return this.#checkGone();
    if (!this.#needsAudit) return;
    this.#needsAudit = false;
    const stored = await this.stored();
    if (digestOf(stored) !== digestOf(this.#shadow))
      this.#world.fail('checkpoint-keeps-all', 'after a checkpoint the store loads another document');
    if (stored.store.pendingStructs !== null)
      this.#world.fail('causally-closed', 'the document loaded after a checkpoint has pending structs');
    stored.destroy();
  }

  /** @returns The document that a relay would load now. The caller destroys it. */
  async stored(): Promise<Y.Doc> {
    const { checkpoint, updates } = await this.#world.turns.track(this.#audit.load(ROOM));
    const doc = new Y.Doc();
    doc.transact(() => {
      for (const update of checkpoint === null ? updates : [checkpoint, ...updates]) Y.applyUpdate(doc, update);
    });
    return doc;
  }

  /** @returns The first promise that `doc` breaks, in words; null: none. */
  lacks(doc: Y.Doc): string | null {
    const tokens = doc.getMap('tokens');
    const bag = doc.getMap('bag');
    for (const edit of [...this.#edits.flat(), ...this.#relayEdits]) {
      if (edit.isForgivable) continue;
      if (!tokens.has(edit.token)) return `${edit.token} is missing`;
      if (edit.removed !== null && bag.has(edit.removed)) return `${edit.removed} is back, although ${edit.token} removed it`;
    }
    for (const token of tokens.keys()) if (!this.#known.has(token)) return `${token} was never written`;
    return null;
  }

  destroy(): void {
    this.#shadow.destroy();
  }

  async #checkGone(): Promise<void> {
    const { isErased, checkpoint, updates } = await this.#world.turns.track(this.#audit.load(ROOM));
    if (!isErased || checkpoint !== null || updates.length > 0)
      this.#world.fail('no-resurrection', 'the store has content of the erased room');
  }

  #checkDurable(client: number, from: number, to: number, how: string): void {
    const tokens = this.#shadow.getMap('tokens');
    const bag = this.#shadow.getMap('bag');
    for (const { token, removed, isForgivable } of this.#of(client).slice(from, to)) {
      if (isForgivable) continue;
      if (!tokens.has(token)) this.#world.fail('acked-is-durable', `${token} of client ${client} was ${how} and is not in the store`);
      if (removed !== null && bag.has(removed))
        this.#world.fail('acked-is-durable', `the removal of ${removed} was ${how} and is not in the store`);
    }
  }

  #of(client: number): Edit[] {
    const edits = this.#edits[client];
    if (edits === undefined) throw new RangeError(`no client ${client}`);
    return edits;
  }
}
