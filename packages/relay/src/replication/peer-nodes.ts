/**
 * The other nodes that have a room open, as far as this node knows: when each should be heard again, and the position
 * that it is known to have. Pure.
 */

import { isCovered, joinPositions, START, type Position } from '@wetink/storage';
import type { RelayLimits } from '../limits/limits.ts';

export interface PeerNode {
  /** It has sent something. */
  isHeard: boolean;
  /** Time by which it should be heard again; after that it counts as unheard. */
  expectedByMs: number;
  /** Position that it is known to have. */
  position: Position | null;
  repliedAtMs: number;
  /** Mismatches in a row at equal positions. */
  digestMismatches: number;
  /** Registry reads in a row that did not list it. */
  missingPolls: number;
}

/** Allowance for a message on its way, or for a node that is joining. */
const GRACE_MS = 2_000;

export class PeerNodes {
  readonly #limits: Pick<RelayLimits, 'announceBusyMs' | 'announceIdleMs'>;
  readonly #peers = new Map<string, PeerNode>();

  constructor(limits: Pick<RelayLimits, 'announceBusyMs' | 'announceIdleMs'>) {
    this.#limits = limits;
  }

  get names(): string[] {
    return [...this.#peers.keys()];
  }

  get size(): number {
    return this.#peers.size;
  }

  get(node: string): PeerNode | undefined {
    return this.#peers.get(node);
  }

  /** @param isBusy It wrote something, or asks: it announces its position soon. @returns True when it was not heard before. */
  heard(node: string, nowMs: number, { isBusy }: { isBusy: boolean }): boolean {
    const { announceBusyMs, announceIdleMs } = this.#limits;
    const peer = this.#peer(node, nowMs);
    const isNew = !peer.isHeard;
    peer.isHeard = true;
    peer.missingPolls = 0;
    peer.expectedByMs = nowMs + (isBusy ? announceBusyMs : announceIdleMs) + GRACE_MS;
    return isNew;
  }

  /** The peer has announced a position. */
  announced(peer: PeerNode, position: Position): void {
    peer.position = joinPositions(peer.position ?? START, position);
  }

  /** True when every other node is known to have this position. */
  haveAll(position: Position): boolean {
    return [...this.#peers.values()].every((peer) => peer.position !== null && isCovered(position, peer.position));
  }

  /** All were asked to announce their positions. */
  asked(nowMs: number): void {
    const byMs = nowMs + this.#limits.announceBusyMs + GRACE_MS;
    for (const peer of this.#peers.values()) peer.expectedByMs = Math.min(peer.expectedByMs, byMs);
  }

  /** The bus is back: none could be heard before. */
  restored(nowMs: number): void {
    for (const peer of this.#peers.values()) peer.expectedByMs = nowMs + GRACE_MS;
  }

  /** True when a node should have been heard by now. */
  hasUnheard(nowMs: number): boolean {
    return [...this.#peers.values()].some((peer) => nowMs > peer.expectedByMs);
  }

  /** The registry lists these nodes. @returns Those that were never heard. */
  listed(nodes: Iterable<string>, nowMs: number): string[] {
    const unheard: string[] = [];
    for (const node of nodes) {
      const peer = this.#peer(node, nowMs);
      peer.missingPolls = 0;
      if (!peer.isHeard) unheard.push(node);
    }
    return unheard;
  }

  /** The registry lists no others. @returns Nodes that are gone: a node that has just joined may be missing once. */
  missing(listed: ReadonlySet<string>): string[] {
    const missing = [...this.#peers].filter(([node]) => !listed.has(node));
    for (const [, peer] of missing) peer.missingPolls += 1;
    return missing.filter(([, peer]) => peer.missingPolls > 1).map(([node]) => node);
  }

  delete(node: string): void {
    this.#peers.delete(node);
  }

  #peer(node: string, nowMs: number): PeerNode {
    let peer = this.#peers.get(node);
    if (peer === undefined) {
      const expectedByMs = nowMs + GRACE_MS;
      peer = { isHeard: false, expectedByMs, position: null, repliedAtMs: -Infinity, digestMismatches: 0, missingPolls: 0 };
      this.#peers.set(node, peer);
    }
    return peer;
  }
}
