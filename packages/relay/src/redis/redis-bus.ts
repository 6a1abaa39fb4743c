/**
 * A bus over Redis: rooms, the life of the link, and the heartbeat that watches both.
 *
 *     down ──link opened──▶ opening ──subscribed, registered, own ping heard──▶ up
 *      ▲                       │                                                 │
 *      └── wait, with jitter ──┴──────── broken, refused, or silent ─────────────┘        close: from any, for good
 *
 * Up means heard end to end: every heartbeat publishes a ping to this node's own channel, and the ping must come back.
 * A silent link (a firewall that forgot it, a stopped Redis, a subscription lost without notice) is down after four
 * unheard pings. Beats are counted instead of time: a process that was itself stopped finds its link as it left it.
 */

import type { ConnectionOptions } from 'node:tls';
import type { Bus, BusListener, BusRoom, Departure, RoomCounts } from '../bus/bus.ts';
import type { Environment } from '../ports/environment.ts';
import type { Logger } from '../ports/logger.ts';
import { createRedisCommands, type RedisCommands } from './commands.ts';
import { decodeEnvelope, encodeEnvelope } from './envelope.ts';
import { explain } from './explain.ts';
import { Link } from './link.ts';
import { Presence, type PresenceOwner } from './presence.ts';
import { reconnectDelayMs } from './reconnect.ts';
import type { RedisAddress } from './redis-url.ts';
import { Registry, type Command } from './registry.ts';
import { RedisRoom } from './room.ts';

export interface RedisBusSettings {
  address: RedisAddress;
  tls?: ConnectionOptions | undefined;
  node: string;
  keyPrefix: string;
  heartbeatMs: number;
  timeoutMs: number;
  maxOutboxBytes: number;
  logger: Logger;
  environment: Environment;
}

export interface RedisBusStatus {
  isUp: boolean;
  /** host:port of the connections that publish, subscribe and keep the registry; empty while down. */
  endpoints: readonly string[];
  /** Links opened after the first. */
  reconnects: number;
  /** Failed attempts in a row. */
  failures: number;
  /** Why the link is down or was last down, in one sentence; null when it never was. */
  reason: string | null;
  /** Rooms joined, without '', which the relays use among themselves. */
  rooms: number;
  /** Other nodes known to live. */
  nodes: number;
  /** Messages of rooms handed to Redis, and their bytes with the envelope. */
  published: number;
  publishedBytes: number;
  /** Messages of rooms that were not sent: the link was down, or too many bytes were on their way. */
  droppedPublishes: number;
  received: number;
  receivedBytes: number;
  /** Messages that were not of this protocol, or that a broken link delivered late. */
  ignoredMessages: number;
  /** Memory held for messages on their way. */
  outboxBytes: number;
}

/** A command was refused because Redis is not connected. */
export class BusDownError extends Error {
  override readonly name = 'BusDownError';
}

type State = { name: 'down' } | { name: 'opening'; link: Link } | { name: 'up'; link: Link; stopBeating: () => void } | { name: 'closed' };

/** Own pings unheard, and heartbeats unwritten, after which the link counts as dead: 8 to 10 s at the default heartbeat. */
const BEATS_UNTIL_DEAD = 4;
/** Counts of a busy room are written together. */
const REPORT_DELAY_MS = 50;
/** Milliseconds that a close waits for its goodbye to be sent. */
const CLOSE_MS = 1_000;
/** Limit of the reasons logged; a handful of commands can be refused, each for a few reasons. */
const MAX_SHARING_REASONS = 20;
/** Milliseconds to wait for an answer about shared data; a client that connects waits meanwhile. */
const ANSWER_MS = 500;

export class RedisBus implements Bus {
  readonly node: string;
  /** Commands for what relays share beside messages. */
  readonly commands: RedisCommands;
  readonly #settings: RedisBusSettings;
  readonly #registry: Registry;
  readonly #presence: Presence;
  readonly #rooms = new Map<string, RedisRoom>();
  readonly #roomsByChannel = new Map<string, RedisRoom>();
  /** Channels of rooms that others know and that this node left while the link was down. */
  readonly #owedGoodbyes = new Set<string>();
  readonly #ownChannel: string;
  readonly #everyoneChannel: string;
  readonly #closing = new AbortController();
  #state: State = { name: 'down' };
  #linkNumber = 0;
  #beatsUnheard = 0;
  #beatsUnwritten = 0;
  #isBeating = false;
  /** Bytes held in all rooms whose subscription is not confirmed yet. */
  #heldBytes = 0;
  #writeError: Error | null = null;
  #pingHeard: () => void = () => undefined;
  #cancelReport: (() => void) | null = null;
  #ended: Promise<void> = Promise.resolve();
  #counters = { failures: 0, published: 0, publishedBytes: 0, droppedPublishes: 0, received: 0, receivedBytes: 0, ignoredMessages: 0 };
  #reason: string | null = null;
  /** Reasons why Redis refused shared data; each is logged once. */
  readonly #sharingReasons = new Set<string>();

  constructor(settings: RedisBusSettings) {
    this.node = settings.node;
    this.#settings = settings;
    this.#registry = new Registry(settings.keyPrefix, settings.node, settings.heartbeatMs);
    this.#ownChannel = this.#nodeChannel(settings.node);
    this.#everyoneChannel = `${settings.keyPrefix}:nodes`;
    const owner: PresenceOwner = {
      node: settings.node,
      rooms: this.#rooms,
      wasForgotten: () => this.#restored([...this.#rooms.values()].filter((room) => room.isAttached)),
      gone: (node) => this.#gone(node, 'lost'),
      goneFrom: (room, node) => this.#goneFrom(room, node, 'lost'),
    };
    this.#presence = new Presence(this.#registry, owner);
    this.commands = createRedisCommands({
      keyPrefix: settings.keyPrefix,
      answerMs: ANSWER_MS,
      transact: (commands) => this.#share(commands),
      late: () => new BusDownError('Redis is late.'),
      schedule: settings.environment.schedule,
    });
  }

  /** Begins to connect. Resolves after the first attempt, whether it worked or not. */
  start(): Promise<void> {
    return new Promise((resolve) => (this.#ended = this.#run(resolve)));
  }

  get isUp(): boolean {
    return this.#state.name === 'up';
  }

  status(): RedisBusStatus {
    const link = this.#state.name === 'up' ? this.#state.link : null;
    return {
      isUp: this.isUp,
      endpoints: link?.endpoints ?? [],
      reconnects: Math.max(0, this.#linkNumber - 1),
      reason: this.#reason,
      rooms: this.#rooms.size - (this.#rooms.has('') ? 1 : 0),
      nodes: this.#presence.knownNodes,
      outboxBytes: link?.outboxBytes ?? 0,
      ...this.#counters,
    };
  }

  join(name: string, listener: BusListener): BusRoom {
    if (this.#rooms.has(name)) throw new RangeError('This node has already joined that room.');
    const room = new RedisRoom(name, `${this.#settings.keyPrefix}:room:${name}`, listener);
    room.owesRestored = !this.isUp;
    if (this.#state.name !== 'closed') {
      this.#rooms.set(name, room);
      this.#roomsByChannel.set(room.channel, room);
    }
    if (this.#state.name === 'up') this.#attach(room, this.#state.link);
    return {
      publish: (bytes) => this.#say(room, room.channel, 'room', bytes),
      send: (node, bytes) => {
        if (node !== this.node) this.#say(room, this.#nodeChannel(node), 'private', bytes);
      },
      report: (counts) => this.#report(room, counts),
      peers: async () => {
        const link = this.#heldLink();
        return room.isLeft ? [] : this.#presence.peers(link, room);
      },
      leave: () => this.#leave(room),
    };
  }

  async counts(rooms: readonly string[]): Promise<RoomCounts[]> {
    const link = this.#heldLink();
    return rooms.length === 0 ? [] : this.#presence.counts(link, rooms);
  }

  async close(): Promise<void> {
    if (this.#state.name !== 'closed') {
      const state = this.#state;
      this.#state = { name: 'closed' };
      this.#closing.abort();
      this.#cancelReport?.();
      if (state.name === 'up') {
        state.stopBeating();
        state.link.publish(this.#everyoneChannel, encodeEnvelope('node-gone', this.node, this.#linkNumber));
        await this.#atMost(CLOSE_MS, this.#presence.end(state.link));
      }
      for (const room of this.#rooms.values()) room.isLeft = true;
      this.#rooms.clear();
      this.#roomsByChannel.clear();
      if (state.name === 'up' || state.name === 'opening') state.link.break(new BusDownError('The bus was closed.'));
    }
    await this.#ended;
  }

  // The link's life

  async #run(firstSettled: () => void): Promise<void> {
    const { environment } = this.#settings;
    let offset = Math.floor(environment.random() * this.#settings.address.endpoints.length);
    while (this.#state.name !== 'closed') {
      try {
        const link = await this.#open(offset++);
        firstSettled();
        this.#lost(await link.broken);
      } catch (error) {
        this.#lost(error as Error);
        this.#counters.failures += 1;
      }
      firstSettled();
      await this.#pause(reconnectDelayMs(this.#counters.failures, environment.random()));
    }
  }

  /** @returns A link that has been heard end to end. */
  async #open(offset: number): Promise<Link> {
    const { address, tls, timeoutMs, maxOutboxBytes } = this.#settings;
    const link = await Link.open({
      address,
      tls,
      offset,
      name: `wetink-${this.node}`,
      probeKey: this.#registry.nodeKey(this.node),
      timeoutMs,
      maxOutboxBytes,
      signal: this.#closing.signal,
      onMessage: (channel, bytes) => this.#onMessage(channel, bytes),
    });
    try {
      this.#closing.signal.throwIfAborted();
      this.#state = { name: 'opening', link };
      this.#linkNumber += 1;
      await link.subscribe([this.#ownChannel, this.#everyoneChannel]);
      await this.#attachAll(link);
      await this.#presence.rebuild(link);
      await this.#heardEndToEnd(link);
      // Rooms joined meanwhile.
      await this.#attachAll(link);
      this.#closing.signal.throwIfAborted();
    } catch (error) {
      link.break(error as Error);
      throw error;
    }
    this.#wentUp(link);
    return link;
  }

  async #attachAll(link: Link): Promise<void> {
    const rooms = [...this.#rooms.values()].filter((room) => !room.isAttached);
    await link.subscribe(rooms.map((room) => room.channel));
    for (const room of rooms) room.isAttached = !room.isLeft;
  }

  async #heardEndToEnd(link: Link): Promise<void> {
    const heard = new Promise<true>((resolve) => (this.#pingHeard = () => resolve(true)));
    link.publish(this.#ownChannel, encodeEnvelope('ping', this.node, this.#linkNumber));
    const outcome = await Promise.race([heard, link.broken, this.#pause(this.#settings.timeoutMs)]);
    if (outcome === undefined)
      throw new BusDownError('Published messages do not come back to the subscription. Are the nodes of the URL one cluster?');
    if (outcome !== true) throw outcome;
  }

  #wentUp(link: Link): void {
    const { environment, heartbeatMs, logger } = this.#settings;
    this.#beatsUnheard = 0;
    this.#beatsUnwritten = 0;
    this.#writeError = null;
    let cancel: () => void;
    const beat = (): void => {
      cancel = environment.schedule(beat, heartbeatMs);
      this.#beat(link);
    };
    cancel = environment.schedule(beat, heartbeatMs);
    this.#state = { name: 'up', link, stopBeating: () => cancel() };
    this.#counters.failures = 0;
    if (this.#reason !== null) logger.info({ redis: link.endpoints, rooms: this.#rooms.size }, 'Redis is connected again');
    for (const room of this.#rooms.values()) if (!room.isAttached) this.#attach(room, link);
    for (const channel of this.#owedGoodbyes)
      if (!this.#roomsByChannel.has(channel)) link.publish(channel, encodeEnvelope('bye', this.node, this.#linkNumber));
    this.#owedGoodbyes.clear();
    this.#restored([...this.#rooms.values()].filter((room) => room.isAttached && room.owesRestored));
  }

  #lost(error: Error): void {
    if (this.#state.name === 'closed') return;
    if (this.#state.name === 'up') this.#state.stopBeating();
    const hadLink = this.#state.name === 'up';
    this.#state = { name: 'down' };
    for (const room of this.#rooms.values()) this.#counters.droppedPublishes += room.detach();
    this.#heldBytes = 0;
    const reason = explain(error);
    // One line for each reason, not one for each attempt.
    if (hadLink || reason !== this.#reason) {
      this.#settings.logger.warn(
        { reason },
        hadLink
          ? 'link to Redis broke; updates of other nodes come from the store until it holds again'
          : 'Redis cannot be reached; this node goes on without the others and keeps trying',
      );
    }
    this.#reason = reason;
  }

  #beat(link: Link): void {
    if (this.#beatsUnheard >= BEATS_UNTIL_DEAD) return link.break(new BusDownError('timed out: own pings do not come back.'));
    if (this.#beatsUnwritten >= BEATS_UNTIL_DEAD)
      return link.break(this.#writeError ?? new BusDownError('timed out: the registry does not answer.'));
    this.#beatsUnheard += 1;
    this.#beatsUnwritten += 1;
    link.publish(this.#ownChannel, encodeEnvelope('ping', this.node, this.#linkNumber));
    if (this.#isBeating) return;
    this.#isBeating = true;
    this.#presence
      .beat(link)
      .then(
        () => {
          this.#beatsUnwritten = 0;
          this.#writeError = null;
        },
        (error: unknown) => this.#unwritten(error),
      )
      .finally(() => (this.#isBeating = false));
  }

  /** Marks the registry as unsure, so that the next heartbeat writes it again. */
  #unwritten(error: unknown): void {
    this.#presence.markUnsure();
    this.#writeError = error as Error;
  }

  // Rooms

  /** Subscribes, sends held messages, then enters the registry: a listed node must be one that hears. */
  #attach(room: RedisRoom, link: Link): void {
    link
      .subscribe([room.channel])
      .then(() => {
        if (room.isLeft || !this.#holds(link)) return;
        room.isAttached = true;
        this.#sayHeld(room);
        if (room.owesRestored) this.#restored([room]);
        return this.#presence.enter(link, room);
      })
      .catch((error: unknown) => this.#unwritten(error));
  }

  #say(room: RedisRoom, channel: string, kind: 'room' | 'private', payload: Uint8Array): void {
    if (room.isLeft || this.#state.name !== 'up' || !this.#state.link.hasRoomFor(this.#heldBytes + payload.length)) {
      this.#counters.droppedPublishes += 1;
      return;
    }
    const bytes = encodeEnvelope(kind, this.node, this.#linkNumber, payload, room.name);
    if (room.isAttached) return this.#publish(channel, bytes);
    room.held.push({ channel, bytes });
    this.#heldBytes += bytes.length;
  }

  #sayHeld(room: RedisRoom): void {
    const { held } = room;
    room.held = [];
    for (const { channel, bytes } of held) {
      this.#heldBytes -= bytes.length;
      this.#publish(channel, bytes);
    }
  }

  #publish(channel: string, bytes: Buffer): void {
    if (this.#state.name !== 'up' || !this.#state.link.publish(channel, bytes)) {
      this.#counters.droppedPublishes += 1;
      return;
    }
    this.#counters.published += 1;
    this.#counters.publishedBytes += bytes.length;
  }

  #report(room: RedisRoom, counts: RoomCounts): void {
    if (room.isLeft) return;
    room.counts = { people: counts.people, connections: counts.connections };
    if (this.#state.name !== 'up') return;
    this.#presence.changed(room);
    this.#cancelReport ??= this.#settings.environment.schedule(() => {
      this.#cancelReport = null;
      if (this.#state.name === 'up') this.#presence.writeChanged(this.#state.link).catch((error: unknown) => this.#unwritten(error));
    }, REPORT_DELAY_MS);
  }

  #leave(room: RedisRoom): void {
    if (room.isLeft) return;
    room.isLeft = true;
    this.#rooms.delete(room.name);
    this.#roomsByChannel.delete(room.channel);
    if (this.#state.name === 'opening') this.#state.link.unsubscribe(room.channel);
    if (this.#state.name !== 'up') {
      if (room.isAttached || room.wasAttached) this.#owedGoodbyes.add(room.channel);
      return;
    }
    const { link } = this.#state;
    this.#sayHeld(room);
    link.publish(room.channel, encodeEnvelope('bye', this.node, this.#linkNumber));
    link.unsubscribe(room.channel);
    this.#presence.leave(link, room);
  }

  #onMessage(channel: string, bytes: Buffer): void {
    const message = decodeEnvelope(bytes);
    if (message === null) {
      this.#counters.ignoredMessages += 1;
      return;
    }
    if (message.from === this.node) {
      if (message.kind === 'ping' && message.linkNumber === this.#linkNumber) {
        this.#beatsUnheard = 0;
        this.#pingHeard();
      }
      return;
    }
    if (!this.#presence.heardFrom(message.from, message.linkNumber)) {
      this.#counters.ignoredMessages += 1;
      return;
    }
    if (message.kind === 'node-gone') {
      this.#presence.bury(message.from);
      this.#gone(message.from, 'left');
      return;
    }
    const room = message.kind === 'private' ? this.#rooms.get(message.room) : this.#roomsByChannel.get(channel);
    if (room === undefined || message.kind === 'ping') return;
    if (message.kind === 'bye') return this.#goneFrom(room, message.from, 'left');
    room.seen.set(message.from, 0);
    this.#counters.received += 1;
    this.#counters.receivedBytes += bytes.length;
    this.#call(() => room.listener.receive(message.from, message.payload));
  }

  #restored(rooms: readonly RedisRoom[]): void {
    for (const room of rooms) {
      room.owesRestored = false;
      this.#call(() => room.listener.restored());
    }
  }

  #gone(node: string, how: Departure): void {
    for (const room of this.#rooms.values()) if (room.seen.has(node)) this.#goneFrom(room, node, how);
  }

  #goneFrom(room: RedisRoom, node: string, how: Departure): void {
    room.seen.delete(node);
    this.#call(() => room.listener.gone(node, how));
  }

  /** Catches a listener's error, so that the link and the other rooms go on. */
  #call(fn: () => void): void {
    try {
      fn();
    } catch (error) {
      this.#settings.logger.error({ err: error }, 'bug in the handler of a bus message');
    }
  }

  async #share(commands: readonly Command[]): Promise<unknown[]> {
    const link = this.#heldLink();
    try {
      return await link.transact(commands, commands.length);
    } catch (error) {
      // A broken link is logged elsewhere, and the caller goes on without an answer.
      if (this.#holds(link)) this.#sharingRefused(explain(error as Error));
      throw error;
    }
  }

  #sharingRefused(reason: string): void {
    if (this.#sharingReasons.has(reason) || this.#sharingReasons.size >= MAX_SHARING_REASONS) return;
    this.#sharingReasons.add(reason);
    this.#settings.logger.warn({ reason }, 'Redis refuses what relays share beside messages; each relay uses its own');
  }

  #holds(link: Link): boolean {
    return this.#state.name === 'up' && this.#state.link === link;
  }

  #heldLink(): Link {
    if (this.#state.name !== 'up') throw new BusDownError(this.#reason ?? 'The bus is not up.');
    return this.#state.link;
  }

  #nodeChannel(node: string): string {
    return `${this.#settings.keyPrefix}:node:${node}`;
  }

  /** Ends early when the bus is closed. */
  #pause(ms: number): Promise<void> {
    const { signal } = this.#closing;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.#settings.environment.schedule(end, ms);
      signal.addEventListener('abort', end);
    });
  }

  async #atMost(ms: number, work: Promise<void>): Promise<void> {
    let cancel = (): void => undefined;
    const timeout = new Promise<void>((resolve) => (cancel = this.#settings.environment.schedule(resolve, ms)));
    // A goodbye that Redis did not take expires with the heartbeat.
    await Promise.race([work.catch((error: unknown) => this.#unwritten(error)), timeout]);
    cancel();
  }
}
