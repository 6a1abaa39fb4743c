/**
 * Nodes of one room that vanished without a goodbye.
 *
 * Such a node is dead, or it is cut off from the bus alone: then its people go on, everything they do is acknowledged,
 * and nobody here hears of it. Nothing tells the two apart, so until the node is heard again or says goodbye, the store
 * is read now and then.
 */

import type { RelayLimits } from './limits.ts';

export class Absences {
  readonly #limits: Pick<RelayLimits, 'tailPauseMs' | 'doubtMs' | 'announceIdleMs'>;
  readonly #sinceMsByNode = new Map<string, number>();

  constructor(limits: Pick<RelayLimits, 'tailPauseMs' | 'doubtMs' | 'announceIdleMs'>) {
    this.#limits = limits;
  }

  began(node: string, nowMs: number): void {
    if (!this.#sinceMsByNode.has(node)) this.#sinceMsByNode.set(node, nowMs);
  }

  /** It was heard, or has said goodbye. */
  ended(node: string): void {
    this.#sinceMsByNode.delete(node);
  }

  /** Longest pause between two reads of the store, ms; null while nobody is missing. */
  readPauseMs(nowMs: number): number | null {
    if (this.#sinceMsByNode.size === 0) return null;
    const latestMs = Math.max(...this.#sinceMsByNode.values());
    return nowMs - latestMs < this.#limits.doubtMs ? this.#limits.tailPauseMs : this.#limits.announceIdleMs;
  }
}
