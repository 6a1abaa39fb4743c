/**
 * The board's record for all rechecks in its room: one read answers every recheck that asked before the read began, and
 * reads of one board begin `spacingMs` apart. So an answer is never older than its question, and a thousand members
 * cost no more reads than two.
 *
 *     asked      a b   c d        e
 *     reads      |--|     |--|       |--|
 *     answers       a b     c d        e
 */

import type { Records } from '@wetink/storage';
import type { Environment } from '../ports/environment.ts';
import { boardKey, decodeBoard } from './board-codec.ts';
import type { BoardFacts } from './roles.ts';

export interface BoardState {
  board: BoardFacts | null;
  /** 0 when there is no record. Rises with every change of the board or its members. */
  version: number;
}

interface Reading {
  startedAtMs: number;
  /** A read that has not begun; questions that come now join it. */
  next: { answer: Promise<BoardState>; begin(): void } | null;
}

export async function readBoard(records: Pick<Records, 'get'>, board: string): Promise<BoardState> {
  const record = await records.get(boardKey(board));
  return record === null ? { board: null, version: 0 } : { board: decodeBoard(record), version: record.version };
}

export class FreshBoards {
  readonly #records: Pick<Records, 'get'>;
  readonly #environment: Pick<Environment, 'now' | 'schedule'>;
  readonly #spacingMs: number;
  readonly #readingByBoard = new Map<string, Reading>();
  /** One timer for all boards: thousands may be read within a second. */
  #isForgetting = false;

  constructor(records: Pick<Records, 'get'>, environment: Pick<Environment, 'now' | 'schedule'>, spacingMs: number) {
    this.#records = records;
    this.#environment = environment;
    this.#spacingMs = spacingMs;
  }

  /** Number of boards that are being read or were read a moment ago. */
  get size(): number {
    return this.#readingByBoard.size;
  }

  /** @returns The result of a read that begins after this call. @throws {StoreError} */
  read(board: string): Promise<BoardState> {
    const reading = this.#readingByBoard.get(board) ?? { startedAtMs: -Infinity, next: null };
    this.#readingByBoard.set(board, reading);
    if (reading.next !== null) return reading.next.answer;
    const { now, schedule } = this.#environment;
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const cancel = schedule(() => reading.next?.begin(), Math.max(0, reading.startedAtMs + this.#spacingMs - now()));
    const next = {
      answer: begun.then(() => readBoard(this.#records, board)),
      begin: () => {
        cancel();
        reading.next = null;
        reading.startedAtMs = now();
        this.#forgetLater();
        begin();
      },
    };
    reading.next = next;
    return next.answer;
  }

  /** This process changed the board: starts a waiting read at once. */
  changed(board: string): void {
    const reading = this.#readingByBoard.get(board);
    if (reading === undefined) return;
    reading.startedAtMs = -Infinity;
    reading.next?.begin();
  }

  #forgetLater(): void {
    if (this.#isForgetting) return;
    this.#isForgetting = true;
    this.#environment.schedule(() => this.#forget(), this.#spacingMs);
  }

  #forget(): void {
    const nowMs = this.#environment.now();
    for (const [board, { next, startedAtMs }] of this.#readingByBoard)
      if (next === null && nowMs - startedAtMs >= this.#spacingMs) this.#readingByBoard.delete(board);
    this.#isForgetting = false;
    if (this.#readingByBoard.size > 0) this.#forgetLater();
  }
}
