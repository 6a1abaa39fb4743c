/**
 * The WebSocket upgrades of http servers. What is refused here is refused in HTTP: a page of a foreign origin, which
 * must learn nothing, an address with too many sockets, which must cost little, and every client once the relay drains.
 */

import type { IncomingMessage, Server } from 'node:http';
import { nextTick } from 'node:process';
import type { Duplex } from 'node:stream';
import type { Server as SocketServer } from 'ws';
import { AddressGate, type AddressRefusal } from '../limits/address-gate.ts';
import type { RelaySetup } from '../relay-options.ts';
import type { ClientAddress, Connections } from './connections.ts';
import { createSocketServer, type RelaySocket } from './socket-server.ts';
import { Turns } from './turns.ts';

const UNAVAILABLE = '503 Service Unavailable\r\nRetry-After: 5';

export class Upgrades {
  readonly #setup: RelaySetup;
  readonly #connections: Connections;
  readonly #addresses: AddressGate;
  readonly #sockets: SocketServer<typeof RelaySocket>;
  /** Clients that come back all at once must not keep the others waiting. */
  readonly #turns: Turns;
  readonly #detachments: (() => void)[] = [];
  #isStopped = false;

  constructor(setup: RelaySetup, connections: Connections) {
    this.#setup = setup;
    this.#connections = connections;
    this.#addresses = new AddressGate(setup.limits, setup.connects, setup.logger);
    this.#sockets = createSocketServer(setup.limits.maxFrameBytes);
    this.#turns = new Turns(setup.environment);
  }

  /** Serves the upgrades of `server`, except those whose path `options.ignore` accepts. */
  attach(server: Server, options: { ignore?(pathname: string): boolean }): void {
    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      const pathname = (request.url ?? '/').split('?', 1)[0] ?? '/';
      if (options.ignore?.(pathname) !== true) this.#upgrade(request, socket, head);
    };
    server.on('upgrade', onUpgrade);
    this.#detachments.push(() => server.off('upgrade', onUpgrade));
  }

  /** Refuses every upgrade from now on. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Lets go of all servers. Final. */
  detach(): void {
    for (const detach of this.#detachments.splice(0)) detach();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#isStopped) return refuseUpgrade(socket, UNAVAILABLE);
    if (!this.#setup.allowsOrigin(request)) return refuseUpgrade(socket, '403 Forbidden');
    const ip = this.#setup.addressOf(request);
    const key = this.#setup.addressKey(ip);
    const drop = (): void => void socket.destroy();
    // Until its turn comes it has no other listener.
    socket.on('error', drop);
    const upgrade = (): void =>
      this.#turns.add(() => {
        socket.off('error', drop);
        if (this.#isStopped) refuseUpgrade(socket, UNAVAILABLE);
        else if (!socket.destroyed) this.#handleUpgrade(request, socket, head, { ip, key });
      });
    if (key === null) return upgrade();
    void this.#addresses.enter(key, socket).then((refusal) => {
      if (refusal === null) return upgrade();
      socket.off('error', drop);
      this.#refuseAddress(socket, ip, refusal);
    });
  }

  /** The answer to the upgrade and the first messages, as far as they are known at once, reach the socket in one write. */
  #handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, address: ClientAddress): void {
    socket.cork();
    // Behind every promise that is settled by then: in open mode a client has joined its room.
    queueMicrotask(() => nextTick(uncork, socket));
    this.#sockets.handleUpgrade(request, socket, head, (ws) => this.#connections.accept(ws, socket, request, address));
  }

  #refuseAddress(socket: Duplex, ip: string, { limit, retryAfterMs }: AddressRefusal): void {
    const { observer } = this.#setup;
    const connectionId = this.#connections.nextId();
    observer.limited(limit);
    observer.refused({ connectionId, room: '', ip, userId: '', code: 'RATE_LIMITED', messageType: '', dump: '' });
    refuseUpgrade(socket, `429 Too Many Requests\r\nRetry-After: ${Math.ceil(retryAfterMs / 1_000)}`);
  }
}

function uncork(socket: Duplex): void {
  socket.uncork();
}

/** Answers in HTTP and drops the socket: unread answers must not keep it, and its errors must not end the process. */
function refuseUpgrade(socket: Duplex, statusAndHeaders: string): void {
  const drop = (): void => void socket.destroy();
  socket.on('error', drop);
  socket.once('finish', drop);
  socket.end(`HTTP/1.1 ${statusAndHeaders}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
