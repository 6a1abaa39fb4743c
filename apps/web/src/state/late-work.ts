/**
 * Work on an open board whose code is fetched late: on pictures and attachments with the first file, or when the page is idle;
 * on what is there already (editing) with the stage. It is opened at most once, and closed with the board, also when its code comes after the board was left.
 */
import { fetchInTime, fetchPart, type FetchSigns } from '../browser/fetch-part.ts';

export interface LateWorkPorts<Code, Work> {
  fetchCode(): Promise<Code>;
  open(code: Code): Work;
  /** The board is still open. @returns How to stop what it starts. */
  start(work: Work): () => void;
  signs: FetchSigns;
}

export class LateWork<Code, Work extends { close(): void }> {
  readonly #ports: LateWorkPorts<Code, Work>;
  readonly #stops: (() => void)[] = [];
  #opened: Work | null = null;
  #coming: Promise<Work> | null = null;
  #isClosed = false;

  constructor(ports: LateWorkPorts<Code, Work>) {
    this.#ports = ports;
  }

  /** Null until its code is there. */
  opened(): Work | null {
    return this.#opened;
  }
  /** Null when the code can't be fetched now; a toast has said so. */
  async get(): Promise<Work | null> {
    if (this.#opened !== null) return this.#opened;
    const code = await fetchPart(() => this.#ports.fetchCode(), this.#ports.signs);
    return code === null ? null : this.#open(code);
  }
  /** Tries until the code is there. */
  inTime(): Promise<Work> {
    this.#coming ??= new Promise((resolve) => {
      this.#stops.push(
        fetchInTime(
          () => this.#ports.fetchCode(),
          (code) => resolve(this.#open(code)),
        ),
      );
    });
    return this.#coming;
  }
  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const stop of this.#stops.splice(0)) stop();
    this.#opened?.close();
  }

  #open(code: Code): Work {
    if (this.#opened !== null) return this.#opened;
    const work = this.#ports.open(code);
    this.#opened = work;
    if (this.#isClosed) work.close();
    else this.#stops.push(this.#ports.start(work));
    return work;
  }
}
