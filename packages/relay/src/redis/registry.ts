/**
 * Redis keys and entries that say which nodes have which room open. The bus decides when they are written.
 *
 *     {wetink}:node:<node>   string  the node's incarnation      expires 3 heartbeats after the last one
 *     {wetink}:room:<room>   hash    node -> "incarnation people connections"   expires when no node refreshes it
 *
 * All keys carry the hash tag {prefix}: one slot of a Redis Cluster, so one plain connection to its owner is enough. An
 * entry counts while its node is alive and the entry is not older than the node's incarnation: a node that comes back
 * raises its incarnation, so entries that it could not remove while it was away count no more.
 */

import type { RoomCounts } from '../bus/bus.ts';

export type Command = [name: string, ...args: (string | number)[]];

/** Heartbeats until a node's key expires: two may be missed. */
const HEARTBEATS_ALIVE = 3;
/** A room's entry is written again every 10 heartbeats, a share of the rooms at each. */
export const REFRESH_HEARTBEATS = 10;

export interface Entry {
  incarnation: number;
  counts: RoomCounts;
}

export class Registry {
  readonly #prefix: string;
  readonly #node: string;
  readonly #aliveMs: number;
  readonly #roomMs: number;

  constructor(prefix: string, node: string, heartbeatMs: number) {
    this.#prefix = `{${prefix}}`;
    this.#node = node;
    this.#aliveMs = HEARTBEATS_ALIVE * heartbeatMs;
    this.#roomMs = 3 * REFRESH_HEARTBEATS * heartbeatMs;
  }

  nodeKey(node: string): string {
    return `${this.#prefix}:node:${node}`;
  }

  roomKey(room: string): string {
    return `${this.#prefix}:room:${room}`;
  }

  /** Replies: whether the last heartbeat's key was still there, then OK. */
  heartbeat(incarnation: number): Command[] {
    const key = this.nodeKey(this.#node);
    return [
      ['exists', key],
      ['set', key, incarnation, 'PX', this.#aliveMs],
    ];
  }

  /** Replies: two numbers, then the room's entries. Send as one transaction, so that no key is left without a TTL. */
  enter(room: string, incarnation: number, counts: RoomCounts): Command[] {
    const key = this.roomKey(room);
    return [
      ['hset', key, this.#node, `${incarnation} ${counts.people} ${counts.connections}`],
      ['pexpire', key, this.#roomMs],
      ['hgetall', key],
    ];
  }

  remove(room: string, nodes: readonly string[] = [this.#node]): Command {
    return ['hdel', this.roomKey(room), ...nodes];
  }

  entries(room: string): Command {
    return ['hgetall', this.roomKey(room)];
  }

  incarnationOf(node: string): Command {
    return ['get', this.nodeKey(node)];
  }

  end(): Command {
    return ['del', this.nodeKey(this.#node)];
  }
}

/** @param reply Reply to `hgetall`. Foreign fields are ignored. */
export function readEntries(reply: unknown): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  if (typeof reply !== 'object' || reply === null) return entries;
  for (const [node, text] of Object.entries(reply)) {
    const match = /^(\d{1,10}) (\d{1,9}) (\d{1,9})$/.exec(String(text));
    if (match === null) continue;
    entries.set(node, { incarnation: Number(match[1]), counts: { people: Number(match[2]), connections: Number(match[3]) } });
  }
  return entries;
}

/** @param reply Reply to `get`. @returns Null when there is no heartbeat. */
export function readIncarnation(reply: unknown): number | null {
  return typeof reply === 'string' && /^\d{1,10}$/.test(reply) ? Number(reply) : null;
}
