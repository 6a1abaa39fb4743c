import { describe, expect, it } from 'vitest';
import { createRecording } from '../fixtures/recording-context.ts';
import { paintCursors } from './paint-cursors.ts';
import type { ShownCursor } from './peer-cursors.ts';
import { ringDash } from './ring-dash.ts';

const camera = { x: 0, y: 0, zoom: 1 };
const size = { width: 1000, height: 800 };
const cursor = (ringPieces: number): ShownCursor => ({
  clientId: ringPieces,
  name: 'Ana',
  hue: 3,
  ringPieces,
  at: { x: 100, y: 100 },
  opacity: 1,
  nameOpacity: 0,
  said: '',
  saidOpacity: 0,
});

/** The canvas calls that paint one cursor, as text. */
function painted(ringPieces: number): string {
  const target = createRecording(1000, 800);
  paintCursors(target.context, [cursor(ringPieces)], camera, size);
  return JSON.stringify(target.calls);
}

describe('cursors of one hue', () => {
  it('[K3] the cursors of five people of one hue all look different', () => {
    expect(new Set([0, 1, 2, 3, 4].map(painted)).size).toBe(5);
  });

  it('[K3] the first person of a hue has no ring, the second a whole one, later ones a ring in pieces that close exactly', () => {
    const rings = (pieces: number): number => (painted(pieces).match(/"arc"/g) ?? []).length;
    expect(rings(0)).toBe(0);
    expect(rings(1)).toBeGreaterThan(0);
    expect(ringDash(1, 13)).toEqual([]);
    for (const pieces of [2, 3, 4, 11, 200]) {
      const [dash = 0, gap = 0] = ringDash(pieces, 13);
      expect((dash + gap) * pieces).toBeCloseTo(2 * Math.PI * 13);
      expect(dash).toBeGreaterThan(0);
      expect(gap).toBeGreaterThan(0);
    }
  });
});

describe('names beside cursors', () => {
  it.each([
    ['דנה!', 'rtl'],
    ['Ana!', 'ltr'],
    ['12 دنيا', 'rtl'],
  ])('[X1] D11: the first strong letter of the name %j sets its direction', (name, direction) => {
    const target = createRecording(1000, 800);
    paintCursors(target.context, [{ ...cursor(0), name, nameOpacity: 1 }], camera, size);
    const at = target.calls.findIndex((call) => call.name === 'fillText');
    expect(target.calls.slice(0, at).findLast((call) => call.name === 'direction=')?.args).toEqual([direction]);
  });
});

describe('words beside cursors', () => {
  const written = (said: string): string[] => {
    const target = createRecording(1000, 800);
    paintCursors(target.context, [{ ...cursor(0), nameOpacity: 1, said, saidOpacity: 1 }], camera, size);
    return target.calls.filter((call) => call.name === 'fillText').map((call) => String(call.args[0]));
  };

  it('[K4] the name comes first, and a long text breaks into lines', () => {
    const [name, ...lines] = written('one two three four five six seven eight nine ten eleven twelve');
    expect(name).toBe('Ana');
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join(' ')).toBe('one two three four five six seven eight nine ten eleven twelve');
  });

  it('[K4] a word of 10,000 characters fills six lines, and the last says that it goes on', () => {
    const lines = written('w'.repeat(10_000)).slice(1);
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toMatch(/…$/);
  });
});
