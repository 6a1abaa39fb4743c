/** Builds the parts of a room and connects them. The room itself owns the state and decides; the parts do the work. */

import type { Message } from '@wetink/protocol';
import { Appender, type AppendWatch } from '../journal/appender.ts';
import type { Bus } from '../bus/bus.ts';
import { Checkpoints } from '../journal/checkpoints.ts';
import type { DocumentWorker } from '../document/document-worker.ts';
import type { Environment } from '../ports/environment.ts';
import { ForeignChanges } from '../replication/foreign-changes.ts';
import { awarenessMessage, FanOut } from '../updates/fan-out.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { Logger } from '../ports/logger.ts';
import type { Member } from '../member/member.ts';
import type { Seats } from '../member/seat.ts';
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
  /** Builds checkpoints of large documents. Default: this thread does. */
  worker?: DocumentWorker | null;
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
  /** The store says that the room was removed. */
  onErased(): void;
  send(member: Member, messages: readonly (Message | Uint8Array)[]): void;
}

export interface RoomParts {
  presence: Presence;
  owners: Owners;
  fanOut: FanOut;
  answers: SyncAnswers;
  appender: Appender;
  checkpoints: Checkpoints;
  pipeline: UpdatePipeline;
  /** Null on a single node. */
  replication: Replication | null;
}

export function assembleRoom(room: string, surroundings: RoomSurroundings, seats: Seats, hooks: RoomHooks): RoomParts {
  const { store, bus, framing, environment, limits, logger } = surroundings;
  const presence = new Presence(limits);
  const owners = new Owners(presence, limits);
  const fanOut = new FanOut({ ...surroundings, seats, presence, onTick: (news) => replication?.ephemeral(news) });
  const appender = new Appender(room, store, surroundings.appends ?? unwatched, limits.maxRowBytes);

  /** Reads rows of other nodes, for a checkpoint that is behind. */
  const catchUp = async (): Promise<void> => {
    if (replication !== null) {
      if (!(await replication.catchUp())) throw new Error('what others wrote could not be read');
      return;
    }
    const before = hooks.current();
    if (before === null) return;
    const stored = await store.load(room, before.journal.position);
    const loaded = hooks.current();
    if (loaded !== null) foreign.absorb(loaded, stored);
  };

  const checkpoints = new Checkpoints(
    room,
    { ...surroundings, worker: surroundings.worker ?? null },
    { current: () => hooks.current(), append: (rows) => appender.append(rows), catchUp },
  );
  const onBroken = (loaded: LoadedRoom): void => hooks.onBroken(loaded);
  const pipeline: UpdatePipeline = new UpdatePipeline({
    ...surroundings,
    room,
    seats,
    fanOut: fanOut,
    checkpoints,
    owners,
    current: () => hooks.current(),
    askNode: (node, id, clientId) => replication?.askOwner(node, id, clientId) ?? false,
    onBroken,
  });
  const foreign = new ForeignChanges({ room, logger, pipeline: pipeline, replace: (document) => hooks.replace(document), onBroken });

  const findMember = (clientId: number, userId: string): Member | null => {
    for (const member of seats.keys()) if (member.ownClientId === clientId && member.userId === userId) return member;
    return null;
  };
  const replication =
    bus === null
      ? null
      : new Replication({
          ...surroundings,
          bus,
          gate: surroundings.gate ?? createRepairGate(limits.maxTailReads),
          room,
          fanOut: fanOut,
          presence: new NodePresence(presence, bus.node, findMember),
          foreign,
          pipeline: pipeline,
          current: () => hooks.current(),
          epoch: () => hooks.epoch(),
          recall: (peer, entry) => {
            for (const member of seats.keys()) if (member === peer) hooks.send(member, awarenessMessage([entry]));
          },
          onErased: () => hooks.onErased(),
          onHealed: (bytes) => checkpoints.healed(bytes),
        });
  return {
    presence,
    owners,
    fanOut: fanOut,
    answers: new SyncAnswers(framing, limits),
    appender,
    checkpoints,
    pipeline: pipeline,
    replication,
  };
}
