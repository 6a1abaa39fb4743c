import { describe, expect, it } from 'vitest';
import { BoardError } from '../errors.ts';
import { isStyleValue, styleProps } from '../document/fields.ts';
import { cropToValue, isCropValue, isLookValue } from '../document/look.ts';
import { isLinePoints } from '../document/line-points.ts';
import { isElementId } from '../document/keys.ts';
import { mulberry32 } from '../testing/pen.ts';
import type { ElementId, Geometry, Look, Style } from '../types.ts';
import { decodeWet, encodeWet, wetLimits, type WetPayload } from './wet.ts';

const SEED = 20_26;
const style: Style = {
  color: '#12ab9f',
  width: 4.25,
  fill: 'none',
  opacity: 0.3,
  fontSize: 20,
  font: 'hand',
  dash: 'solid',
  corners: 'sharp',
  startHead: 'auto',
  endHead: 'auto',
};
const geometry: Geometry = { x: -300.5, y: 1e5, w: 20, h: -3, rotation: 1 };
const samples: Uint8Array[] = [
  encodeWet({ kind: 'stroke', style, hasPressure: true, xyp: Float64Array.from([1, 2, 0.5, 900, -900, 1, 3, 3, 0]) }, 1),
  encodeWet({ kind: 'stroke', style, hasPressure: false, xyp: Float64Array.from([1, 2, 0.5, 4, 5, 1]) }, 3),
  encodeWet({ kind: 'shape', shape: 'arrow', style, geometry }, 0.1),
  encodeWet({ kind: 'shape', shape: 'star', style: { ...style, dash: 'dotted', corners: 'round' }, geometry }, 0.1),
  encodeWet(
    { kind: 'shape', shape: 'line', style: { ...style, startHead: 'dot', endHead: 'bar' }, geometry, points: [0, 1, 0.5, 0, 1, 0.2] },
    1,
  ),
  encodeWet({ kind: 'laser', xyp: Float64Array.from([1, 2, 0.5, 4, 5, 0.5]) }, 3),
  encodeWet(
    {
      kind: 'move',
      items: [
        { id: 'abcdefgh1z' as ElementId, geometry },
        { id: 'ABCDEFGH0' as ElementId, geometry },
      ],
    },
    1,
  ),
  encodeWet({ kind: 'copy', items: [{ id: 'abcdefgh1z' as ElementId, geometry }] }, 1),
  encodeWet({ kind: 'look', patch: { hue: -0.37, blur: 0.5, vignette: 1 }, ids: ['abcdefgh1z' as ElementId, 'ABCDEFGH0' as ElementId] }, 1),
  encodeWet({ kind: 'crop', crop: { left: 0.1, top: 0, right: 0.93, bottom: 0.5 }, id: 'abcdefgh1z' as ElementId }, 1),
];

/** Whether a payload has everything that a painter relies on. */
function isSane(payload: WetPayload): boolean {
  const isBox = (g: Geometry): boolean => [g.x, g.y, g.w, g.h, g.rotation].every((n) => Math.abs(n) <= 1e7);
  if (payload.kind === 'move' || payload.kind === 'copy')
    return payload.items.length <= wetLimits.maxMoveItems && payload.items.every((item) => isElementId(item.id) && isBox(item.geometry));
  if (payload.kind === 'look') {
    const isSet = ([prop, value]: [string, unknown]): boolean => isLookValue(prop as keyof Look, value);
    return payload.ids.length <= wetLimits.maxMoveItems && payload.ids.every(isElementId) && Object.entries(payload.patch).every(isSet);
  }
  if (payload.kind === 'laser') return payload.xyp.length <= wetLimits.maxPoints * 3 && payload.xyp.every((n) => Math.abs(n) <= 1e7);
  if (payload.kind === 'crop') return isElementId(payload.id) && isCropValue(cropToValue(payload.crop));
  if (!styleProps.every((prop) => isStyleValue(prop, payload.style[prop]))) return false;
  return payload.kind === 'shape'
    ? isBox(payload.geometry) && (payload.points === undefined || isLinePoints(payload.points))
    : payload.xyp.length <= wetLimits.maxPoints * 3 && payload.xyp.every((n) => Math.abs(n) <= 1e7);
}

function check(bytes: Uint8Array, label: string): boolean {
  try {
    expect(isSane(decodeWet(bytes)), label).toBe(true);
    return true;
  } catch (error) {
    if (error instanceof BoardError && error.code === 'BAD_WET') return false;
    throw new Error(`${label}: ${Buffer.from(bytes).toString('hex')}`, { cause: error });
  }
}

describe('wet decoder fuzz', () => {
  it(`[WE7] real payloads with any cut or any changed byte are refused or sane (seed ${SEED})`, () => {
    for (const sample of samples) {
      expect(check(sample, 'sample')).toBe(true);
      for (let at = 0; at < sample.length; at++) {
        expect(check(sample.subarray(0, at), `cut at ${at}`)).toBe(false);
        for (let byte = 0; byte < 256; byte++)
          check(
            sample.map((b, i) => (i === at ? byte : b)),
            `byte ${byte} at ${at}`,
          );
      }
    }
  });

  it(`[WE7] random bytes, and payloads with several changes, are refused or sane (seed ${SEED})`, () => {
    const random = mulberry32(SEED);
    let accepted = 0;
    for (let round = 0; round < 30_000; round++) {
      let bytes: Uint8Array;
      if (round % 3 === 0) {
        bytes = Uint8Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256));
        bytes.set([1, Math.floor(random() * 4)].slice(0, bytes.length));
      } else {
        bytes = Uint8Array.from(samples[round % samples.length]!);
        for (let n = 1 + Math.floor(random() * 4); n > 0; n--) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      if (check(bytes, `round ${round}`)) accepted += 1;
    }
    expect(accepted).toBeGreaterThan(100);
  });
});
