/** Notifies the application of a room: of status and role when either changes, of every other event once. */
import type { Doc } from 'yjs';
import { Emitter, Gate } from './emitter.ts';
import { deriveStatus, type Facts, type RoomStatus } from './status.ts';
import type { Notice, WetMessage } from './tab-channel.ts';
import type { KeptCopy } from './types.ts';

export interface Replaced {
  doc: Doc;
  kept: KeptCopy;
}

export abstract class Announcer {
  readonly whenLoaded: Promise<void>;
  readonly whenSynced: Promise<void>;
  protected readonly loaded = new Gate();
  protected readonly replaced: Emitter<Replaced>;
  protected readonly wet: Emitter<WetMessage>;
  protected readonly notices: Emitter<Notice>;
  readonly #statuses: Emitter<RoomStatus>;
  readonly #syncs: Emitter<void>;
  readonly #firstSync = new Gate();
  #status: RoomStatus = { kind: 'loading', waiting: 0, copy: 'writing', storage: 'working', hasUnread: true };
  /** Status and role last passed to the application, as JSON. */
  #told = '';
  #wasSynced = false;

  /** @param report Receives errors that listeners throw. */
  constructor(report: (error: unknown) => void) {
    this.#statuses = new Emitter(report);
    this.#syncs = new Emitter(report);
    this.replaced = new Emitter(report);
    this.wet = new Emitter(report);
    this.notices = new Emitter(report);
    this.whenLoaded = this.loaded.opened;
    this.whenSynced = this.#firstSync.opened;
  }

  get status(): RoomStatus {
    return this.#status;
  }

  onStatus(listener: (status: RoomStatus) => void): () => void {
    return this.#statuses.on(listener);
  }
  onSynced(listener: () => void): () => void {
    return this.#syncs.on(listener);
  }
  onReplaced(listener: (event: Replaced) => void): () => void {
    return this.replaced.on(listener);
  }
  onWet(listener: (message: WetMessage) => void): () => void {
    return this.wet.on(listener);
  }
  onNotice(listener: (notice: Notice) => void): () => void {
    return this.notices.on(listener);
  }

  /** Emits what is new in these facts. */
  protected announce(facts: Facts): void {
    const status = deriveStatus(facts);
    const told = JSON.stringify([status, facts.role]);
    if (told !== this.#told) {
      this.#told = told;
      this.#status = status;
      this.#statuses.emit(status);
    }
    if (facts.isSynced === this.#wasSynced) return;
    this.#wasSynced = facts.isSynced;
    if (!facts.isSynced) return;
    this.#firstSync.open();
    this.#syncs.emit();
  }

  /** Ends the wait for loading and drops all listeners: the room is closed. */
  protected endAnnouncing(): void {
    this.loaded.open();
    for (const emitter of [this.#statuses, this.#syncs, this.replaced, this.wet, this.notices]) emitter.clear();
  }
}
