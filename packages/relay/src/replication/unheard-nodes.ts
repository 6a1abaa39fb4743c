/**
 * Decides when a room must read the store for updates that the bus does not carry.
 *
 * A node that vanished without a goodbye is dead, or it is cut off from the bus alone: then its members go on, their
 * updates are acknowledged, and no other node hears of them. The two look the same, and a node that opens the room
 * later does not even know that the other was there. So the store is read now and then whatever the bus says, and often
 * for some time after a sign of a writer that is not heard:
 *
 *     a node vanished, and was not heard since      the store had rows that no batch on the bus announced
 *
 * Signs only set the pace. A missed one, or one that is cleared too early, costs `announceIdleMs` and no update.
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
  /** The last row that each writer announced on the bus and that was not known yet when the store was read. */
  readonly #toldRows = new Map<string, number>();
  readonly #unheardByWriter = new Map<string, Unheard>();
  #openedAtMs: number;

  constructor(limits: Pick<RelayLimits, 'tailPauseMs' | 'doubtMs' | 'announceIdleMs'>, nowMs: number) {
    this.#limits = limits;
    this.#openedAtMs = nowMs;
  }

  /** Number of signs remembered, each for `doubtMs` at most. */
  get signs(): number {
    return this.#lostAtMsByNode.size + this.#unheardByWriter.size;
  }

  /** Number of writers whose announced row is remembered, until a read of the store finds it known. */
  get writers(): number {
    return this.#toldRows.size;
  }

  /** Called when the document was loaded. Nodes lost before that are not known here. */
  opened(nowMs: number): void {
    this.#openedAtMs = nowMs;
  }

  lost(node: string, nowMs: number): void {
    this.#forgetOld(nowMs);
    if (!this.#lostAtMsByNode.has(node)) this.#lostAtMsByNode.set(node, nowMs);
  }

  /** Clears a node that said goodbye or was heard. */
  ended(node: string): void {
    this.#lostAtMsByNode.delete(node);
  }

  /** Clears a node that was not known before it was heard: it may be the unheard writer. */
  appeared(node: string): void {
    this.ended(node);
    this.#unheardByWriter.clear();
  }

  /** Notes a position that a writer announced on the bus, or that this node wrote itself. */
  told(position: Position): void {
    for (const [writer, row] of Object.entries(position)) {
      this.#toldRows.set(writer, Math.max(row, this.#toldRows.get(writer) ?? 0));
      if (row >= (this.#unheardByWriter.get(writer)?.row ?? Infinity)) this.#unheardByWriter.delete(writer);
    }
  }

  /** Notes a read of the store. @param known The position known before the read. */
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
    // Each pause is as long as all before it together, so a member that joins an unheard one soon sees its updates.
    return Math.min(announceIdleMs, Math.max(tailPauseMs, (nowMs - this.#openedAtMs) / 2));
  }

  #forgetOld(nowMs: number): void {
    const { doubtMs } = this.#limits;
    for (const [node, atMs] of this.#lostAtMsByNode) if (nowMs - atMs >= doubtMs) this.#lostAtMsByNode.delete(node);
    for (const [writer, { atMs }] of this.#unheardByWriter) if (nowMs - atMs >= doubtMs) this.#unheardByWriter.delete(writer);
  }
}
