/**
 * One room: one document, its members, its journal.
 *
 *              join                loaded                   last member left, after a delay
 *     (none) -------> loading ----------------> ready ---------------------------------> unloading -> closed
 *                      |  ^                      | ^                                        |
 *              failed  |  | join after retryAt   | |             join                       |
 *                      v  |                      | +----------------------------------------+
 *                     failed                     +--> loading (an apply threw: the document is built again)
 *
 * A room that was erased from the store is `erased` instead of ready, and not loaded again while that is remembered.
 *
 * After every await the room compares its state with the one the work began in; if they differ, it drops the work.
 * Document messages that arrive while loading wait in order; presence and wet ink do not need the document.
 */

import { SyncError, type ErrorName, type Message } from '@wetink/protocol';
import type { StoredRoom } from '@wetink/storage';
import { errorFields, isErasedError } from '../ports/error-fields.ts';
import { Journal } from '../journal/journal.ts';
import type { Member } from '../member/member.ts';
import { Seat } from '../member/seat.ts';
import type { RoomDocument } from '../document/room-document.ts';
import { roomJournalPort } from './room-journal.ts';
import { RoomParts, type RoomSurroundings } from './room-parts.ts';
import { countMembers, statsOf, type RoomStats } from './room-stats.ts';
import { StorageNotices } from './storage-notices.ts';
import { storedDocument } from './stored-document.ts';
import { watchDocument } from './watch-document.ts';
import { WaitingMessages, type DocumentMessage } from './waiting-messages.ts';
import type { LoadedRoom } from '../journal/loaded-room.ts';

export interface RoomContext extends RoomSurroundings {
  /** The room is gone from memory. */
  onClosed(room: Room): void;
}

type State =
  | { kind: 'loading'; waiting: WaitingMessages; unsaved: readonly Uint8Array[]; isRebuild: boolean }
  | ({ kind: 'ready' } & LoadedRoom)
  | ({ kind: 'unloading' } & LoadedRoom)
  | { kind: 'failed'; retryAtMs: number }
  | { kind: 'erased'; atMs: number }
  | { kind: 'closed' };

/** How long an erasure is remembered, and a failed load after it may be tried again. */
const FAILURE_MEMORY_MS = 60_000;

export class Room {
  readonly name: string;
  readonly #context: RoomContext;
  readonly #seats = new Map<Member, Seat>();
  readonly #parts: RoomParts;
  readonly #storage: StorageNotices;
  #state: State;
  #epoch = 0;
  #journal: Journal | null = null;
  #loadFailures = 0;
  /** Calls of `erase` under way. */
  #erasing = 0;
  #holds = 0;
  #cancelUnload: (() => void) | null = null;

  constructor(name: string, context: RoomContext) {
    this.name = name;
    this.#context = context;
    this.#state = { kind: 'closed' };
    this.#storage = new StorageNotices(this.#seats, context);
    this.#parts = new RoomParts(name, context, this.#seats, {
      current: () => this.#loaded,
      epoch: () => this.#epoch,
      replace: (document) => this.#replaceDocument(document),
      onBroken: ({ document, journal }) => {
        document.destroy();
        this.#startLoading({ unsaved: journal.unsaved(), isRebuild: true });
      },
      onFailed: ({ member }, error) => this.#endFor(member, error),
      onErased: () => this.#erased(),
    });
    this.#startLoading({ unsaved: [], isRebuild: false });
  }

  get unsavedBytes(): number {
    return this.#journal?.unsavedBytes ?? 0;
  }

  /** True with members, while it is held, and during an erasure: members that join meanwhile must be sent away too. */
  get #isNeeded(): boolean {
    return this.#seats.size > 0 || this.#holds > 0 || this.#erasing > 0;
  }

  get #loaded(): LoadedRoom | null {
    return this.#state.kind === 'ready' || this.#state.kind === 'unloading' ? this.#state : null;
  }

  join(member: Member): void {
    const { limits, environment } = this.#context;
    const nowMs = environment.now();
    if (this.#seats.size >= limits.maxRoomConnections && member.isEdit !== true) return member.end('ROOM_FULL');
    if (this.#state.kind === 'erased') return member.end('ROOM_ERASED');
    if (this.#state.kind === 'failed') {
      if (nowMs < this.#state.retryAtMs) return member.end('LOAD_FAILED', { retryAfterMs: this.#state.retryAtMs - nowMs });
      this.#startLoading({ unsaved: this.#journal?.unsaved() ?? [], isRebuild: false });
    }
    this.takeInbox();
    const seat = new Seat(member, this.#context.observer);
    this.#seats.set(member, seat);
    this.#parts.owners.joined(seat);
    this.#keep();
    this.#report();
    if (this.#state.kind === 'ready') this.#greet(seat, this.#state.document);
  }

  /** Keeps the room in memory, unless it is erased. @returns Ends that. Idempotent. */
  hold(): () => void {
    let isHeld = true;
    this.#holds += 1;
    this.#keep();
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holds -= 1;
      this.#scheduleUnload();
    };
  }

  leave(member: Member): void {
    const seat = this.#seats.get(member);
    if (seat === undefined) return;
    this.takeInbox();
    this.#seats.delete(member);
    this.#parts.ephemeral.left(member);
    this.#report();
    this.#parts.owners.left(seat);
    this.#parts.pipeline.left(seat, this.#state.kind === 'ready' ? this.#state : null);
    this.#scheduleUnload();
  }

  /** The member may write from now on. Asks it for what it has changed meanwhile. */
  roleRaised(member: Member): void {
    const seat = this.#seats.get(member);
    if (seat === undefined) return;
    // Messages after a refusal were not counted, so its acks would be for other messages than it thinks.
    if (seat.isRefused && member.isExtension) return member.end('INCOMPLETE');
    seat.isRefused = false;
    if (this.#state.kind === 'ready') this.#parts.pipeline.ask(seat, this.#state.document);
  }

  /** @throws {SyncError} The code to close the sender with. */
  receive(member: Member, message: Message): void {
    const seat = this.#seats.get(member);
    if (seat === undefined) return;
    switch (message.type) {
      case 'update':
      case 'sync-step-2':
        if (!seat.isRefused) this.#receiveDocument({ seat, message, count: member.acks.next() });
        return;
      case 'sync-step-1':
        this.#receiveDocument({ seat, message, count: 0 });
        return;
      case 'awareness':
      case 'query-awareness':
      case 'wet':
        this.#parts.ephemeral.receive(seat, message);
        return;
    }
  }

  /** Handles the changes that wait for the next tick. To be called before a right, an owner or a member changes. */
  takeInbox(): void {
    if (this.#state.kind === 'ready') this.#parts.pipeline.work(this.#state);
  }

  /** The member's socket has room again. */
  catchUp(member: Member): void {
    const seat = this.#seats.get(member);
    if (seat !== undefined && this.#state.kind === 'ready') this.#parts.documents.catchUp(seat, this.#state.document);
  }

  /** Called about once a second. */
  housekeeping(nowMs: number): void {
    // First, since it may have the document built again.
    this.takeInbox();
    const state = this.#state;
    if (state.kind === 'failed') {
      const isForgotten = nowMs > state.retryAtMs + FAILURE_MEMORY_MS && (this.#journal?.isIdle ?? true) && !this.#isNeeded;
      if (isForgotten) this.#close();
      return;
    }
    if (state.kind === 'erased') {
      if (nowMs > state.atMs + FAILURE_MEMORY_MS && !this.#isNeeded) this.#close();
      return;
    }
    this.#lookAtStorage();
    if (state.kind !== 'ready') return;
    for (const seat of this.#seats.values()) if (seat.isOwed) this.#parts.documents.catchUp(seat, state.document);
    this.#parts.pipeline.housekeeping(state, nowMs);
    this.#checkpointIfDue();
    this.#parts.replication?.housekeeping(nowMs);
  }

  stats(): RoomStats {
    return statsOf({
      state: this.#state.kind,
      seats: this.#seats,
      loaded: this.#loaded,
      unsavedBytes: this.unsavedBytes,
      rowsSinceCheckpoint: this.#parts.checkpoints.rows,
      nodes: this.#parts.replication?.nodes ?? [],
    });
  }

  /**
   * Erases the room for good: closes its members on every node, and those that join later.
   * @throws {StoreError} When the store could not do it; then nothing has changed.
   */
  async erase(): Promise<void> {
    this.#erasing += 1;
    this.#keep();
    try {
      await this.#context.store.remove(this.name);
    } catch (error) {
      this.#erasing -= 1;
      this.#scheduleUnload();
      throw error;
    }
    this.#parts.replication?.erased(this.#epoch);
    this.#erased();
  }

  /**
   * Makes everything durable and drops the room from memory. For shutdown, when no client is connected.
   * @param inTurn Writes the last checkpoint when its turn comes, or skips it: the rows are durable already.
   */
  async shut(inTurn: (write: () => Promise<void>) => Promise<void>): Promise<void> {
    this.#cancelUnload?.();
    // In any state: a room that failed to load may still hold unsaved changes.
    await this.#journal?.whenIdle();
    await this.#unload(inTurn);
    if (this.#state.kind !== 'closed') this.#close();
  }

  #startLoading({ unsaved, isRebuild }: { unsaved: readonly Uint8Array[]; isRebuild: boolean }): void {
    this.#state = { kind: 'loading', waiting: new WaitingMessages(this.#context.limits.maxWaitingBytes), unsaved, isRebuild };
    void this.#load(this.#state);
  }

  async #load(state: State & { kind: 'loading' }): Promise<void> {
    const { environment, observer } = this.#context;
    const startedAtMs = environment.now();
    let document: RoomDocument;
    try {
      const stored = await this.#read(state);
      if (stored === null || this.#state !== state) return;
      if (stored.isErased) return this.#foundErased();
      const { rows, isDamaged, ...built } = storedDocument(this.name, stored, state.unsaved, this.#context);
      document = built.document;
      this.#parts.checkpoints.loaded({ rows, isDamaged });
      this.#epoch = stored.epoch;
      this.#parts.appender.loaded(stored.position);
      this.#journal ??= this.#createJournal(stored);
      this.#journal.contains(stored.position);
      observer.roomLoaded(stored.bytes, environment.now() - startedAtMs);
    } catch (error) {
      if (this.#state === state) this.#failLoad(error);
      return;
    }
    this.#loadFailures = 0;
    this.#parts.answers.reset();
    this.#state = { kind: 'ready', document, journal: this.#journal };
    watchDocument(this.name, document, this.#context);
    for (const seat of this.#seats.values()) {
      if (!state.isRebuild) this.#greet(seat, document);
      else this.#parts.documents.tellAnew(seat, document);
      state.waiting.resume(seat);
    }
    for (const waiting of state.waiting.all) {
      const { member } = waiting.seat;
      if (!this.#seats.has(member)) continue;
      try {
        this.#receiveDocument(waiting);
      } catch (error) {
        this.#endFor(member, error);
      }
    }
    this.takeInbox();
    this.#parts.replication?.loaded();
    this.#scheduleUnload();
  }

  /**
   * A room that is opened waits in line. One that is built again does not: its members are there.
   * @returns Null when the room was closed while it waited.
   */
  #read(state: State & { kind: 'loading' }): Promise<StoredRoom | null> {
    const { store, openings } = this.#context;
    if (openings === undefined || state.isRebuild) return store.load(this.name);
    return openings.run(() => (this.#state === state ? store.load(this.name) : Promise.resolve(null)));
  }

  #createJournal({ position }: StoredRoom): Journal {
    const { environment, limits } = this.#context;
    const port = roomJournalPort(this.name, this.#context, this.#parts, {
      onDurable: () => {
        if (this.#journal === null) return;
        this.#lookAtStorage();
        this.#parts.pipeline.durable(this.#journal);
        this.#checkpointIfDue();
      },
      onFailed: () => this.#lookAtStorage(),
      onErased: () => this.#erased(),
    });
    return new Journal(position, port, environment, limits);
  }

  /** Takes a document built anew from all that the present one has. Asks members again for what they sent too early. */
  #replaceDocument(document: RoomDocument): void {
    const state = this.#state;
    if (state.kind !== 'ready' && state.kind !== 'unloading') return document.destroy();
    state.document.destroy();
    state.document = document;
    watchDocument(this.name, document, this.#context);
    this.#parts.answers.reset();
    for (const seat of this.#seats.values()) if (seat.member.acks.hasUnmetNeed) this.#parts.pipeline.ask(seat, document);
  }

  #failLoad(error: unknown): void {
    const { logger, limits, environment } = this.#context;
    this.#loadFailures += 1;
    const retryAfterMs =
      Math.min(30_000, 10 * limits.retryBaseMs * 2 ** Math.min(this.#loadFailures - 1, 20)) * (0.5 + environment.random() / 2);
    logger.error({ room: this.name, ...errorFields(error), failures: this.#loadFailures, retryAfterMs }, 'room could not be loaded');
    this.#state = { kind: 'failed', retryAtMs: environment.now() + retryAfterMs };
    this.#endAll('LOAD_FAILED', retryAfterMs);
  }

  /** No failure, so only a debug line: the log has a line for each connection that is refused for it. */
  #foundErased(): void {
    const { logger, environment } = this.#context;
    logger.debug({ room: this.name }, 'room was erased before');
    this.#journal?.close();
    this.#state = { kind: 'erased', atMs: environment.now() };
    this.#endAll('ROOM_ERASED');
  }

  #lookAtStorage(): void {
    if (this.#journal !== null) this.#storage.look(this.#journal, this.#context.environment.now());
  }

  #greet(seat: Seat, document: RoomDocument): void {
    this.#storage.joined(seat.member);
    this.#parts.documents.greet(seat, document);
    this.#parts.ephemeral.greet(seat.member);
  }

  #receiveDocument(received: DocumentMessage): void {
    if (received.message.type === 'sync-step-1') this.takeInbox();
    if (this.#state.kind === 'loading') this.#state.waiting.push(received);
    else if (this.#state.kind === 'ready') this.#parts.documents.receive(this.#state, received);
  }

  #checkpointIfDue(): void {
    const state = this.#state;
    if (state.kind !== 'ready' || !this.#parts.checkpoints.isDue) return;
    this.#parts.checkpoints.write().catch((error: unknown) => this.#checkpointFailed(error));
  }

  #checkpointFailed(error: unknown): void {
    if (isErasedError(error)) return this.#erased();
    // Closed or being built again meanwhile: no checkpoint is wanted any more.
    if (this.#loaded === null) return;
    this.#context.logger.warn({ room: this.name, ...errorFields(error) }, 'checkpoint failed');
  }

  #erased(): void {
    this.#endAll('ROOM_ERASED');
    this.#close();
  }

  #report(): void {
    this.#parts.replication?.report(countMembers(this.#seats));
  }

  /** Stops unloading, however far it has come. */
  #keep(): void {
    this.#cancelUnload?.();
    this.#cancelUnload = null;
    if (this.#state.kind === 'unloading') this.#state = { ...this.#state, kind: 'ready' };
  }

  #scheduleUnload(): void {
    if (this.#isNeeded || this.#state.kind !== 'ready') return;
    this.#cancelUnload?.();
    this.#cancelUnload = this.#context.environment.schedule(() => {
      this.#cancelUnload = null;
      void this.#unload();
    }, this.#context.limits.unloadDelayMs);
  }

  async #unload(inTurn: (write: () => Promise<void>) => Promise<void> = (write) => write()): Promise<void> {
    if (this.#state.kind !== 'ready' || this.#isNeeded) return;
    const state: State = { ...this.#state, kind: 'unloading' };
    this.#state = state;
    await state.journal.whenIdle();
    if (this.#state !== state) return;
    if (this.#parts.checkpoints.isWorthwhile) {
      try {
        await inTurn(() => this.#parts.checkpoints.write());
      } catch (error) {
        this.#checkpointFailed(error);
      }
      if (this.#state !== state) return;
    }
    this.#close();
  }

  #close(): void {
    const state = this.#state;
    if (state.kind === 'closed') return;
    // Its goodbye states its position, so it must come while the document is still there.
    this.#parts.replication?.close();
    this.#state = { kind: 'closed' };
    this.#cancelUnload?.();
    this.#journal?.close();
    this.#parts.pipeline.close();
    this.#parts.fanOut.close();
    if (state.kind === 'ready' || state.kind === 'unloading') state.document.destroy();
    this.#context.onClosed(this);
  }

  #endAll(code: ErrorName, retryAfterMs = 0): void {
    for (const member of [...this.#seats.keys()]) member.end(code, { retryAfterMs });
  }

  #endFor(member: Member, error: unknown): void {
    if (!(error instanceof SyncError)) this.#context.logger.error({ room: this.name, err: error }, 'bug in handling a message');
    member.end(error instanceof SyncError ? error.code : 'INTERNAL');
  }
}
