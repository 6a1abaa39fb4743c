import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shape } from './fixtures/elements.ts';
import { geometryBox, geometryCentre, geometryCorners, rotatePoint } from './geometry.ts';
import { frameOf } from './frame.ts';
import { snapDirection } from './snap-direction.ts';
import { handlesOf, hitHandle, movePoint, scaleGeometry, scalingOf, turnGeometry, type Pull } from './transform.ts';

const plainDrag = { keepRatio: false, fromCentre: false };
const mirrored = { isUpright: false };
const geometry = fc.record({
  x: fc.double({ min: -500, max: 500, noNaN: true }),
  y: fc.double({ min: -500, max: 500, noNaN: true }),
  w: fc.double({ min: 10, max: 500, noNaN: true }),
  h: fc.double({ min: 10, max: 500, noNaN: true }),
  rotation: fc.double({ min: -3, max: 3, noNaN: true }),
});
const side = fc.constantFrom(-1 as const, 0 as const, 1 as const);
const pull = fc.record({ x: side, y: side }).filter((p) => p.x !== 0 || p.y !== 0);
const far = fc.record({ x: fc.double({ min: -900, max: 900, noNaN: true }), y: fc.double({ min: -900, max: 900, noNaN: true }) });

function frame(g: Parameters<typeof shape>[1]): NonNullable<ReturnType<typeof frameOf>> {
  const made = frameOf([shape('rectangle', g)]);
  if (made === null) throw new Error('no frame');
  return made;
}

describe('resize', () => {
  it('[T8] leaves the opposite corner of a turned box where it is, wherever the handle goes', () => {
    fc.assert(
      fc.property(geometry, pull, far, (g, by, to) => {
        const scaling = scalingOf(frame(g), by, to, plainDrag);
        const next = scaleGeometry(g, scaling, mirrored);
        const fixed = (of: typeof g): { x: number; y: number } => {
          const c = geometryCentre(of);
          return rotatePoint({ x: c.x - (by.x * of.w) / 2, y: c.y - (by.y * of.h) / 2 }, c, of.rotation);
        };
        const [before, after] = [fixed(g), fixed(next)];
        expect(Math.hypot(before.x - after.x, before.y - after.y)).toBeLessThan(1e-6);
        expect(next.rotation).toBe(g.rotation);
      }),
    );
  });

  it('puts the pulled corner under the pointer', () => {
    fc.assert(
      fc.property(geometry, far, (g, to) => {
        const next = scaleGeometry(g, scalingOf(frame(g), { x: 1, y: 1 }, to, plainDrag), mirrored);
        // A box is never scaled to less than one unit, so a pointer that close to the far corner is not reached.
        fc.pre(Math.abs(next.w) > 1.001 && Math.abs(next.h) > 1.001);
        const corner = geometryCorners(next)[2];
        expect(Math.hypot(corner.x - to.x, corner.y - to.y)).toBeLessThan(1e-6);
      }),
    );
  });

  it('[T4] keeps the ratio with Shift and the centre with Alt', () => {
    const g = { x: 0, y: 0, w: 100, h: 50, rotation: 0 };
    const ratio = scaleGeometry(
      g,
      scalingOf(frame(g), { x: 1, y: 1 }, { x: 200, y: 60 }, { keepRatio: true, fromCentre: false }),
      mirrored,
    );
    expect(ratio.w / ratio.h).toBeCloseTo(2);
    expect(ratio.w).toBeCloseTo(200);
    const centred = scaleGeometry(
      g,
      scalingOf(frame(g), { x: 1, y: 1 }, { x: 110, y: 60 }, { keepRatio: false, fromCentre: true }),
      mirrored,
    );
    expect(geometryCentre(centred)).toEqual({ x: 50, y: 25 });
    expect(centred.w).toBeCloseTo(120);
  });

  it('mirrors when pulled past the other side', () => {
    const g = { x: 0, y: 0, w: 100, h: 50, rotation: 0 };
    const next = scaleGeometry(g, scalingOf(frame(g), { x: 1, y: 0 }, { x: -50, y: 0 }, plainDrag), mirrored);
    expect(next.w).toBeCloseTo(-50);
    expect(geometryBox(next)).toEqual({ minX: -50, minY: 0, maxX: 0, maxY: 50 });
  });

  it('[T8] text and boxes turned against the frame keep their ratio', () => {
    const text = frameOf([shape('text', { w: 100, h: 20 })]);
    const turned = frameOf([shape('rectangle', { w: 100, h: 20, rotation: 0.3 }), shape('rectangle', { x: 300, w: 10, h: 10 })]);
    for (const f of [text, turned]) {
      expect(f?.keepsRatio).toBe(true);
      if (f === null) continue;
      const { sx, sy } = scalingOf(f, { x: 1, y: 1 }, { x: 500, y: 700 }, plainDrag);
      expect(sx).toBe(sy);
      expect(sx).toBeGreaterThan(0);
    }
  });

  const corner = fc.record({ x: fc.constantFrom(-1 as const, 1 as const), y: fc.constantFrom(-1 as const, 1 as const) });
  const kind = fc.constantFrom('text' as const, 'rectangle' as const, 'stroke' as const, 'line' as const);
  const options = fc.record({ keepRatio: fc.boolean(), fromCentre: fc.boolean() });

  it('[T8] D15: the pulled corner of a text, turned or not, is on the side of the pointer, and the text upright', () => {
    fc.assert(
      fc.property(geometry, corner, far, options, (g, by, to, keys) => {
        const f = frameOf([shape('text', g)]);
        if (f === null) throw new Error('no frame');
        const scaling = scalingOf(f, by, to, keys);
        const next = scaleGeometry(g, scaling, { isUpright: true });
        expect([next.w > 0, next.h > 0, next.rotation]).toEqual([true, true, g.rotation]);
        if (keys.fromCentre) return;
        const inFrame = (p: { x: number; y: number }): { x: number; y: number } => rotatePoint(p, scaling.anchor, -g.rotation);
        const [pointer, centre] = [inFrame(to), inFrame(geometryCentre(next))];
        fc.pre(Math.abs(pointer.x - scaling.anchor.x) > 2 && Math.abs(pointer.y - scaling.anchor.y) > 2);
        expect(Math.sign(centre.x - scaling.anchor.x)).toBe(Math.sign(pointer.x - scaling.anchor.x));
        expect(Math.sign(centre.y - scaling.anchor.y)).toBe(Math.sign(pointer.y - scaling.anchor.y));
        // One side of it reaches the pointer, none goes beyond.
        const reach = { x: next.w / Math.abs(pointer.x - scaling.anchor.x), y: next.h / Math.abs(pointer.y - scaling.anchor.y) };
        expect(Math.min(reach.x, reach.y)).toBeCloseTo(1, 3);
      }),
    );
  });

  it('[T8] D15: everything in a selection, of every kind and at every angle, goes where the frame goes, mirrored or not', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(kind, geometry), { minLength: 2, maxLength: 4 }), pull, far, options, (parts, by, to, keys) => {
        const elements = parts.map(([name, g]) => shape(name, g));
        const f = frameOf(elements);
        if (f === null) throw new Error('no frame');
        fc.pre(!f.keepsRatio || (by.x !== 0 && by.y !== 0));
        const scaling = scalingOf(f, by, to, keys);
        const { anchor, sx, sy } = scaling;
        for (const { kind: name, geometry: g } of elements) {
          const next = scaleGeometry(g, scaling, { isUpright: name === 'text' });
          const expected = geometryCorners(g).map((p) => ({ x: anchor.x + (p.x - anchor.x) * sx, y: anchor.y + (p.y - anchor.y) * sy }));
          for (const p of expected) {
            const nearest = Math.min(...geometryCorners(next).map((q) => Math.hypot(p.x - q.x, p.y - q.y)));
            expect(nearest).toBeLessThan(1e-3);
          }
          if (name === 'text') expect([next.w > 0, next.h > 0]).toEqual([true, true]);
        }
      }),
      { seed: 15, numRuns: 500 },
    );
  });

  it('[T8] D15: a mirrored line leads from where its start is mirrored to, to where its end is', () => {
    const line = shape('arrow', { x: 0, y: 0, w: 100, h: 40, rotation: 0.4 });
    const f = frameOf([line, shape('text', { x: 200, y: 100, w: 50, h: 20 })]);
    if (f === null) throw new Error('no frame');
    const scaling = scalingOf(f, { x: 1, y: 1 }, { x: -300, y: 90 }, plainDrag);
    const next = scaleGeometry(line.geometry, scaling, mirrored);
    const { anchor, sx, sy } = scaling;
    const ends = (g: typeof next): { x: number; y: number }[] =>
      [
        { x: g.x, y: g.y },
        { x: g.x + g.w, y: g.y + g.h },
      ].map((p) => rotatePoint(p, geometryCentre(g), g.rotation));
    expect([sx < 0, sy > 0]).toEqual([true, true]);
    ends(line.geometry).forEach((p, i) => {
      const q = ends(next)[i];
      expect(q?.x).toBeCloseTo(anchor.x + (p.x - anchor.x) * sx, 6);
      expect(q?.y).toBeCloseTo(anchor.y + (p.y - anchor.y) * sy, 6);
    });
  });

  it('survives boxes without width or height', () => {
    const level = frame({ w: 100, h: 0 });
    const next = scaleGeometry(level.geometry, scalingOf(level, { x: 1, y: 1 }, { x: 200, y: 300 }, plainDrag), mirrored);
    expect(Object.values(next).every(Number.isFinite)).toBe(true);
    expect(next.w).toBeCloseTo(200);
    expect(next.h).toBe(0);
  });
});

describe('turning and ends', () => {
  it('[T8] turning keeps size and distance to the centre', () => {
    fc.assert(
      fc.property(geometry, far, fc.double({ min: -7, max: 7, noNaN: true }), (g, about, by) => {
        const next = turnGeometry(g, about, by);
        const reach = (of: typeof g): number => Math.hypot(geometryCentre(of).x - about.x, geometryCentre(of).y - about.y);
        expect(reach(next)).toBeCloseTo(reach(g), 6);
        expect([next.w, next.h]).toEqual([g.w, g.h]);
        expect(Math.abs(next.rotation)).toBeLessThanOrEqual(Math.PI + 1e-9);
      }),
    );
  });

  it('moves one end of a line and leaves the other', () => {
    const way = [
      { x: 0, y: 0 },
      { x: 100, y: 0 },
    ];
    const to = { x: 50, y: 80 };
    expect(movePoint(way, { type: 'end', end: 'end' }, to, { snap: false })).toEqual([way[0], to]);
    expect(movePoint(way, { type: 'end', end: 'start' }, to, { snap: false })).toEqual([to, way[1]]);
    expect(movePoint(way, { type: 'middle', index: 1 }, to, { snap: false })).toEqual([way[0], to, way[1]]);
    expect(movePoint([...way, to], { type: 'bend', index: 1 }, { x: 7, y: 7 }, { snap: false })).toEqual([way[0], { x: 7, y: 7 }, to]);
  });

  it('[T4] snaps directions to 15 degrees and keeps the length', () => {
    const to = snapDirection({ x: 0, y: 0 }, { x: 100, y: 20 });
    expect(Math.atan2(to.y, to.x)).toBeCloseTo(Math.PI / 12);
    expect(Math.hypot(to.x, to.y)).toBeCloseTo(Math.hypot(100, 20));
  });

  it('has eight handles and one to turn, fewer where they would touch, on a line one on each point and in each long piece', () => {
    expect(handlesOf(frame({ w: 200, h: 200 }), 1)).toHaveLength(9);
    expect(handlesOf(frame({ w: 20, h: 200 }), 1)).toHaveLength(7);
    const line = frameOf([shape('arrow', { w: 100, h: 10 })]);
    expect(line === null ? 0 : handlesOf(line, 1).length).toBe(3);
    expect(line === null ? 0 : handlesOf(line, 0.5).length).toBe(2);
    expect(hitHandle(frame({ w: 200, h: 200 }), { x: 203, y: 198 }, 1, 9)).toEqual({ type: 'resize', pull: { x: 1, y: 1 } satisfies Pull });
    expect(hitHandle(frame({ w: 200, h: 200 }), { x: 150, y: 150 }, 1, 9)).toBeNull();
  });
});
