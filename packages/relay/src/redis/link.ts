/**
 * Three plain connections to Redis that live and die together: one publishes, one subscribes, one keeps the registry.
 *
 *     open ──▶ holds ──▶ broken, once, for good: a new link is opened
 *
 * Classic pub/sub reaches every subscriber through any node of a Redis Cluster, and the registry is one hash slot. So
 * no cluster client is needed: publishing and subscribing connect to two different nodes, commands go to the owner of
 * the slot, found by following MOVED. ioredis' own cluster subscriber was known to fall silent (ioredis#1589, #1772,
 * #2060). Here no connection reconnects or subscribes again by itself, and nothing is queued while a connection is not
 * ready.
 */

import type { ConnectionOptions } from 'node:tls';
import { Redis } from 'ioredis';
import type { RedisAddress, RedisEndpoint } from './redis-url.ts';
import type { Command } from './registry.ts';

export interface LinkOptions {
  address: RedisAddress;
  tls?: ConnectionOptions | undefined;
  /** Index of the endpoint to use first. */
  offset: number;
  /** Name shown by CLIENT LIST, followed by the connection's role. */
  name: string;
  /** Any key of the registry; commands go to the node that owns it. */
  probeKey: string;
  /** Milliseconds allowed for each connection, and for each command except publishes. */
  timeoutMs: number;
  maxOutboxBytes: number;
  /** Aborts the opening. */
  signal: AbortSignal;
  onMessage(channel: string, bytes: Buffer): void;
}

/** Redis could not be reached, or refused; `endpoint` is host:port. */
export class RedisLinkError extends Error {
  override readonly name = 'RedisLinkError';
  readonly endpoint: string;

  constructor(endpoint: string, cause: Error) {
    super(cause.message === '' ? cause.name : cause.message, { cause });
    this.endpoint = endpoint;
  }
}

type Role = 'publish' | 'subscribe' | 'commands';

/** Memory that one unanswered publish takes beside its bytes (command, promise, queue entry): measured at 0.6 to 0.9 KiB. */
const PUBLISH_OVERHEAD_BYTES = 1_024;
/** Commands in one transaction or pipeline: Redis serves no other client meanwhile (about 0.2 ms). */
const SLICE_COMMANDS = 200;
const MAX_MOVES = 5;

export class Link {
  readonly #publisher: Redis;
  readonly #subscriber: Redis;
  readonly #commands: Redis;
  readonly #maxOutboxBytes: number;
  #outboxBytes = 0;
  #isBroken = false;
  #resolveBroken: (reason: Error) => void = () => undefined;
  /** Resolves once, with the reason. */
  readonly broken: Promise<Error>;
  /** host:port of the three connections, in the order publish, subscribe, commands. */
  readonly endpoints: readonly string[];

  /** @throws {RedisLinkError} When one of the three connections fails; the others are closed. */
  static async open(options: LinkOptions): Promise<Link> {
    const { endpoints } = options.address;
    const at = (i: number): RedisEndpoint => endpoints[(options.offset + i) % endpoints.length] as RedisEndpoint;
    const clients: Redis[] = [];
    try {
      // One after the other: while Redis does not answer, an attempt costs one connection.
      const commands = await connectToOwner(options, at(0), clients);
      const subscriber = await connect(options, at(0), 'subscribe', clients);
      const publisher = await connect(options, at(1), 'publish', clients);
      return new Link(options, publisher, subscriber, commands);
    } catch (error) {
      for (const client of clients) client.disconnect();
      throw error;
    }
  }

  private constructor(options: LinkOptions, publisher: Redis, subscriber: Redis, commands: Redis) {
    this.#publisher = publisher;
    this.#subscriber = subscriber;
    this.#commands = commands;
    this.#maxOutboxBytes = options.maxOutboxBytes;
    this.broken = new Promise((resolve) => (this.#resolveBroken = resolve));
    this.endpoints = [publisher, subscriber, commands].map(endpointOf);
    for (const client of [publisher, subscriber, commands]) {
      let last: Error | null = null;
      client.on('error', (error: Error) => (last = error));
      client.on('close', () => this.break(new RedisLinkError(endpointOf(client), last ?? new Error('The connection was closed.'))));
      // The connection may have closed while the others were being opened.
      if (client.status !== 'ready') this.break(new RedisLinkError(endpointOf(client), new Error('The connection was closed.')));
    }
    subscriber.on('messageBuffer', (channel, bytes) => {
      if (!this.#isBroken) options.onMessage(channel.toString(), bytes);
    });
  }

  /** Bytes handed over and not yet answered by Redis, with the memory that keeping them takes. */
  get outboxBytes(): number {
    return this.#outboxBytes;
  }

  /** Whether a message of this size fits into the outbox. */
  hasRoomFor(bytes: number): boolean {
    return !this.#isBroken && this.#outboxBytes + bytes + PUBLISH_OVERHEAD_BYTES <= this.#maxOutboxBytes;
  }

  /** @returns False when too many bytes are on their way already: the message is dropped. */
  publish(channel: string, bytes: Buffer): boolean {
    if (!this.hasRoomFor(bytes.length)) return false;
    const cost = bytes.length + PUBLISH_OVERHEAD_BYTES;
    this.#outboxBytes += cost;
    this.#publisher.publish(channel, bytes).then(
      () => void (this.#outboxBytes -= cost),
      (error: Error) => {
        this.#outboxBytes -= cost;
        this.break(new RedisLinkError(endpointOf(this.#publisher), error));
      },
    );
    return true;
  }

  /** Resolves when Redis has confirmed all of them. A refusal breaks the link. */
  async subscribe(channels: readonly string[]): Promise<void> {
    try {
      for (let i = 0; i < channels.length; i += SLICE_COMMANDS) await this.#subscriber.subscribe(...channels.slice(i, i + SLICE_COMMANDS));
    } catch (error) {
      const failure = new RedisLinkError(endpointOf(this.#subscriber), asError(error));
      this.break(failure);
      throw failure;
    }
  }

  unsubscribe(channel: string): void {
    if (this.#isBroken) return;
    this.#subscriber
      .unsubscribe(channel)
      .catch((error: unknown) => this.break(new RedisLinkError(endpointOf(this.#subscriber), asError(error))));
  }

  /** Replies in order. @throws {RedisLinkError} The first refusal. */
  async send(commands: readonly Command[]): Promise<unknown[]> {
    return this.#run(commands, SLICE_COMMANDS, (slice) => this.#commands.pipeline(slice).exec());
  }

  /**
   * Replies in order; each group is one transaction, so that a key is never left without its TTL.
   *
   * @param perGroup Commands that belong together; a whole number of groups makes a transaction.
   * @throws {RedisLinkError} The first refusal.
   */
  async transact(commands: readonly Command[], perGroup: number): Promise<unknown[]> {
    const sliceLength = perGroup * Math.max(1, Math.floor(SLICE_COMMANDS / perGroup));
    return this.#run(commands, sliceLength, (slice) => this.#commands.multi(slice).exec());
  }

  /** Closes the three connections, for good. */
  break(reason: Error): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    for (const client of [this.#publisher, this.#subscriber, this.#commands]) client.disconnect();
    this.#resolveBroken(reason);
  }

  async #run(
    commands: readonly Command[],
    sliceLength: number,
    send: (slice: Command[]) => Promise<[Error | null, unknown][] | null>,
  ): Promise<unknown[]> {
    const replies: unknown[] = [];
    try {
      for (let i = 0; i < commands.length; i += sliceLength) {
        for (const [error, reply] of (await send(commands.slice(i, i + sliceLength))) ?? []) {
          if (error !== null) throw error;
          replies.push(reply);
        }
      }
    } catch (error) {
      const failure = new RedisLinkError(endpointOf(this.#commands), refusalOf(error));
      // The slot has another owner now; a new link finds it.
      if (failure.message.startsWith('MOVED ')) this.break(failure);
      throw failure;
    }
    return replies;
  }
}

/** Connects and sends a first command: a server that accepts and never answers is no use. */
async function connect(options: LinkOptions, endpoint: RedisEndpoint, role: Role, clients: Redis[]): Promise<Redis> {
  options.signal.throwIfAborted();
  const client = createClient(options, endpoint, role);
  clients.push(client);
  let last: Error | null = null;
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const ended = AbortSignal.any([options.signal, timeout]);
  const abort = (): void => client.disconnect();
  client.on('error', (error: Error) => (last = error));
  ended.addEventListener('abort', abort);
  try {
    await client.connect();
    await client.ping();
    return client;
  } catch (error) {
    const silence = timeout.aborted ? new Error(`timed out: no answer within ${options.timeoutMs} ms`) : null;
    throw new RedisLinkError(endpointOf(client), last ?? silence ?? asError(error));
  } finally {
    ended.removeEventListener('abort', abort);
  }
}

async function connectToOwner(options: LinkOptions, start: RedisEndpoint, clients: Redis[]): Promise<Redis> {
  let endpoint = start;
  for (let moves = 0; ; moves++) {
    const client = await connect(options, endpoint, 'commands', clients);
    try {
      await client.exists(options.probeKey);
      return client;
    } catch (error) {
      const failure = asError(error);
      const owner = /^MOVED \d+ (.*):(\d+)$/.exec(failure.message);
      if (owner === null || moves === MAX_MOVES) throw new RedisLinkError(endpointOf(client), failure);
      client.disconnect();
      // An empty host means the node that was asked.
      endpoint = { host: owner[1] === '' ? endpoint.host : (owner[1] as string), port: Number(owner[2]) };
    }
  }
}

function createClient(options: LinkOptions, endpoint: RedisEndpoint, role: Role): Redis {
  const { address } = options;
  return new Redis({
    host: endpoint.host,
    port: endpoint.port,
    ...(address.username === '' ? {} : { username: address.username }),
    ...(address.password === '' ? {} : { password: address.password }),
    db: address.database,
    ...(address.isTls ? { tls: { servername: isIp(endpoint.host) ? '' : endpoint.host, ...options.tls } } : {}),
    connectionName: `${options.name}-${role}`,
    protocol: 2,
    lazyConnect: true,
    connectTimeout: options.timeoutMs,
    // A dead server does not confirm a goodbye.
    disconnectTimeout: 200,
    // The result of a publish is not awaited, and a timer for each would cost more than the publish.
    ...(role === 'publish' ? {} : { commandTimeout: options.timeoutMs }),
    retryStrategy: () => null,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    disableClientInfo: true,
  });
}

function isIp(host: string): boolean {
  return host.includes(':') || /^[\d.]+$/.test(host);
}

function endpointOf(client: Redis): string {
  return `${client.options.host}:${client.options.port}`;
}

/** EXECABORT has no reason in it; the commands before it have. */
function refusalOf(error: unknown): Error {
  const previous = (error as { previousErrors?: unknown }).previousErrors;
  return asError(Array.isArray(previous) && previous.length > 0 ? previous[0] : error);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
