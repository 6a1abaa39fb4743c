/**
 * Edits of the embedder, by room. Each is a client of its room (`edit.ts`); those of one room share a copy of
 * the document and a client id, so that a bot that writes often neither copies the board each time nor fills its state
 * vector with ids.
 */

import { randomUUID } from 'node:crypto';
import { checkRoomName, SyncError } from '@wetink/protocol';
import type * as Y from 'yjs';
import type { RelayLimits } from '../limits/limits.ts';
import type { Environment } from '../ports/environment.ts';
import type { Room } from '../room/room.ts';
import { EditMember, type EditOutcome } from './edit.ts';
import { Replica, type OwnId } from './replica.ts';

export interface EditOptions {
  /**
   * Ends the wait. An edit that has not run yet never does; a change that was sent already stays, and is saved when the
   * store takes it.
   */
  signal?: AbortSignal;
}

export type EditCallback<Result> = (doc: Y.Doc) => Result;

interface Copy {
  replica: Replica;
  usedAtMs: number;
}

/** A copy takes as much memory as the document; making one of 19 MB takes about a second. A bot that writes does so every few seconds. */
const COPY_MS = 15_000;
/** Rooms whose client id is remembered without a copy, the most recent ones: 20 bytes and a name each. */
const MAX_KEPT_IDS = 10_000;

export class Edits {
  readonly #openRoom: (name: string) => Room;
  readonly #environment: Pick<Environment, 'now' | 'random'>;
  readonly #limits: Pick<RelayLimits, 'maxMessageBytes'>;
  /** Nobody else can claim to be this user. */
  readonly #userId = `relay:${randomUUID()}`;
  readonly #copies = new Map<string, Copy>();
  /** Oldest first. */
  readonly #ownIds = new Map<string, OwnId>();
  readonly #underWay = new Set<Pick<EditMember<unknown>, 'isSent' | 'fail'>>();
  #lastId = 0;
  #isStopped = false;

  constructor(
    openRoom: (name: string) => Room,
    environment: Pick<Environment, 'now' | 'random'>,
    limits: Pick<RelayLimits, 'maxMessageBytes'>,
  ) {
    this.#openRoom = openRoom;
    this.#environment = environment;
    this.#limits = limits;
  }

  async run<Result>(room: string, callback: EditCallback<Result>, { signal }: EditOptions = {}): Promise<Result> {
    checkRoomName(room);
    const outcome = await this.#once(room, callback, signal);
    if (outcome.kind === 'done') return outcome.result;
    // Another client claims the relay's id: nothing of the change was applied, and a new id belongs to nobody else.
    if (!outcome.isSent || !isIdTaken(outcome.error)) throw outcome.error;
    const again = await this.#once(room, callback, signal);
    if (again.kind === 'done') return again.result;
    throw again.error;
  }

  /** Called about once a second. Drops copies that were not used for a while. */
  housekeeping(nowMs: number): void {
    for (const [room, copy] of this.#copies) if (nowMs - copy.usedAtMs > COPY_MS) this.#drop(room, copy);
  }

  /** Takes no more edits. Those that have not run fail; those that have are made durable with their rooms. */
  stop(): void {
    this.#isStopped = true;
    for (const edit of [...this.#underWay]) if (!edit.isSent) edit.fail(stopped());
  }

  /** Ends what is not durable yet, and drops all copies. Final. */
  close(): void {
    this.stop();
    for (const edit of [...this.#underWay]) edit.fail(stopped());
    for (const { replica } of this.#copies.values()) replica.destroy();
    this.#copies.clear();
  }

  #once<Result>(name: string, callback: EditCallback<Result>, signal: AbortSignal | undefined): Promise<EditOutcome<Result>> {
    if (this.#isStopped) throw stopped();
    signal?.throwIfAborted();
    return new Promise((resolve) => {
      const member = new EditMember<Result>({
        id: (this.#lastId -= 1),
        userId: this.#userId,
        room: this.#openRoom(name),
        maxUpdateBytes: this.#limits.maxMessageBytes,
        callback,
        replica: () => this.#replicaOf(name),
        onDone: (outcome) => {
          this.#underWay.delete(member);
          signal?.removeEventListener('abort', onAbort);
          if (outcome.kind === 'done') this.#keepId(name);
          else if (outcome.isSent) this.#forget(name);
          resolve(outcome);
        },
      });
      const onAbort = (): void => member.fail(signal?.reason);
      signal?.addEventListener('abort', onAbort);
      this.#underWay.add(member);
      member.join();
    });
  }

  #replicaOf(room: string): Replica {
    const usedAtMs = this.#environment.now();
    const found = this.#copies.get(room);
    const replica =
      found === undefined || found.replica.isSpoiled
        ? new Replica(this.#ownIds.get(room) ?? null, this.#environment.random)
        : found.replica;
    this.#copies.set(room, { replica, usedAtMs });
    return replica;
  }

  /** Everything under this id is durable: it can be used again, also after the room was loaded anew. */
  #keepId(room: string): void {
    const copy = this.#copies.get(room);
    if (copy === undefined || copy.replica.isSpoiled) return;
    this.#ownIds.delete(room);
    this.#ownIds.set(room, copy.replica.ownId);
    for (const oldest of this.#ownIds.keys()) {
      if (this.#ownIds.size <= MAX_KEPT_IDS) return;
      this.#ownIds.delete(oldest);
    }
  }

  /** The copy has a change that the room may not have, under an id whose clock is not known any more. */
  #forget(room: string): void {
    this.#ownIds.delete(room);
    const copy = this.#copies.get(room);
    if (copy !== undefined) this.#drop(room, copy);
  }

  #drop(room: string, { replica }: Copy): void {
    this.#copies.delete(room);
    replica.destroy();
  }
}

function isIdTaken(error: unknown): boolean {
  return error instanceof SyncError && (error.code === 'FOREIGN_CLIENT' || error.code === 'INCOMPLETE');
}

function stopped(): SyncError {
  return new SyncError('SHUTDOWN', 'the relay takes no more edits');
}
