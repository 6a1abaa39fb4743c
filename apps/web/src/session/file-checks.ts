/**
 * Asks the server whether it has the files of other people: a few at once, and never twice at once for one of them.
 *
 *     asked ──it has it──────────────────> over
 *       └────it lacks it, or no answer──> asked again after a growing pause, or when something has changed
 */
import { backoffMs } from '../core/upload-answer.ts';

export interface FileChecksPorts {
  /** Null when the server can't be asked. */
  has(hash: string): Promise<boolean | null>;
  /** Hashes that the board shows. */
  shown(): ReadonlySet<string>;
  /** The server lacks it because it has yet to be sent from here. */
  isOwn(hash: string): boolean;
  /** @returns Whether it need not be asked again. */
  onAnswer(hash: string, has: boolean | null): boolean;
  /** The board does not show it, so it was not asked. */
  onHidden(hash: string): void;
  schedule(run: () => void, delayMs: number): () => void;
}

const AT_ONCE = 4;
/** A person is likely to wait for a file that another one has just dropped. */
const LONGEST_PAUSE_MS = 60_000;

export class FileChecks {
  readonly #ports: FileChecksPorts;
  readonly #toAsk = new Set<string>();
  readonly #asking = new Set<string>();
  /** Those that are asked again: how often they were asked, and how to cancel the next time. */
  readonly #again = new Map<string, { readonly count: number; readonly cancel: () => void }>();
  #isClosed = false;

  constructor(ports: FileChecksPorts) {
    this.#ports = ports;
  }

  /** Now, or as soon as an earlier question about the same file has been answered. */
  ask(hashes: Iterable<string>): void {
    for (const hash of hashes) this.#toAsk.add(hash);
    this.#askMore();
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const { cancel } of this.#again.values()) cancel();
  }

  #askMore(): void {
    if (this.#toAsk.size === 0 || this.#isClosed) return;
    const { shown, isOwn, onHidden } = this.#ports;
    const visible = shown();
    for (const hash of this.#toAsk) {
      if (this.#asking.size >= AT_ONCE) return;
      if (this.#asking.has(hash)) continue;
      this.#toAsk.delete(hash);
      this.#again.get(hash)?.cancel();
      if (isOwn(hash)) continue;
      if (!visible.has(hash)) {
        this.#again.delete(hash);
        onHidden(hash);
        continue;
      }
      this.#asking.add(hash);
      void this.#ask(hash).finally(() => {
        this.#asking.delete(hash);
        this.#askMore();
      });
    }
  }

  async #ask(hash: string): Promise<void> {
    const { has, isOwn, onAnswer, schedule } = this.#ports;
    const answer = await has(hash);
    if (this.#isClosed || isOwn(hash)) return;
    if (onAnswer(hash, answer)) {
      this.#again.delete(hash);
      this.#toAsk.delete(hash);
      return;
    }
    const count = this.#again.get(hash)?.count ?? 0;
    const cancel = schedule(() => this.ask([hash]), backoffMs(count, Math.random(), LONGEST_PAUSE_MS));
    this.#again.set(hash, { count: count + 1, cancel });
  }
}
