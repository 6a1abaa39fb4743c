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

export class Announcer {
  readonly loaded = new Gate();
  readonly firstSync = new Gate();
  readonly statuses: Emitter<RoomStatus>;
  readonly syncs: Emitter<void>;
  readonly replaced: Emitter<Replaced>;
  readonly wet: Emitter<WetMessage>;
  readonly notices: Emitter<Notice>;
  #status: RoomStatus = { kind: 'loading', waiting: 0, copy: 'writing', storage: 'working', hasUnread: true };
  /** Status and role last passed to the application, as JSON. */
  #told = '';
  #wasSynced = false;

  /** @param report Receives errors that listeners throw. */
  constructor(report: (error: unknown) => void) {
    this.statuses = new Emitter(report);
    this.syncs = new Emitter(report);
    this.replaced = new Emitter(report);
    this.wet = new Emitter(report);
    this.notices = new Emitter(report);
  }

  get status(): RoomStatus {
    return this.#status;
  }

  /** Emits what is new in these facts. */
  announce(facts: Facts): void {
    const status = deriveStatus(facts);
    const told = JSON.stringify([status, facts.role]);
    if (told !== this.#told) {
      this.#told = told;
      this.#status = status;
      this.statuses.emit(status);
    }
    if (facts.isSynced === this.#wasSynced) return;
    this.#wasSynced = facts.isSynced;
    if (!facts.isSynced) return;
    this.firstSync.open();
    this.syncs.emit();
  }

  /** Ends the wait for loading and drops all listeners: the room is closed. */
  end(): void {
    this.loaded.open();
    for (const emitter of [this.statuses, this.syncs, this.replaced, this.wet, this.notices]) emitter.clear();
  }
}
