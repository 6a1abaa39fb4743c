/**
 * A bus over Redis: rooms, and the life of the link.
 *
 *     down ──link opened──▶ opening ──subscribed, registered, own ping heard──▶ up
 *      ▲                       │                                                 │
 *      └── wait, with jitter ──┴──────── broken, refused, or silent ─────────────┘        close: from any, for good
 *
 * Up means heard end to end: every heartbeat publishes a ping to this node's own channel, and the ping must come back.
 * A silent link (a firewall that forgot it, a stopped Redis, a subscription lost without notice) is down after four
 * unheard pings (heartbeat.ts).
 */

import type { Bus, BusListener, BusRoom, Departure, RoomCounts } from '../bus/bus.ts';
import { BusDownError } from './bus-down-error.ts';
import type { RedisBusSettings } from './bus-settings.ts';
import type { RedisBusStatus } from './bus-status.ts';
import type { RedisCommands } from './commands.ts';
import { decodeEnvelope, encodeEnvelope } from './envelope.ts';
import { explain } from './explain.ts';
import { Heartbeat } from './heartbeat.ts';
import { Link } from './link.ts';
import { Presence, type PresenceOwner } from './presence.ts';
import { reconnectDelayMs } from './reconnect.ts';
import { Registry } from './registry.ts';
import { RedisRoom } from './room.ts';
import { RoomSender } from './room-sender.ts';
import { createSharedCommands } from './shared-commands.ts';
import { atMost, pause } from './waits.ts';

type State = { name: 'down' } | { name: 'opening'; link: Link } | { name: 'up'; link: Link } | { name: 'closed' };

/** Counts of a busy room are written together. */
const REPORT_DELAY_MS = 50;
/** Milliseconds that a close waits for its goodbye to be sent. */
const CLOSE_MS = 1_000;

export class RedisBus implements Bus {
  readonly node: string;
  /** Commands for what relays share beside messages. */
  readonly commands: RedisCommands;
  readonly #settings: RedisBusSettings;
  readonly #registry: Registry;
  readonly #presence: Presence;
  readonly #heartbeat: Heartbeat;
  readonly #sender = new RoomSender({
    upLink: () => this.#upLink,
    encode: (kind, payload, room) => encodeEnvelope(kind, this.node, this.#linkNumber, payload, room),
  });
  readonly #rooms = new Map<string, RedisRoom>();
  readonly #roomsByChannel = new Map<string, RedisRoom>();
  /** Channels of rooms that others know and that this node left while the link was down. */
  readonly #owedGoodbyes = new Set<string>();
  readonly #ownChannel: string;
  readonly #everyoneChannel: string;
  readonly #closing = new AbortController();
  #state: State = { name: 'down' };
  #linkNumber = 0;
  #pingHeard: () => void = () => undefined;
  #cancelReport: (() => void) | null = null;
  #ended: Promise<void> = Promise.resolve();
  #counters = { failures: 0, received: 0, receivedBytes: 0, ignoredMessages: 0 };
  #reason: string | null = null;

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
    this.#heartbeat = new Heartbeat({
      presence: this.#presence,
      environment: settings.environment,
      heartbeatMs: settings.heartbeatMs,
      ping: (link) => this.#ping(link),
    });
    this.commands = createSharedCommands({
      keyPrefix: settings.keyPrefix,
      logger: settings.logger,
      schedule: settings.environment.schedule,
      heldLink: () => this.#heldLink(),
      holds: (link) => this.#holds(link),
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
    const link = this.#upLink;
    return {
      isUp: this.isUp,
      endpoints: link?.endpoints ?? [],
      reconnects: Math.max(0, this.#linkNumber - 1),
      reason: this.#reason,
      rooms: this.#rooms.size - (this.#rooms.has('') ? 1 : 0),
      nodes: this.#presence.knownNodes,
      outboxBytes: link?.outboxBytes ?? 0,
      ...this.#counters,
      ...this.#sender.counters,
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
    if (this.#upLink !== null) this.#attach(room, this.#upLink);
    return {
      publish: (bytes) => this.#sender.say(room, room.channel, 'room', bytes),
      send: (node, bytes) => {
        if (node !== this.node) this.#sender.say(room, this.#nodeChannel(node), 'private', bytes);
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
        this.#heartbeat.stop();
        state.link.publish(this.#everyoneChannel, encodeEnvelope('node-gone', this.node, this.#linkNumber));
        // A goodbye that Redis did not take expires with the heartbeat.
        const goodbye = this.#presence.end(state.link).catch((error: unknown) => this.#heartbeat.writeFailed(error));
        await atMost(this.#settings.environment.schedule, CLOSE_MS, goodbye);
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
    this.#ping(link);
    const outcome = await Promise.race([heard, link.broken, this.#pause(this.#settings.timeoutMs)]);
    if (outcome === undefined)
      throw new BusDownError('Published messages do not come back to the subscription. Are the nodes of the URL one cluster?');
    if (outcome !== true) throw outcome;
  }

  #wentUp(link: Link): void {
    this.#heartbeat.start(link);
    this.#state = { name: 'up', link };
    this.#counters.failures = 0;
    if (this.#reason !== null) this.#settings.logger.info({ redis: link.endpoints, rooms: this.#rooms.size }, 'Redis is connected again');
    for (const room of this.#rooms.values()) if (!room.isAttached) this.#attach(room, link);
    for (const channel of this.#owedGoodbyes)
      if (!this.#roomsByChannel.has(channel)) link.publish(channel, encodeEnvelope('bye', this.node, this.#linkNumber));
    this.#owedGoodbyes.clear();
    this.#restored([...this.#rooms.values()].filter((room) => room.isAttached && room.owesRestored));
  }

  #lost(error: Error): void {
    if (this.#state.name === 'closed') return;
    const hadLink = this.#state.name === 'up';
    if (hadLink) this.#heartbeat.stop();
    this.#state = { name: 'down' };
    this.#sender.lose(this.#rooms.values());
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

  #ping(link: Link): void {
    link.publish(this.#ownChannel, encodeEnvelope('ping', this.node, this.#linkNumber));
  }

  // Rooms

  /** Subscribes, sends held messages, then enters the registry: a listed node must be one that hears. */
  #attach(room: RedisRoom, link: Link): void {
    link
      .subscribe([room.channel])
      .then(() => {
        if (room.isLeft || !this.#holds(link)) return;
        room.isAttached = true;
        this.#sender.sayHeld(room);
        if (room.owesRestored) this.#restored([room]);
        return this.#presence.enter(link, room);
      })
      .catch((error: unknown) => this.#heartbeat.writeFailed(error));
  }

  #report(room: RedisRoom, counts: RoomCounts): void {
    if (room.isLeft) return;
    room.counts = { people: counts.people, connections: counts.connections };
    if (this.#state.name !== 'up') return;
    this.#presence.changed(room);
    this.#cancelReport ??= this.#settings.environment.schedule(() => {
      this.#cancelReport = null;
      if (this.#state.name === 'up')
        this.#presence.writeChanged(this.#state.link).catch((error: unknown) => this.#heartbeat.writeFailed(error));
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
    this.#sender.sayHeld(room);
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
        this.#heartbeat.heard();
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

  get #upLink(): Link | null {
    return this.#state.name === 'up' ? this.#state.link : null;
  }

  #holds(link: Link): boolean {
    return this.#upLink === link;
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
    return pause(this.#settings.environment.schedule, ms, this.#closing.signal);
  }
}
