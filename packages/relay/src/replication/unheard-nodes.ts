/**
 * When a room has to look into the store for what the bus does not tell.
 *
 * A node that vanished without a goodbye is dead, or it is cut off from the bus alone: then its people go on, everything
 * they do is acknowledged, and nobody here hears of it. Nothing tells the two apart, and whoever opens the room later
 * does not even know that the node was there. So the store is read now and then whatever the bus says, and often for
 * some time after a sign that somebody writes and is not heard:
 *
 *     a node vanished, and was not heard since      the store had rows that no batch on the bus spoke of
 *
 * Signs only set the pace. One that is missed, or taken back too early, costs `announceIdleMs` and no change.
 */

import type { Position } from '@wetink/storage';
import type { RelayLimits } from '../limits/limits.ts';

interface Unheard {
  row: number;
  atMs: number;
}

export class UnheardNodes {
  readonly #limits: Pick<RelayLimits, 'tailPauseMs' | 'doubtMs' | 'announceIdleMs'>;
  readonly #lostAtMsByNode = new Map<string, number>();
  /** What each writer said of itself on the bus and was not yet known when the store was read: its last row. */
  readonly #toldRows = new Map<string, number>();
  readonly #unheardByWriter = new Map<string, Unheard>();
  #openedAtMs: number;

  constructor(limits: Pick<RelayLimits, 'tailPauseMs' | 'doubtMs' | 'announceIdleMs'>, nowMs: number) {
    this.#limits = limits;
    this.#openedAtMs = nowMs;
  }

  /** Signs that are remembered: each for `doubtMs` at most. */
  get signs(): number {
    return this.#lostAtMsByNode.size + this.#unheardByWriter.size;
  }

  /** Writers whose word is remembered: until the store was read with it known. */
  get writers(): number {
    return this.#toldRows.size;
  }

  /** The document was loaded: whoever was lost before is not known here. */
  opened(nowMs: number): void {
    this.#openedAtMs = nowMs;
  }

  lost(node: string, nowMs: number): void {
    this.#forgetOld(nowMs);
    if (!this.#lostAtMsByNode.has(node)) this.#lostAtMsByNode.set(node, nowMs);
  }

  /** It has said goodbye, or it was heard. @param isNew It was not known: so it may be the one who wrote and was not heard. */
  ended(node: string, isNew: boolean): void {
    this.#lostAtMsByNode.delete(node);
    if (isNew) this.#unheardByWriter.clear();
  }

  /** A writer says on the bus how far it is, or this node's own store does. */
  told(position: Position): void {
    for (const [writer, row] of Object.entries(position)) {
      this.#toldRows.set(writer, Math.max(row, this.#toldRows.get(writer) ?? 0));
      if (row >= (this.#unheardByWriter.get(writer)?.row ?? Infinity)) this.#unheardByWriter.delete(writer);
    }
  }

  /** The store was read. @param known What was known of it before. */
  read(found: Position, known: Position, nowMs: number): void {
    for (const [writer, row] of Object.entries(found)) {
      if (row <= Math.max(known[writer] ?? 0, this.#toldRows.get(writer) ?? 0)) continue;
      this.#unheardByWriter.set(writer, { row, atMs: nowMs });
    }
    for (const [writer, row] of this.#toldRows) if (row <= (known[writer] ?? 0)) this.#toldRows.delete(writer);
  }

  /** Longest pause between two reads of the store, ms. */
  readPauseMs(nowMs: number): number {
    this.#forgetOld(nowMs);
    const { tailPauseMs, announceIdleMs } = this.#limits;
    if (this.signs > 0) return tailPauseMs;
    // Each pause is as long as all before it: whoever comes to draw with somebody unheard soon sees it.
    return Math.min(announceIdleMs, Math.max(tailPauseMs, (nowMs - this.#openedAtMs) / 2));
  }

  #forgetOld(nowMs: number): void {
    const { doubtMs } = this.#limits;
    for (const [node, atMs] of this.#lostAtMsByNode) if (nowMs - atMs >= doubtMs) this.#lostAtMsByNode.delete(node);
    for (const [writer, { atMs }] of this.#unheardByWriter) if (nowMs - atMs >= doubtMs) this.#unheardByWriter.delete(writer);
  }
}
