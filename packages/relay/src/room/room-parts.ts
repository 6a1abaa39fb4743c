/** Builds the parts of a room and connects them. The room itself owns the state and decides; the parts do the work. */

import { Appender, type AppendWatch } from '../journal/appender.ts';
import type { ArrayWatch } from '../ports/array-watch.ts';
import type { Bus } from '../bus/bus.ts';
import { Checkpoints } from '../journal/checkpoints.ts';
import type { DocumentWorker } from '../document/document-worker.ts';
import type { Environment } from '../ports/environment.ts';
import { ForeignChanges } from '../replication/foreign-changes.ts';
import { FanOut } from '../updates/fan-out.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { Logger } from '../ports/logger.ts';
import type { Member } from '../member/member.ts';
import type { Seat, Seats } from '../member/seat.ts';
import { NodePresence } from '../presence/node-presence.ts';
import type { RelayObserver } from '../ports/observer.ts';
import type { Framing } from '../framing/outgoing.ts';
import { Owners } from '../ownership/owners.ts';
import { Presence } from '../presence/presence.ts';
import { createRepairGate, type RepairGate } from '../replication/repair-gate.ts';
import { Replication } from '../replication/replication.ts';
import type { RoomDocument } from '../document/room-document.ts';
import { SyncAnswers } from '../updates/sync-answers.ts';
import type { LoadedRoom } from '../journal/loaded-room.ts';
import { UpdatePipeline } from '../updates/update-pipeline.ts';
import type { Store } from '@wetink/storage';
import { DocumentMessages } from './document-messages.ts';
import { EphemeralMessages } from './ephemeral-messages.ts';

/** Services shared by all rooms of a relay. */
export interface RoomSurroundings {
  store: Store;
  /** Hears how appends went. Default: none. */
  appends?: AppendWatch;
  /** Null on a single node. */
  bus: Bus | null;
  observer: RelayObserver;
  logger: Logger;
  environment: Environment;
  limits: RelayLimits;
  framing: Framing;
  /** Shared by all rooms of a relay. Default: one per room. */
  gate?: RepairGate;
  /** Rooms that are opened read the store through it. Shared by all rooms of a relay. Default: they do not wait. */
  openings?: RepairGate;
  /** Builds checkpoints of large documents. Default: this thread does. */
  worker?: DocumentWorker | null;
  /** Hears of changes of an array. Default: none. */
  watch?: ArrayWatch | null;
}

const unwatched: AppendWatch = { appended: () => undefined, refused: () => undefined };

export interface RoomHooks {
  /** Null while the document is being loaded. */
  current(): LoadedRoom | null;
  epoch(): number;
  /** Takes a document built anew, with all that the present one has. */
  replace(document: RoomDocument): void;
  /** An apply threw: the document can no longer be used. */
  onBroken(loaded: LoadedRoom): void;
  /** Handling a change of this member threw. */
  onFailed(seat: Seat, error: unknown): void;
  /** The store says that the room was removed. */
  onErased(): void;
}

export class RoomParts {
  readonly presence: Presence;
  readonly owners: Owners;
  readonly fanOut: FanOut;
  readonly answers: SyncAnswers;
  readonly appender: Appender;
  readonly checkpoints: Checkpoints;
  readonly pipeline: UpdatePipeline;
  readonly documents: DocumentMessages;
  readonly ephemeral: EphemeralMessages;
  /** Null on a single node. */
  readonly replication: Replication | null;
  readonly #room: string;
  readonly #surroundings: RoomSurroundings;
  readonly #seats: Seats;
  readonly #hooks: RoomHooks;
  readonly #foreign: ForeignChanges;

  constructor(room: string, surroundings: RoomSurroundings, seats: Seats, hooks: RoomHooks) {
    const { store, framing, limits } = surroundings;
    this.#room = room;
    this.#surroundings = surroundings;
    this.#seats = seats;
    this.#hooks = hooks;
    this.presence = new Presence(limits);
    this.owners = new Owners(this.presence, limits);
    this.answers = new SyncAnswers(framing, limits);
    this.appender = new Appender(room, store, surroundings.appends ?? unwatched, limits.maxRowBytes);
    this.fanOut = new FanOut({ ...surroundings, seats, presence: this.presence, onTick: (news) => this.replication?.ephemeral(news) });
    this.checkpoints = new Checkpoints(
      room,
      { ...surroundings, worker: surroundings.worker ?? null },
      { current: () => hooks.current(), append: (rows) => this.appender.append(rows), catchUp: () => this.#catchUp() },
    );
    const { presence, owners, fanOut, checkpoints } = this;
    this.pipeline = new UpdatePipeline({
      ...surroundings,
      ...hooks,
      room,
      seats,
      fanOut,
      checkpoints,
      owners,
      askNode: (node, id, clientId) => this.replication?.askOwner(node, id, clientId) ?? false,
    });
    this.documents = new DocumentMessages(this.pipeline, this.answers);
    this.ephemeral = new EphemeralMessages({ presence, owners, fanOut, framing, limits });
    this.#foreign = new ForeignChanges({ ...surroundings, ...hooks, room, pipeline: this.pipeline });
    this.replication = surroundings.bus === null ? null : this.#replicationOver(surroundings.bus);
  }

  #replicationOver(bus: Bus): Replication {
    const { gate, limits } = this.#surroundings;
    return new Replication({
      ...this.#surroundings,
      ...this.#hooks,
      bus,
      gate: gate ?? createRepairGate(limits.maxTailReads),
      room: this.#room,
      fanOut: this.fanOut,
      presence: new NodePresence(this.presence, bus.node, (clientId, userId) => this.#findMember(clientId, userId)),
      foreign: this.#foreign,
      pipeline: this.pipeline,
      recall: (peer, entry) => {
        for (const member of this.#seats.keys()) if (member === peer) this.ephemeral.send(member, [entry]);
      },
      onHealed: (bytes) => this.checkpoints.healed(bytes),
    });
  }

  /** Reads rows of other nodes, for a checkpoint that is behind. */
  async #catchUp(): Promise<void> {
    const { store } = this.#surroundings;
    if (this.replication !== null) {
      if (!(await this.replication.catchUp())) throw new Error('what others wrote could not be read');
      return;
    }
    const before = this.#hooks.current();
    if (before === null) return;
    const stored = await store.load(this.#room, before.journal.position);
    const loaded = this.#hooks.current();
    if (loaded !== null) this.#foreign.absorb(loaded, stored);
  }

  #findMember(clientId: number, userId: string): Member | null {
    for (const member of this.#seats.keys()) if (member.ownClientId === clientId && member.userId === userId) return member;
    return null;
  }
}
