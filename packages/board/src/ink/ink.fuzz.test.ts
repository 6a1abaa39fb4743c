import { describe, expect, it } from 'vitest';
import { BoardError } from '../errors.ts';
import { decodeInk, encodeInk, inkLimits } from './ink.ts';
import { mulberry32, takeStrokes, toBoardPoints } from '../testing/pen.ts';

const SEED = 20_26;

/** Expects a refusal with BAD_INK, or bounded finite points that encode to the same bytes. */
function check(bytes: Uint8Array, label: string): boolean {
  try {
    const points = decodeInk(bytes);
    expect(points.length, label).toBeGreaterThan(0);
    expect(
      points.xyp.every((value) => Math.abs(value) <= inkLimits.maxCoordinate),
      label,
    ).toBe(true);
    const exponent = (bytes[1]! >> 1) - 32;
    // `Buffer.compare` takes a tenth of the time of a matcher that compares byte by byte.
    expect(Buffer.compare(encodeInk(points, 2 ** (-3 - exponent)), bytes), label).toBe(0);
    return true;
  } catch (error) {
    if (error instanceof BoardError && error.code === 'BAD_INK') return false;
    throw new Error(`${label}: ${Buffer.from(bytes).toString('hex')}`, { cause: error });
  }
}

describe('ink decoder fuzz', () => {
  it(`[IN7] random bytes are refused or are exactly one stroke (seed ${SEED})`, () => {
    const random = mulberry32(SEED);
    let accepted = 0;
    for (let round = 0; round < 20_000; round++) {
      const bytes = Uint8Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * 256));
      // Half of them get a valid header; otherwise the code behind the header would never run.
      if (round % 2 === 0) bytes.set([1, 24 + Math.floor(random() * 62), Math.floor(random() * 12)].slice(0, bytes.length));
      if (check(bytes, `round ${round}`)) accepted += 1;
    }
    expect(accepted).toBeGreaterThan(10);
  });

  it(`[IN7] real strokes that are cut, changed, stretched or joined are refused or are exactly one stroke (seed ${SEED + 1})`, () => {
    const random = mulberry32(SEED + 1);
    const strokes = takeStrokes(20, { seed: SEED }).map((s) => encodeInk({ xyp: toBoardPoints(s.xyp, 1), hasPressure: random() < 0.5 }, 1));
    for (let round = 0; round < 5000; round++) {
      const bytes = strokes[Math.floor(random() * strokes.length)]!;
      const at = Math.floor(random() * bytes.length);
      const kind = round % 4;
      if (kind === 0) expect(check(bytes.subarray(0, at), `cut ${round}`)).toBe(false);
      else if (kind === 1)
        check(
          bytes.map((b, i) => (i === at ? Math.floor(random() * 256) : b)),
          `changed ${round}`,
        );
      else if (kind === 2)
        check(Uint8Array.from([...bytes.subarray(0, at), Math.floor(random() * 256), ...bytes.subarray(at)]), `stretched ${round}`);
      else expect(check(Uint8Array.from([...bytes, ...strokes[0]!]), `joined ${round}`)).toBe(false);
    }
  });
});
