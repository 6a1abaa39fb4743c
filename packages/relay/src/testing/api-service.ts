/** A relay with the HTTP API in front of an LMDB store, as an embedder builds it, and clients for it. For tests only. */

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@wetink/storage';
import { openLmdbStore } from '@wetink/storage/lmdb';
import { createBoardService, type BoardServiceOptions } from '../http/board-service.ts';
import { createIdentity } from '../http/identity.ts';
import { createAddressReader, createProxyCheck } from '../http/proxies.ts';
import { createSharedState } from '../http/shared-state.ts';
import { addressKey } from '../limits/address-key.ts';
import { defaultLimits, type RelayLimits } from '../limits/limits.ts';
import type { ApiLimit } from '../ports/paced-limit.ts';
import { createRelay, type Relay } from '../relay.ts';
import { ApiClient } from './api-client.ts';

export interface ApiServiceOptions extends Pick<BoardServiceOptions, 'contentRoutes' | 'hasBlocked' | 'directory' | 'onJoined'> {
  mode?: 'open' | 'guests';
  limits?: Partial<RelayLimits>;
  trustedProxies?: readonly string[];
}

export class ApiService extends ApiClient {
  /** Limits that refused a call, in order. */
  limited: ApiLimit[] = [];
  /** Codes of refused uploads, in order. */
  refused: string[] = [];
  /** Errors that no client can help. */
  failures: unknown[] = [];
  #folder = '';
  #running: { store: Store; relay: Relay; server: Server } | null = null;

  /** Starts on the store of the previous start, if there was one. */
  async start({ mode = 'guests', limits = {}, trustedProxies = [], ...hooks }: ApiServiceOptions = {}): Promise<void> {
    await this.stop();
    const now = (): number => performance.now();
    const store = await this.openStore();
    const shared = createSharedState(null, now);
    const identity = createIdentity({ mode, secret: 'b7e1f0c2a95d4e338fd06c1b2a7788990011aabb', tickets: shared.tickets });
    const addressOf = createAddressReader(trustedProxies);
    const isProxy = createProxyCheck(trustedProxies);
    const service = createBoardService({
      identity,
      store,
      limits: { ...defaultLimits, ...limits },
      shared,
      allowsOrigin: () => true,
      addressOf: (request) => (isProxy(addressOf(request)) ? null : addressKey(addressOf(request))),
      ...hooks,
      onUnavailable: (error) => this.failures.push(error),
      onError: (error) => this.failures.push(error),
      onFailed: (error) => this.failures.push(error),
      onLimited: (limit) => this.limited.push(limit),
      onRefused: (_, code) => this.refused.push(code),
    });
    const relay = createRelay({ store, limits, authorize: service.authorize, knowsUsers: true });
    const api = service.api(relay);
    const server = createServer((request, response) => {
      if (!api(request, response)) response.writeHead(404).end();
    });
    relay.attach(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#running = { store, relay, server };
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  get relay(): Relay {
    if (this.#running === null) throw new Error('the service is stopped');
    return this.#running.relay;
  }

  async stop(): Promise<void> {
    if (this.#running === null) return;
    const { store, relay, server } = this.#running;
    this.#running = null;
    await relay.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await store.close();
  }

  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** The store of a stopped service. The caller closes it. */
  async openStore(): Promise<Store> {
    if (this.#folder === '') this.#folder = await mkdtemp(join(tmpdir(), 'wetink-api-'));
    return openLmdbStore({ folder: this.#folder });
  }
}
