/** Lets a few runs go on at once; the others wait in line, until one ends or nobody waits for them any more. */
export class FewAtOnce {
  readonly #max: number;
  #running = 0;
  readonly #inLine: (() => void)[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  /** @throws {DOMException} `AbortError`, at once: those ahead may take minutes. */
  async inTurn<Result>(run: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    if (this.#running >= this.#max) await this.#untilMyTurn(signal);
    this.#running += 1;
    try {
      signal.throwIfAborted();
      return await run();
    } finally {
      this.#running -= 1;
      this.#inLine.shift()?.();
    }
  }

  #untilMyTurn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#inLine.splice(this.#inLine.indexOf(begin), 1);
        reject(new DOMException('nobody waits for it any more', 'AbortError'));
      };
      this.#inLine.push(begin);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
