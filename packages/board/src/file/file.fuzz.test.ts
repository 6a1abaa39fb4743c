import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoardError } from '../errors.ts';
import { decodeFile, encodeFile } from './file-codec.ts';
import { arbitraryFileWithFrames } from '../testing/arbitrary-file.ts';
import { mulberry32 } from '../testing/pen.ts';

const SEED = 20_26;
const files = fc.sample(arbitraryFileWithFrames, { seed: SEED, numRuns: 40 }).map(encodeFile);
const codes = new Set(['BAD_FILE', 'FILE_TOO_NEW', 'TOO_LARGE']);

/** Expects a `BoardError`, or content that can be saved and read again. */
function check(bytes: Uint8Array, label: string): boolean {
  try {
    const content = decodeFile(bytes);
    expect(decodeFile(encodeFile(content)), label).toEqual(content);
    return true;
  } catch (error) {
    if (error instanceof BoardError && codes.has(error.code)) return false;
    throw new Error(`${label}: ${Buffer.from(bytes).toString('base64')}`, { cause: error });
  }
}

describe('file decoder fuzz', () => {
  it(`[FI8] changed, cut and doubled files are refused or read whole (seed ${SEED})`, () => {
    const random = mulberry32(SEED);
    const any = (n: number): number => Math.floor(random() * n);
    let accepted = 0;
    for (let round = 0; round < 4000; round++) {
      let bytes = Uint8Array.from(files[any(files.length)]!);
      for (let n = 1 + any(3); n > 0; n--) {
        const at = any(bytes.length);
        const kind = any(4);
        if (kind === 0) bytes[at] = any(256);
        // A digit, bracket or quote in place of another gets further into the decoder than a random byte.
        else if (kind === 1) bytes[at] = '0123456789-e.[]{}",:$'.charCodeAt(any(21));
        else if (kind === 2) bytes = bytes.slice(0, at);
        else bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(any(at + 1), at), ...bytes.subarray(at)]);
        if (bytes.length === 0) break;
      }
      if (check(bytes, `round ${round}`)) accepted += 1;
    }
    expect(accepted).toBeGreaterThan(100);
  });

  it(`[FI8] files with a value of the wrong type anywhere are refused or read whole (seed ${SEED})`, () => {
    const odd: unknown[] = [
      null,
      true,
      -1,
      1e308,
      '',
      'x',
      '__proto__',
      [],
      {},
      [[]],
      { $value: 'NaN' },
      { $bytes: '!' },
      { __proto__: null },
    ];
    for (const [i, file] of files.slice(0, 4).entries()) {
      const parsed = new TextDecoder()
        .decode(file)
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      parsed.forEach((object, line) => {
        for (const key of [...Object.keys(object), 'extra', 'raw', 'ink', 'base']) {
          for (const value of odd) {
            const changed = parsed.map((other, j) => JSON.stringify(j === line ? { ...other, [key]: value } : other));
            check(new TextEncoder().encode(`${changed.join('\n')}\n`), `file ${i} line ${line} ${key} ${JSON.stringify(value)}`);
          }
        }
      });
    }
  });
});
