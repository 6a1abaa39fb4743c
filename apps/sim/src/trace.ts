/**
 * The events of a run: a hash of all of them, and the last ones as text. Two runs of one seed must have equal hashes.
 */

/** Lines kept for a report. */
const MAX_LINES = 400;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export class Trace {
  readonly #now: () => number;
  readonly #lines: string[] = [];
  #hash = FNV_OFFSET;
  #events = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Hash of all events so far, as 8 hex digits. */
  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }

  get events(): number {
    return this.#events;
  }

  /** The newest lines, oldest first. */
  lines(count: number): readonly string[] {
    return this.#lines.slice(-count);
  }

  /** Adds a line for the report. */
  note(text: string): void {
    const line = `${this.#now().toFixed(0).padStart(7)} ms  ${text}`;
    this.#lines.push(line);
    if (this.#lines.length > 2 * MAX_LINES) this.#lines.splice(0, MAX_LINES);
    this.#events += 1;
    for (let at = 0; at < line.length; at++) this.#fold(line.charCodeAt(at));
  }

  /** Hashes bytes sent over a wire. @param where A small number for the wire. */
  bytes(where: number, bytes: Uint8Array): void {
    this.#events += 1;
    this.#fold(where);
    this.#fold(this.#now() * 16);
    for (let at = 0; at < bytes.length; at++) this.#fold(bytes[at] as number);
  }

  #fold(value: number): void {
    this.#hash = Math.imul(this.#hash ^ value, FNV_PRIME);
  }
}
