/** The options of a relay, and their defaults. */

import type { IncomingMessage } from 'node:http';
import type { Store } from '@wetink/storage';
import type { Bus } from './bus/bus.ts';
import type { DocumentWorker } from './document/document-worker.ts';
import { CONNECT_WINDOW_MS } from './limits/address-gate.ts';
import { addressKey } from './limits/address-key.ts';
import { createMemoryKeyWindow, type KeyWindow } from './limits/key-window.ts';
import { defaultLimits, type RelayLimits } from './limits/limits.ts';
import type { ArrayWatch } from './ports/array-watch.ts';
import type { AuthorizeAnswer, AuthorizeRequest } from './ports/authorize.ts';
import { systemEnvironment, type Environment } from './ports/environment.ts';
import { silentLogger, type Logger } from './ports/logger.ts';
import type { PeopleWatch } from './ports/people-watch.ts';
import { silentObserver, type RelayObserver } from './ports/observer.ts';

export interface RelayOptions extends Partial<Environment> {
  store: Store;
  /** Joins this relay with others on one store, which must be a shared one. The caller closes the bus, after the relay. */
  bus?: Bus;
  /** Receives events, for metrics and logs. */
  observer?: RelayObserver;
  /** Encodes checkpoints of large documents off the event loop. Default: none. The caller closes it, after the relay. */
  worker?: DocumentWorker;
  /** Hears of users who come to this relay and leave it. Default: none. */
  people?: PeopleWatch;
  /** Hears of changes of one root array of a room. Default: none. */
  watch?: ArrayWatch;
  logger?: Logger;
  /** ms since 1970, for the start of a connection. */
  wallClock?: () => number;
  /** Address of a client. Default: the other end of its socket, which behind a proxy is the proxy. */
  addressOf?(request: IncomingMessage): string;
  /**
   * The key under which an address is counted; null when it is not limited. Default: itself, IPv6 by /64. Loopback is
   * not limited; a proxy that hides its clients' addresses should not be either.
   */
  addressKey?(address: string): string | null;
  /**
   * Counts the upgrades of an address in a minute. Default: in this process alone, up to
   * `limits.maxConnectsPerAddress`.
   */
  connects?: KeyWindow;
  /**
   * Whether the page that opens a WebSocket may do so: `headers.origin` names it, which browsers set and pages cannot
   * change. False answers 403 before the handshake. Default: every page may, which is right only where pages gain
   * nothing.
   */
  allowsOrigin?(request: IncomingMessage): boolean;
  /** Decides whether a client may enter a room, and in which role. Default: everyone may, as an editor without an id. */
  authorize?(request: AuthorizeRequest): Promise<AuthorizeAnswer>;
  /** True when `authorize` can answer with user ids; clients without one can then claim none in presence. Default: false. */
  knowsUsers?: boolean;
  limits?: Partial<RelayLimits>;
}

/** The options with every default filled in. */
export interface RelaySetup extends Required<Omit<RelayOptions, 'bus' | 'worker' | 'watch' | 'people' | 'limits' | keyof Environment>> {
  environment: Environment;
  bus: Bus | null;
  worker: DocumentWorker | null;
  watch: ArrayWatch | null;
  people: PeopleWatch | null;
  limits: RelayLimits;
}

/** @throws {TypeError} For a bus over a store that belongs to a single process. */
export function withDefaults(options: RelayOptions): RelaySetup {
  if (options.bus !== undefined && !options.store.isShared)
    throw new TypeError('relays on one bus need a store that can be shared: this one belongs to a single process');
  const limits: RelayLimits = { ...defaultLimits, ...options.limits };
  return {
    store: options.store,
    bus: options.bus ?? null,
    observer: options.observer ?? silentObserver,
    worker: options.worker ?? null,
    watch: options.watch ?? null,
    people: options.people ?? null,
    logger: options.logger ?? silentLogger,
    environment: {
      now: options.now ?? systemEnvironment.now,
      random: options.random ?? systemEnvironment.random,
      schedule: options.schedule ?? systemEnvironment.schedule,
    },
    wallClock: options.wallClock ?? Date.now,
    addressOf: options.addressOf ?? ((request) => request.socket.remoteAddress ?? ''),
    addressKey: options.addressKey ?? addressKey,
    connects: options.connects ?? createMemoryKeyWindow(limits.maxConnectsPerAddress, CONNECT_WINDOW_MS),
    allowsOrigin: (request) => options.allowsOrigin?.(request) !== false,
    authorize: options.authorize ?? (() => Promise.resolve<AuthorizeAnswer>({ ok: true, role: 'editor', userId: '', method: 'open' })),
    knowsUsers: options.knowsUsers ?? false,
    limits,
  };
}
