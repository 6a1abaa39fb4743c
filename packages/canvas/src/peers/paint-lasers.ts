/** Paints the trails of laser pointers: broad at the tip, thin where they are old. Fetched late, with the overlay. */
import { personColors } from '@wetink/board';
import { toView, type Camera } from '../camera.ts';
import type { Context } from '../draw/context.ts';
import { tracePath } from '../draw/path.ts';
import { strokeOutline } from '../draw/stroke-outline.ts';
import { LASER_FADE_MS } from '../wet/laser.ts';

export interface ShownLaser {
  /** x, y in board units and a pressure that is not used, and the time of each point in milliseconds. */
  readonly xyp: ArrayLike<number>;
  readonly at: readonly number[];
  /** The pointer is down: its tip stays, also while it is held still. */
  readonly isHeld: boolean;
  /** 0..11, see `personHue`. */
  readonly hue: number;
}

/** CSS pixels. */
const WIDTH_PX = 7;
const TIP_PX = 5;

/** @param options.isStill Reduced motion: a trail keeps its width, and old points of it go at once. */
export function paintLasers(ctx: Context, lasers: readonly ShownLaser[], camera: Camera, options: { now: number; isStill: boolean }): void {
  for (const { xyp, at, isHeld, hue } of lasers) {
    const trail: number[] = [];
    const first = at.findIndex((time) => options.now - time < LASER_FADE_MS);
    for (let i = first; first >= 0 && i < at.length; i++) {
      const { x, y } = toView(camera, { x: xyp[3 * i] ?? 0, y: xyp[3 * i + 1] ?? 0 });
      trail.push(x, y, options.isStill ? 1 : 1 - (options.now - (at[i] ?? 0)) / LASER_FADE_MS);
    }
    const color = personColors[hue % personColors.length] ?? '#000000';
    const last = xyp.length - 3;
    const tip = toView(camera, { x: xyp[last] ?? 0, y: xyp[last + 1] ?? 0 });
    // White around it makes it visible on ink of its own colour.
    for (const [fill, grow] of [
      ['#ffffff', 3],
      [color, 0],
    ] as const) {
      ctx.fillStyle = fill;
      ctx.beginPath();
      if (trail.length > 3) tracePath(strokeOutline({ xyp: trail, hasPressure: true, width: WIDTH_PX + grow }), ctx);
      ctx.fill();
      if (!isHeld) continue;
      ctx.beginPath();
      ctx.arc(tip.x, tip.y, TIP_PX + grow / 2, 0, 2 * Math.PI);
      ctx.fill();
    }
  }
}
