/**
 * A room that is open on several nodes: what one node journals reaches the others.
 *
 *     journal write durable ──batch──▶ every node with the room      one publish, however many nodes
 *     tick of the ephemeral lane ──▶ the same                        presence and wet ink, without waiting for durability
 *
 * The bus is a hint; correctness does not depend on it. Every batch names the journal position it follows: a node that
 * lacks that position has a gap. A node announces its position often while a peer lags, and now and then otherwise, so
 * that a lost last message is noticed too; at equal positions nodes compare documents. Missing updates come from the
 * node that has them or from the store (`repairs.ts`). While a known node is not heard, the store is read every few
 * seconds. The store is also read for a while after a node vanishes without a goodbye, because it may be dead, or cut
 * off from the bus alone and still writing; and it is read now and then whatever the bus says (`unheard-nodes.ts`).
 * Updates from the bus are durable already and not journaled here.
 */

import { SyncError } from '@wetink/protocol';
import { arePositionsEqual, isCovered, START, type Position } from '@wetink/storage';
import { UnheardNodes } from './unheard-nodes.ts';
import type { Bus, BusRoom, Departure, RoomCounts } from '../bus/bus.ts';
import { decodeBusMessage, encodeBusMessage, type BusMessage } from '../bus/bus-codec.ts';
import type { EphemeralNews } from '../updates/ephemeral-lane.ts';
import type { FanOut } from '../updates/fan-out.ts';
import type { NodePresence, NodePresenceOutcome } from '../presence/node-presence.ts';
import type { PresencePeer } from '../presence/presence.ts';
import { PeerNodes, type PeerNode } from './peer-nodes.ts';
import { Repairs, type RepairsContext } from './repairs.ts';
import type { Appended } from '../journal/appender.ts';
import type { UpdatePipeline } from '../updates/update-pipeline.ts';

export interface ReplicationContext extends Omit<RepairsContext, 'send' | 'onRead'> {
  bus: Bus;
  fanOut: FanOut;
  presence: NodePresence;
  /** Holds updates until a node has answered for the id's owner, and asks members on behalf of other nodes. */
  pipeline: Pick<UpdatePipeline, 'askedByNode' | 'answeredByNode'>;
  /** Sends a member an awareness entry about itself. */
  recall(member: PresencePeer, entry: NodePresenceOutcome['recalled'][number]['entry']): void;
}

/** Mismatches in a row after which the store is read from the start. */
const MISMATCHES_FOR_RELOAD = 3;

export class Replication {
  readonly #context: ReplicationContext;
  readonly #room: BusRoom;
  readonly #repairs: Repairs;
  readonly #peers: PeerNodes;
  readonly #unheard: UnheardNodes;
  #hasPeople = false;
  /** Messages that arrived before the document was loaded. */
  #early: { from: string; message: BusMessage }[] = [];
  #earlyBytes = 0;
  #loadedAtMs = -Infinity;
  #announceAtMs = Infinity;
  #polledAtMs = -Infinity;
  #isPolling = false;
  #cancelRestore: (() => void) | null = null;
  #isClosed = false;

  constructor(context: ReplicationContext) {
    this.#context = context;
    this.#peers = new PeerNodes(context.limits);
    this.#unheard = new UnheardNodes(context.limits, context.environment.now());
    this.#repairs = new Repairs({
      ...context,
      send: (node, message) => this.#send(node, message),
      onRead: (found, known) => this.#unheard.read(found, known, context.environment.now()),
    });
    this.#room = context.bus.join(context.room, {
      receive: (from, bytes) => this.#receive(from, bytes),
      restored: () => this.#restored(),
      gone: (node, how) => this.#gone(node, how),
    });
    this.#publish({ type: 'presence-query' });
  }

  /** Other nodes that have the room open, as far as this one knows. */
  get nodes(): string[] {
    return this.#peers.names;
  }

  /** No repair is running. */
  get isIdle(): boolean {
    return this.#repairs.isIdle;
  }

  report(counts: RoomCounts): void {
    this.#hasPeople = counts.connections > 0;
    this.#room.report(counts);
  }

  /** Called when the document is loaded, for the first time or again. */
  loaded(): void {
    const early = this.#early;
    this.#early = [];
    this.#earlyBytes = 0;
    this.#loadedAtMs = this.#context.environment.now();
    this.#unheard.opened(this.#loadedAtMs);
    for (const { from, message } of early) this.#handle(from, message);
    this.#announce({ isAsking: true });
    // The registry lists nodes that the question does not reach.
    this.#polledAtMs = -Infinity;
  }

  /** Publishes rows of this node that are durable now. */
  appended({ previous, position }: Appended, updates: readonly Uint8Array[]): void {
    this.#unheard.told(position);
    const bytes = updates.reduce((sum, update) => sum + update.length, 0);
    const isSmall = bytes <= this.#context.limits.maxBusUpdateBytes;
    this.#publish({ type: 'batch', epoch: this.#context.epoch(), previous, position, updates: isSmall ? [...updates] : null });
    this.#announceWithin(this.#context.limits.announceBusyMs);
  }

  /** Publishes what members of this node did in one tick. */
  ephemeral({ clientIds, wet }: EphemeralNews): void {
    if (this.#peers.size === 0) return;
    const entries = this.#context.presence.entriesOf(clientIds);
    if (entries.length + wet.length > 0) this.#publish({ type: 'ephemeral', isFull: false, entries, wet });
  }

  /** Asks a node how many clocks of this client id its member has. @returns False when the node cannot be asked now. */
  askOwner(node: string, id: number, clientId: number): boolean {
    if (this.#isClosed || !this.#context.bus.isUp) return false;
    this.#send(node, { type: 'owner-ask', epoch: this.#context.epoch(), id, clientId });
    return true;
  }

  erased(epoch: number): void {
    this.#publish({ type: 'erased', epoch });
  }

  /** Reads what others wrote from the store. @returns false when it could not be read. */
  catchUp(): Promise<boolean> {
    return this.#repairs.tail();
  }

  /** Called every second or so, while the document is there. */
  housekeeping(nowMs: number): void {
    const { bus, limits } = this.#context;
    if (nowMs >= this.#announceAtMs) this.#announce({ isAsking: !this.#isConfirmed() });
    if (bus.isUp && nowMs - this.#polledAtMs >= limits.announceBusyMs) void this.#poll();
    const isDeaf = !bus.isUp || this.#peers.hasUnheard(nowMs);
    const pauseMs = isDeaf ? limits.tailPauseMs : this.#hasPeople ? this.#unheard.readPauseMs(nowMs) : null;
    if (pauseMs !== null && nowMs - Math.max(this.#loadedAtMs, this.#repairs.readAtMs) >= pauseMs) this.#repairs.tailSoon();
  }

  /** Announces its position for the last time, and leaves. */
  close(): void {
    if (this.#isClosed) return;
    if (this.#context.current() !== null) this.#announce({ isAsking: false });
    this.#isClosed = true;
    this.#cancelRestore?.();
    this.#repairs.close();
    this.#room.leave();
  }

  #receive(from: string, bytes: Uint8Array): void {
    const { observer, logger, room, limits } = this.#context;
    if (this.#isClosed) return;
    observer.busReceived(bytes.length);
    let message: BusMessage;
    try {
      message = decodeBusMessage(bytes);
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      logger.warn({ room, node: from, err: error, bytes: bytes.length }, 'message of another node cannot be read');
      return;
    }
    this.#heard(from, message);
    const needsDocument = message.type !== 'ephemeral' && message.type !== 'presence-query';
    if (!needsDocument || this.#context.current() !== null) return this.#handle(from, message);
    this.#earlyBytes += bytes.length;
    // The comparison after loading finds what is dropped here.
    if (this.#earlyBytes <= limits.maxWaitingBytes) this.#early.push({ from, message });
  }

  #handle(from: string, message: BusMessage): void {
    const loaded = this.#context.current();
    if ('epoch' in message && loaded !== null && message.epoch !== this.#context.epoch()) {
      // The sender says that the room was erased; the store decides.
      if (message.epoch > this.#context.epoch()) this.#repairs.tailSoon();
      return;
    }
    switch (message.type) {
      case 'batch':
        return this.#batch(from, message);
      case 'announce':
        return this.#announced(from, message);
      case 'ask':
        void this.#repairs.answer(from, message);
        return;
      case 'answer':
        return this.#repairs.answered(from, message);
      case 'owner-ask':
        return this.#ownerAsked(from, message);
      case 'owner-answer':
        if (loaded !== null) this.#context.pipeline.answeredByNode(loaded, from, message.id, message.answer);
        return;
      case 'ephemeral':
        return this.#ephemeral(from, message);
      case 'presence-query':
        return this.#send(from, { type: 'ephemeral', isFull: true, entries: this.#context.presence.own(), wet: [] });
      case 'erased':
        return this.#repairs.tailSoon();
    }
  }

  #ownerAsked(from: string, { id, clientId }: Extract<BusMessage, { type: 'owner-ask' }>): void {
    const loaded = this.#context.current();
    if (loaded === null) return;
    this.#context.pipeline.askedByNode(loaded, clientId, (answer) =>
      this.#send(from, { type: 'owner-answer', epoch: this.#context.epoch(), id, answer }),
    );
  }

  #batch(from: string, { previous, position, updates }: Extract<BusMessage, { type: 'batch' }>): void {
    const loaded = this.#context.current();
    if (loaded === null) return;
    const { journal } = loaded;
    this.#unheard.told(position);
    if (isCovered(position, journal.position)) return;
    const isContiguous = isCovered(previous, journal.position);
    if (updates === null) return this.#repairs.tailSoon();
    const { isComplete } = this.#context.foreign.apply(loaded, updates);
    if (isComplete && isContiguous) journal.contains(position);
    else this.#gap(from, position);
    // The writer needs to know that its batch has arrived.
    this.#announceWithin(this.#context.limits.announceBusyMs);
  }

  #gap(from: string, wanted: Position): void {
    this.#context.observer.busGap();
    this.#repairs.exchange(from, 'gap', wanted);
  }

  #announced(from: string, message: Extract<BusMessage, { type: 'announce' }>): void {
    const loaded = this.#context.current();
    const peer = this.#peers.get(from);
    if (loaded === null || peer === undefined) return;
    const { document, journal } = loaded;
    this.#peers.announced(peer, message.position);
    if (message.isAsking) this.#reply(from, peer);
    if (!isCovered(message.position, journal.position)) return this.#gap(from, message.position);
    const isComparable = message.digest !== null && journal.isIdle && arePositionsEqual(message.position, journal.position);
    if (!isComparable || message.digest === null) return;
    if (Buffer.compare(message.digest, document.digest()) === 0) {
      peer.digestMismatches = 0;
      return;
    }
    peer.digestMismatches += 1;
    // One mismatch may be chance: a node can have content before it knows its position.
    if (peer.digestMismatches === 1) return this.#send(from, this.#state({ isAsking: true }));
    this.#context.observer.digestMismatch();
    this.#context.logger.error({ room: this.#context.room, node: from }, 'two nodes at one position have different documents');
    if (peer.digestMismatches > MISMATCHES_FOR_RELOAD) void this.#repairs.tail({ isWhole: true });
    this.#repairs.exchange(from, 'digest', START);
  }

  #ephemeral(from: string, { entries, isFull, wet }: Extract<BusMessage, { type: 'ephemeral' }>): void {
    const { presence, fanOut, logger, room } = this.#context;
    try {
      this.#tell(from, presence.receive(from, entries, { isFull }));
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      logger.warn({ room, node: from, err: error }, 'presence of another node cannot be read');
    }
    for (const bytes of wet) fanOut.wetBytes('node', bytes);
  }

  #tell(node: string, { changed, taken, recalled, stale }: NodePresenceOutcome): void {
    const { fanOut, presence, recall } = this.#context;
    fanOut.presence('node', changed);
    for (const { member, entry } of recalled) recall(member, entry);
    if (taken.length > 0) this.#publish({ type: 'ephemeral', isFull: false, entries: presence.entriesOf(taken), wet: [] });
    if (stale.length > 0) this.#send(node, { type: 'ephemeral', isFull: false, entries: stale, wet: [] });
  }

  #gone(node: string, how: Departure): void {
    if (this.#isClosed) return;
    if (how === 'left') this.#unheard.ended(node);
    else this.#unheard.lost(node, this.#context.environment.now());
    this.#peers.delete(node);
    this.#tell(node, this.#context.presence.gone(node));
    this.#repairs.gone(node);
    // It may have died after its write and before its publish.
    this.#repairs.tailSoon();
  }

  #restored(): void {
    const { environment, limits } = this.#context;
    if (this.#isClosed || this.#cancelRestore !== null) return;
    this.#cancelRestore = environment.schedule(() => {
      this.#cancelRestore = null;
      this.#polledAtMs = -Infinity;
      this.#peers.restored(environment.now());
      this.#publish({ type: 'presence-query' });
      this.#publish({ type: 'ephemeral', isFull: true, entries: this.#context.presence.own(), wet: [] });
      if (this.#context.current() !== null) this.#announce({ isAsking: true });
    }, environment.random() * limits.restoreSpreadMs);
  }

  /** Reads which nodes the registry lists: those never heard are asked, those not listed any more are gone. */
  async #poll(): Promise<void> {
    const { environment } = this.#context;
    this.#polledAtMs = environment.now();
    if (this.#isPolling) return;
    this.#isPolling = true;
    let listed: Set<string>;
    try {
      listed = new Set(await this.#room.peers());
    } catch (error) {
      this.#context.logger.debug({ room: this.#context.room, err: error }, 'registry of nodes cannot be read');
      return;
    } finally {
      this.#isPolling = false;
    }
    if (this.#isClosed) return;
    for (const node of this.#peers.listed(listed, environment.now())) {
      this.#send(node, { type: 'presence-query' });
      if (this.#context.current() !== null) this.#send(node, this.#state({ isAsking: true }));
    }
    for (const node of this.#peers.missing(listed)) this.#gone(node, 'lost');
  }

  #announce(options: { isAsking: boolean }): void {
    const { isAsking } = options;
    const { environment, limits } = this.#context;
    const nowMs = environment.now();
    this.#publish(this.#state(options));
    if (isAsking) this.#peers.asked(nowMs);
    // Spreads the rooms over time.
    this.#announceAtMs = nowMs + (isAsking ? limits.announceBusyMs : limits.announceIdleMs * (0.75 + environment.random() / 4));
  }

  #announceWithin(ms: number): void {
    this.#announceAtMs = Math.min(this.#announceAtMs, this.#context.environment.now() + ms);
  }

  #reply(to: string, peer: PeerNode): void {
    const nowMs = this.#context.environment.now();
    if (nowMs - peer.repliedAtMs < this.#context.limits.repairPauseMs) return;
    peer.repliedAtMs = nowMs;
    this.#send(to, this.#state({ isAsking: false }));
  }

  #state({ isAsking }: { isAsking: boolean }): BusMessage {
    const loaded = this.#context.current();
    const epoch = this.#context.epoch();
    if (loaded === null) return { type: 'announce', epoch, position: START, digest: null, isAsking };
    const { document, journal } = loaded;
    return { type: 'announce', epoch, position: journal.position, digest: journal.isIdle ? document.digest() : null, isAsking };
  }

  /** Every other node is known to have what this one has. */
  #isConfirmed(): boolean {
    return this.#peers.haveAll(this.#context.current()?.journal.position ?? START);
  }

  #heard(from: string, message: BusMessage): void {
    const isBusy = message.type === 'batch' || (message.type === 'announce' && message.isAsking);
    const isNew = this.#peers.heard(from, this.#context.environment.now(), { isBusy });
    if (isNew) this.#unheard.appeared(from);
    else this.#unheard.ended(from);
    if (!isNew || message.type === 'presence-query') return;
    // Neither knows the presence that the other sent before.
    this.#send(from, { type: 'presence-query' });
    this.#send(from, { type: 'ephemeral', isFull: true, entries: this.#context.presence.own(), wet: [] });
  }

  #publish(message: BusMessage): void {
    if (this.#isClosed) return;
    const bytes = encodeBusMessage(message);
    this.#context.observer.busPublished(bytes.length);
    this.#room.publish(bytes);
  }

  #send(node: string, message: BusMessage): void {
    if (this.#isClosed) return;
    const bytes = encodeBusMessage(message);
    this.#context.observer.busPublished(bytes.length);
    this.#room.send(node, bytes);
  }
}
