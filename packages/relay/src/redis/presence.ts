/**
 * Writes this node into the registry, and concludes from the registry which nodes live and which have left.
 *
 * Every write can fail, or be undone without notice (FLUSHALL, eviction, a failover that lost the last second). So a
 * failed write marks everything as unsure, and the next heartbeat writes all of it again under a raised incarnation; a
 * heartbeat that finds its predecessor gone does the same.
 */

import type { RoomCounts } from '../bus/bus.ts';
import type { Link } from './link.ts';
import { readEntries, readIncarnation, REFRESH_HEARTBEATS, type Command, type Entry, type Registry } from './registry.ts';
import type { RedisRoom } from './room.ts';

/** Looks in a row that must miss a node before it counts as gone: FLUSHALL may come just before one. */
const LOOKS_UNTIL_GONE = 2;

/** Dead nodes to remember, to recognize entries they left in the registry. Far more than a cluster loses in a day. */
const MAX_DEAD = 1_000;
/** Rooms in one transaction of the link, each with three commands. */
const ROOMS_PER_WRITE = 60;

interface KnownNode {
  /** Number of its newest link that was heard. */
  linkNumber: number;
  /** Highest incarnation read from the registry. */
  incarnation: number;
  looksMissed: number;
}

export interface PresenceOwner {
  readonly node: string;
  readonly rooms: ReadonlyMap<string, RedisRoom>;
  /** Others counted this node as dead, so it may have missed their messages since. */
  wasForgotten(): void;
  gone(node: string): void;
  goneFrom(room: RedisRoom, node: string): void;
}

export class Presence {
  readonly #registry: Registry;
  readonly #owner: PresenceOwner;
  readonly #known = new Map<string, KnownNode>();
  /** Their incarnations; a node that comes back has a higher one. */
  readonly #dead = new Map<string, number>();
  readonly #changed = new Set<RedisRoom>();
  #toRefresh: RedisRoom[] = [];
  #isUnsure = true;
  incarnation = 0;

  constructor(registry: Registry, owner: PresenceOwner) {
    this.#registry = registry;
    this.#owner = owner;
  }

  /** Number of nodes known to live, without this one. */
  get knownNodes(): number {
    return this.#known.size;
  }

  /** @returns False for a message that an older link of that node still delivered. */
  heardFrom(node: string, linkNumber: number): boolean {
    const known = this.#knownNode(node);
    if (linkNumber < known.linkNumber) return false;
    known.linkNumber = linkNumber;
    return true;
  }

  /** Forgets a node that has said goodbye or whose heartbeat has stopped. */
  bury(node: string): void {
    this.#dead.set(node, this.#known.get(node)?.incarnation ?? 0);
    this.#known.delete(node);
    for (const oldest of this.#dead.keys()) {
      if (this.#dead.size <= MAX_DEAD) break;
      this.#dead.delete(oldest);
    }
  }

  /** Writes everything, the rooms first: entries of the next incarnation already count under the last one. */
  async rebuild(link: Link): Promise<void> {
    this.incarnation += 1;
    this.#isUnsure = false;
    this.#changed.clear();
    try {
      await this.#enter(link, [...this.#owner.rooms.values()]);
      await link.transact(this.#registry.heartbeat(this.incarnation), 2);
    } catch (error) {
      this.#isUnsure = true;
      throw error;
    }
  }

  /** One heartbeat: says that this node lives, looks for the others, refreshes a share of the rooms. */
  async beat(link: Link): Promise<void> {
    const wasUnsure = this.#isUnsure;
    const [hadHeartbeat] = await link.transact(this.#registry.heartbeat(this.incarnation), 2);
    if (hadHeartbeat === 0 || wasUnsure) await this.rebuild(link);
    if (hadHeartbeat === 0) this.#owner.wasForgotten();
    await this.#look(link);
    await this.#refresh(link);
  }

  /** Enters a room that has just subscribed. */
  async enter(link: Link, room: RedisRoom): Promise<void> {
    await this.#enter(link, [room]);
  }

  changed(room: RedisRoom): void {
    this.#changed.add(room);
  }

  async writeChanged(link: Link): Promise<void> {
    const rooms = [...this.#changed];
    this.#changed.clear();
    await this.#enter(link, rooms);
  }

  leave(link: Link, room: RedisRoom): void {
    this.#changed.delete(room);
    link.send([this.#registry.remove(room.name)]).catch(() => this.markUnsure());
  }

  /** Called when something may not have been written. */
  markUnsure(): void {
    this.#isUnsure = true;
  }

  async peers(link: Link, room: RedisRoom): Promise<string[]> {
    const [reply] = await link.send([this.#registry.entries(room.name)]);
    const entries = [...readEntries(reply)].filter(([node]) => node !== this.#owner.node);
    const alive = await this.#incarnations(link, new Set(entries.map(([node]) => node)));
    const peers = entries.filter(([node, entry]) => counts(entry, alive.get(node)));
    for (const [node, { incarnation }] of peers) this.#saw(room, node, incarnation);
    return peers.map(([node]) => node);
  }

  async counts(link: Link, rooms: readonly string[]): Promise<RoomCounts[]> {
    const entries = (await link.send(rooms.map((room) => this.#registry.entries(room)))).map(readEntries);
    const alive = await this.#incarnations(link, new Set(entries.flatMap((of) => [...of.keys()])));
    return rooms.map((name, i) => {
      const sum = { people: 0, connections: 0 };
      const own = this.#owner.rooms.get(name);
      const others = [...(entries[i] ?? [])].filter(([node, entry]) => node !== this.#owner.node && counts(entry, alive.get(node)));
      for (const one of [...others.map(([, entry]) => entry.counts), ...(own === undefined ? [] : [own.counts])]) {
        sum.people += one.people;
        sum.connections += one.connections;
      }
      return sum;
    });
  }

  /** Removes this node from the registry; entries that cannot be removed expire. */
  async end(link: Link): Promise<void> {
    await link.send([this.#registry.end(), ...[...this.#owner.rooms.keys()].map((room) => this.#registry.remove(room))]);
  }

  /** Finds nodes whose heartbeats have stopped and buries them in every room. */
  async #look(link: Link): Promise<void> {
    const alive = await this.#incarnations(link, new Set(this.#known.keys()));
    for (const [node, incarnation] of alive) {
      const known = this.#known.get(node);
      if (known === undefined) continue;
      if (incarnation !== null) {
        known.looksMissed = 0;
        known.incarnation = Math.max(known.incarnation, incarnation);
      } else if (++known.looksMissed >= LOOKS_UNTIL_GONE) {
        this.bury(node);
        this.#owner.gone(node);
      }
    }
  }

  async #refresh(link: Link): Promise<void> {
    if (this.#toRefresh.length === 0) this.#toRefresh = [...this.#owner.rooms.values()];
    const share = Math.ceil(this.#owner.rooms.size / REFRESH_HEARTBEATS);
    await this.#enter(link, this.#toRefresh.splice(0, share), { isLook: true });
  }

  /** Writes this node's entry in these rooms, and learns from the replies which other nodes have them open. */
  async #enter(link: Link, rooms: readonly RedisRoom[], { isLook } = { isLook: false }): Promise<void> {
    for (let i = 0; i < rooms.length; i += ROOMS_PER_WRITE) {
      // A room that was left meanwhile has been removed, and must not be written again.
      const slice = rooms.slice(i, i + ROOMS_PER_WRITE).filter((room) => room.isAttached && !room.isLeft);
      if (slice.length === 0) continue;
      const replies = await link.transact(
        slice.flatMap((room) => this.#registry.enter(room.name, this.incarnation, room.counts)),
        3,
      );
      const outdated = slice.flatMap((room, j) => this.#learn(room, readEntries(replies[3 * j + 2]), { isLook }));
      if (outdated.length > 0) await link.send(outdated);
    }
  }

  /** @returns Commands that remove outdated entries. */
  #learn(room: RedisRoom, entries: Map<string, Entry>, { isLook }: { isLook: boolean }): Command[] {
    const outdated: string[] = [];
    for (const [node, { incarnation }] of entries) {
      if (node === this.#owner.node) continue;
      const isDead = incarnation <= (this.#dead.get(node) ?? -1);
      if (isDead || incarnation < (this.#known.get(node)?.incarnation ?? 0)) outdated.push(node);
      else this.#saw(room, node, incarnation);
    }
    if (isLook) {
      for (const [node, missed] of room.seen) {
        if (entries.has(node) && !outdated.includes(node)) continue;
        if (missed + 1 < LOOKS_UNTIL_GONE) room.seen.set(node, missed + 1);
        else this.#owner.goneFrom(room, node);
      }
    }
    return outdated.length === 0 ? [] : [this.#registry.remove(room.name, outdated)];
  }

  #saw(room: RedisRoom, node: string, incarnation: number): void {
    room.seen.set(node, 0);
    const known = this.#knownNode(node);
    known.incarnation = Math.max(known.incarnation, incarnation);
  }

  #knownNode(node: string): KnownNode {
    let known = this.#known.get(node);
    if (known === undefined) {
      known = { linkNumber: 0, incarnation: 0, looksMissed: 0 };
      this.#known.set(node, known);
      this.#dead.delete(node);
    }
    return known;
  }

  async #incarnations(link: Link, nodes: ReadonlySet<string>): Promise<Map<string, number | null>> {
    const names = [...nodes];
    const replies = await link.send(names.map((node) => this.#registry.incarnationOf(node)));
    return new Map(names.map((node, i) => [node, readIncarnation(replies[i])]));
  }
}

function counts(entry: Entry, incarnation: number | null | undefined): boolean {
  return incarnation !== null && incarnation !== undefined && entry.incarnation >= incarnation;
}
