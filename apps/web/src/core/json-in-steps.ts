/**
 * JSON of any length, read a piece at a time: `JSON.parse` of 50 MB would stop the page for half a second. Pure.
 *
 *     { "elements": [ {…}, {…}, … ], "files": { "a": {…}, … } }      depth 2: each {…} is one step
 *
 * Values down to `depth` are taken apart here, those below are found by their brackets and read by `JSON.parse`. One that is too
 * long for that reads as `undefined`, which JSON has not.
 */

/** Characters of one value that is read whole, as in a line of a board file: a picture has as many. */
const MAX_VALUE_CHARS = 16 * 1024 * 1024;
/** Those outside of strings, which take far longer to read: some 50 ms. A stroke of 200,000 points has as many. */
const MAX_VALUE_SIGNS = 4 * 1024 * 1024;
/** Characters that are looked through in one step: some 0.1 ms. */
const STEP_CHARS = 32_768;

/**
 * Reads it as `JSON.parse` does.
 *
 * @param depth Levels of objects and arrays that are taken apart, >= 0.
 * @throws {SyntaxError} When it is not JSON.
 */
export function* jsonInSteps(text: string, depth: number): Generator<undefined, unknown> {
  const reader = new Reader(text);
  const value = yield* reader.value(depth);
  reader.expectEnd();
  return value;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  *value(depth: number): Generator<undefined, unknown> {
    const first = this.#next();
    if (depth > 0 && first === '[') return yield* this.#array(depth - 1);
    if (depth > 0 && first === '{') return yield* this.#object(depth - 1);
    const start = this.#at;
    const signs = yield* this.#skip();
    yield;
    if (this.#at - start > MAX_VALUE_CHARS || signs > MAX_VALUE_SIGNS) return undefined;
    return JSON.parse(this.#text.slice(start, this.#at));
  }

  expectEnd(): void {
    if (this.#next() !== '') throw this.#problem();
  }

  *#array(depth: number): Generator<undefined, unknown[]> {
    const items: unknown[] = [];
    this.#at += 1;
    if (this.#takes(']')) return items;
    for (;;) {
      items.push(yield* this.value(depth));
      if (this.#takes(']')) return items;
      if (!this.#takes(',')) throw this.#problem();
    }
  }

  *#object(depth: number): Generator<undefined, Record<string, unknown>> {
    const members: [string, unknown][] = [];
    this.#at += 1;
    if (this.#takes('}')) return {};
    for (;;) {
      if (this.#next() !== '"') throw this.#problem();
      const key = yield* this.value(0);
      if (!this.#takes(':')) throw this.#problem();
      members.push([String(key), yield* this.value(depth)]);
      // Own properties, whatever they are called.
      if (this.#takes('}')) return Object.fromEntries(members);
      if (!this.#takes(',')) throw this.#problem();
    }
  }

  /**
   * Goes behind the value that begins here. Brackets are only counted: `JSON.parse` finds those that do not match.
   *
   * @returns Number of its characters outside of strings.
   */
  *#skip(): Generator<undefined, number> {
    let [open, signs] = [0, 0];
    let pause = this.#at + STEP_CHARS;
    do {
      const sign = this.#text.charAt(this.#at);
      if (sign === '') throw this.#problem();
      signs += 1;
      if (sign === '"') this.#skipString();
      else {
        if (sign === '{' || sign === '[') open += 1;
        if (sign === '}' || sign === ']') open -= 1;
        this.#at += 1;
        if (open === 0 && !/[}\]]/.test(sign)) this.#skipWord();
      }
      if (this.#at > pause) {
        yield;
        pause = this.#at + STEP_CHARS;
      }
    } while (open > 0);
    return signs;
  }

  #skipString(): void {
    for (let at = this.#at + 1; ; at += 1) {
      at = this.#text.indexOf('"', at);
      if (at < 0) throw this.#problem();
      let slashes = 0;
      while (this.#text.charAt(at - 1 - slashes) === '\\') slashes += 1;
      if (slashes % 2 === 1) continue;
      this.#at = at + 1;
      return;
    }
  }

  /** A number, `true`, `false` or `null`. */
  #skipWord(): void {
    while (/[\w.+-]/.test(this.#text.charAt(this.#at))) this.#at += 1;
  }

  #takes(sign: string): boolean {
    const isThere = this.#next() === sign;
    if (isThere) this.#at += 1;
    return isThere;
  }

  /** The next character that is no space, '' at the end. */
  #next(): string {
    while (/[ \t\r\n]/.test(this.#text.charAt(this.#at))) this.#at += 1;
    return this.#text.charAt(this.#at);
  }

  #problem(): SyntaxError {
    return new SyntaxError(`no JSON at character ${this.#at}`);
  }
}
