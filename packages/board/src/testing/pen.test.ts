import { describe, expect, it } from 'vitest';
import { penStroke, takeStrokes, toBoardPoints } from './pen.ts';

describe('made-up pen input', () => {
  it('made-up pen input is the same for the same seed and differs for another', () => {
    const once = takeStrokes(20, { seed: 7 });
    expect(takeStrokes(20, { seed: 7 })).toEqual(once);
    expect(takeStrokes(20, { seed: 8 })).not.toEqual(once);
  });

  it('made-up pen input has the speeds, sizes, pressure ramps and device grids of real hands', () => {
    for (const device of ['pen', 'mouse'] as const) {
      const speeds: number[] = [];
      for (const stroke of takeStrokes(200, { seed: 1, device })) {
        const { xyp, sampleRateHz, hasPressure } = stroke;
        expect(hasPressure).toBe(device === 'pen');
        const n = xyp.length / 3;
        for (let i = 0; i < n; i++) {
          const [x, y, p] = [xyp[i * 3]!, xyp[i * 3 + 1]!, xyp[i * 3 + 2]!];
          expect(Number.isFinite(x + y + p) && p > 0 && p <= 1).toBe(true);
          if (device === 'mouse') expect(Number.isInteger(x) && Number.isInteger(y) && p === 0.5).toBe(true);
          if (i > 0) speeds.push(Math.hypot(x - xyp[i * 3 - 3]!, y - xyp[i * 3 - 2]!) * sampleRateHz);
        }
        if (device === 'pen' && n > 30) {
          const middle = xyp[Math.floor(n / 2) * 3 + 2]!;
          expect(xyp[2]!).toBeLessThan(middle);
          expect(xyp[n * 3 - 1]!).toBeLessThan(middle);
        }
      }
      speeds.sort((a, b) => a - b);
      const quantile = (q: number): number => speeds[Math.floor(speeds.length * q)]!;
      expect(quantile(0.5)).toBeGreaterThan(80);
      expect(quantile(0.5)).toBeLessThan(500);
      expect(quantile(0.99)).toBeGreaterThan(600);
      expect(quantile(0.999)).toBeLessThan(4000);
    }
  });

  it('made-up pen input has exactly the requested number of points, and a camera converts them to board points', () => {
    for (const stroke of takeStrokes(20, { seed: 3, pointCount: 180 })) expect(stroke.xyp.length).toBe(540);
    const placed = penStroke(5, 180, { x: 220, y: 160 });
    expect([placed.xyp.length, placed.xyp[0], placed.xyp[1], placed.hasPressure]).toEqual([540, 220, 160, true]);
    expect([...toBoardPoints([10, 20, 0.5], 2, 100, 200)]).toEqual([105, 210, 0.5]);
  });
});
