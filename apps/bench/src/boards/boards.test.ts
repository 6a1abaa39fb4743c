import { describe, expect, it } from 'vitest';
import { penStroke } from '@wetink/board/testing';
import { POINTS } from '../../../e2e/src/large-board.ts';
import { momentsOf } from './opening.ts';
import { parseBoardOptions } from './options.ts';
import { halfFloat, indexKey, linesOf, tldrawPath } from './peer-files.ts';
import type { Scene } from './scenes.ts';
import { medianOf, tableOf } from './table.ts';

const scene: Scene = { name: 'some', strokes: 620, density: 10, acts: [] };

interface Freedraw {
  x: number;
  y: number;
  points: [number, number][];
  pressures: number[];
  index: string;
}
interface Draw {
  x: number;
  y: number;
  index: string;
  props: { segments: [{ path: string }] };
}

function read<T>(peer: 'excalidraw' | 'tldraw'): T[] {
  return [...linesOf(peer, scene)].flatMap((line) => JSON.parse(line) as T[]);
}

describe('the strokes of a scene', () => {
  it('are the same in the files of both peers: places, order and points', () => {
    const elements = read<Freedraw>('excalidraw');
    const shapes = read<Draw>('tldraw');
    expect([elements.length, shapes.length]).toEqual([620, 620]);
    expect(shapes.map(({ x, y, index }) => [x, y, index])).toEqual(elements.map(({ x, y, index }) => [x, y, index]));
    for (const i of [0, 1, 619]) {
      const points = pointsOf((shapes[i] as Draw).props.segments[0].path);
      const { points: theirs, pressures } = elements[i] as Freedraw;
      expect(points).toHaveLength(POINTS);
      for (const [n, [x, y, pressure]] of points.entries()) {
        const [ex, ey] = theirs[n] as [number, number];
        // Sixteen bits a step, one after the other.
        expect(Math.hypot(x - ex, y - ey)).toBeLessThan(0.25);
        expect(Math.abs(pressure - (pressures[n] as number))).toBeLessThan(0.02);
      }
    }
  });

  it('stand in a square, ten on top of each other in each direction', () => {
    const elements = read<Freedraw>('excalidraw');
    expect([elements[0], elements[1], elements[25]].map((element) => [element?.x, element?.y])).toEqual([
      [0, 0],
      [22, 0],
      [0, 16],
    ]);
  });

  it('begin at (0, 0) of their place', () => {
    expect((read<Freedraw>('excalidraw')[7] as Freedraw).points[0]).toEqual([0, 0]);
  });
});

it('keys of the order ascend up to the largest scene, and differ', () => {
  const keys = [0, 1, 61, 62, 3_843, 3_844, 99_999].map(indexKey);
  expect(keys).toEqual(['c000', 'c001', 'c00z', 'c010', 'c0zz', 'c100', 'cQ0t']);
  expect(keys.toSorted()).toEqual(keys);
});

it('a number in 16 bits is the nearest there is', () => {
  expect([0, 1, -2, 0.5, 65_504, 2 ** -14, 1 / 3, 2047.9].map(halfFloat)).toEqual([
    0, 0x3c00, 0xc000, 0x3800, 0x7bff, 0x0400, 0x3555, 0x6800,
  ]);
});

it('a path of tldraw has 12 bytes for the first point and 6 for each other', () => {
  const { xyp } = penStroke(3, POINTS, { x: 0, y: 0 });
  expect(Buffer.from(tldrawPath(xyp), 'base64')).toHaveLength(12 + 6 * (POINTS - 1));
});

describe('the pictures of an opening', () => {
  it('have their first ink, and stand once they look like the last one', () => {
    expect(momentsOf([0, 0, 40, 900, 1_700, 0, 600, 1_000, 990, 1_000])).toEqual({ first: 3, final: 7 });
    expect(momentsOf([1_000, 1_000])).toEqual({ first: 0, final: 0 });
  });

  it('without ink are an error, not a figure', () => {
    expect(() => momentsOf([0, 12])).toThrow('no ink is in the middle of the page');
    expect(() => momentsOf([])).toThrow('no ink');
  });
});

describe('the table of boards', () => {
  it('has medians, and the reason where a board did not get there', () => {
    expect(medianOf([{ frameP50: 3 }, { frameP50: 9 }, { frameP50: 4 }])).toEqual({ frameP50: 4 });
    expect(medianOf([{ frameP50: 3 }, 'not finished in 60 s'])).toBe('not finished in 60 s');
    expect(medianOf([undefined])).toBeUndefined();
  });

  it('leaves a dash for what was not tried after a failure, and leaves out what no board was tried with', () => {
    const ours = { open: { firstInkMs: 1_234.4 }, pan: { frameP50: 16.7, frameP95: 20 } };
    const table = tableOf({ wetink: 'Wetink', tldraw: 'tldraw 5' }, [
      { board: 'wetink', scene: '10000', steps: ours },
      { board: 'tldraw', scene: '10000', steps: { open: 'not finished in 60 s' } },
    ]);
    expect(table).toContain('| 10,000 sparse | first ink, ms | 1,234 | not finished in 60 s |');
    expect(table).toContain('| 10,000 sparse | pan: frame p50, p95, ms | 17 / 20 | – |');
    expect(table).not.toContain('zoom');
  });
});

describe('the command line', () => {
  it('chooses scenes and boards by name', () => {
    const options = parseBoardOptions(['--', '--scenes=10000-dense,1000', '--boards=tldraw', '--limit=9', '--out=none'], '/results');
    expect(options?.scenes.map(({ name }) => name)).toEqual(['1000', '10000-dense']);
    expect(options).toMatchObject({ boards: ['tldraw'], limitMs: 9_000, rounds: 3, outFolder: null, isAdding: false });
  });

  it('refuses names it does not know, and numbers that are none', () => {
    expect(() => parseBoardOptions(['--scenes=7'], '')).toThrow('--scenes knows no 7; it knows 1000, 10000');
    expect(() => parseBoardOptions(['--boards=miro'], '')).toThrow('--boards knows no miro');
    expect(() => parseBoardOptions(['--rounds=0'], '')).toThrow('--rounds must be a whole number from 1');
  });
});

/** As tldraw reads a path. */
function pointsOf(path: string): [number, number, number][] {
  const bytes = Buffer.from(path, 'base64');
  let point: [number, number, number] = [bytes.readFloatLE(0), bytes.readFloatLE(4), bytes.readFloatLE(8)];
  const points = [point];
  for (let at = 12; at < bytes.length; at += 6) {
    point = point.map((value, axis) => value + fullFloat(bytes.readUInt16LE(at + axis * 2))) as [number, number, number];
    points.push(point);
  }
  return points;
}

function fullFloat(bits: number): number {
  const exponent = (bits >> 10) & 31;
  if (exponent === 0) return 0;
  return (bits & 0x8000 ? -1 : 1) * 2 ** (exponent - 15) * (1 + (bits & 1023) / 1024);
}
