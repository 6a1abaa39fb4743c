/** The strokes of a scene in the formats of Excalidraw and tldraw, as their own files have them. */

import { penStroke } from '@wetink/board/testing';
import { placeOf, POINTS } from '../../../e2e/src/large-board.ts';
import type { Scene } from './scenes.ts';

export type PeerName = 'excalidraw' | 'tldraw';

/** Elements in a line of a file. */
const LINE_ELEMENTS = 500;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

interface Pattern {
  /** Flat [x, y, pressure, …] from the first point on. */
  readonly xyp: Float64Array;
  readonly width: number;
  readonly height: number;
  readonly tldrawPath: string;
}

/** @returns Lines of JSON, each an array of elements. */
export function* linesOf(peer: PeerName, { strokes, density }: Scene): Generator<string, void> {
  const patterns = new Map<number, Pattern>();
  const patternOf = (seed: number): Pattern => {
    const known = patterns.get(seed) ?? makePattern(seed);
    patterns.set(seed, known);
    return known;
  };
  const elementOf = peer === 'excalidraw' ? excalidrawElement : tldrawShape;
  for (let first = 0; first < strokes; first += LINE_ELEMENTS) {
    const count = Math.min(LINE_ELEMENTS, strokes - first);
    const elements = Array.from({ length: count }, (_, i) => {
      const { pattern, x, y } = placeOf(first + i, strokes, density);
      return elementOf(first + i, x, y, patternOf(pattern));
    });
    yield `${JSON.stringify(elements)}\n`;
  }
}

function makePattern(seed: number): Pattern {
  const { xyp } = penStroke(seed, POINTS, { x: 0, y: 0 });
  const extentOf = (axis: number): number => {
    const values = [...xyp].filter((_, i) => i % 3 === axis);
    return Math.max(...values) - Math.min(...values);
  };
  return { xyp, width: extentOf(0), height: extentOf(1), tldrawPath: tldrawPath(xyp) };
}

export function excalidrawElement(index: number, x: number, y: number, { xyp, width, height }: Omit<Pattern, 'tldrawPath'>): object {
  const points: [number, number][] = [];
  const pressures: number[] = [];
  for (let i = 0; i + 2 < xyp.length; i += 3) {
    points.push([rounded(xyp[i]), rounded(xyp[i + 1])]);
    pressures.push(rounded(xyp[i + 2]));
  }
  return {
    id: `stroke${index}`,
    type: 'freedraw',
    ...{ x, y, width, height, angle: 0 },
    strokeColor: '#1e1e1e',
    backgroundColor: 'transparent',
    fillStyle: 'solid',
    // Its line is 4.25 times as wide.
    strokeWidth: 1,
    strokeStyle: 'solid',
    roughness: 1,
    opacity: 100,
    groupIds: [],
    frameId: null,
    index: indexKey(index),
    roundness: null,
    ...{ seed: index + 1, version: 1, versionNonce: index + 1, updated: 1 },
    isDeleted: false,
    boundElements: null,
    link: null,
    locked: false,
    points,
    pressures,
    simulatePressure: false,
    lastCommittedPoint: null,
  };
}

export function tldrawShape(index: number, x: number, y: number, { tldrawPath: path }: Pick<Pattern, 'tldrawPath'>): object {
  return {
    id: `shape:stroke${index}`,
    typeName: 'shape',
    type: 'draw',
    ...{ x, y, rotation: 0 },
    index: indexKey(index),
    parentId: 'page:page',
    isLocked: false,
    opacity: 1,
    meta: {},
    props: {
      ...{ color: 'black', fill: 'none', dash: 'draw', size: 'm' },
      segments: [{ type: 'free', path, dim: 3 }],
      ...{ isComplete: true, isClosed: false, isPen: true, scale: 1, scaleX: 1, scaleY: 1 },
    },
  };
}

/** A key of fractional indexing, by which both order their elements: there are 62³ of this length. */
export function indexKey(index: number): string {
  const digit = (place: number): string => DIGITS.charAt(Math.floor(index / 62 ** place) % 62);
  return `c${digit(2)}${digit(1)}${digit(0)}`;
}

/** tldraw's base64: the first point as 32-bit floats, each other one as 16-bit floats from the one before. Little endian. */
export function tldrawPath(xyp: Float64Array): string {
  const bytes = new DataView(new ArrayBuffer(12 + (xyp.length - 3) * 2));
  for (let i = 0; i < xyp.length; i++) {
    const value = xyp[i] as number;
    if (i < 3) bytes.setFloat32(i * 4, value, true);
    else bytes.setUint16(12 + (i - 3) * 2, halfFloat(value - (xyp[i - 3] as number)), true);
  }
  return Buffer.from(bytes.buffer).toString('base64');
}

/** Bits of the nearest number in 16 bits (IEEE 754), smaller ones than 2⁻¹⁴ as 0. */
export function halfFloat(value: number): number {
  const sign = value < 0 ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size < 2 ** -14) return sign;
  const exponent = Math.floor(Math.log2(size));
  // A fraction that rounds up to 1 carries into the exponent, as it should.
  return sign | (((exponent + 15) << 10) + Math.round((size / 2 ** exponent - 1) * 1024));
}

/** To a hundredth, twice as fine as the pen's grid: Excalidraw's files keep all digits, and are three times as long. */
function rounded(value = 0): number {
  return Math.round(value * 100) / 100;
}
