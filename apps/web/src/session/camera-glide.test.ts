import { describe, expect, it } from 'vitest';
import type { Camera, Stage } from '@wetink/canvas';
import { CameraGlide } from './camera-glide.ts';

const target: Camera = { x: 900, y: 500, zoom: 2 };

function glideOn({ isStill = false } = {}) {
  let state = { camera: { x: 0, y: 0, zoom: 1 }, isBusy: false };
  let frame: (() => void) | null = null;
  let time = 0;
  const stage = {
    get state() {
      return state as Stage['state'];
    },
    size: { width: 800, height: 600 },
    setCamera(camera: Camera) {
      state = { ...state, camera };
    },
  };
  const glide = new CameraGlide(stage, {
    now: () => time,
    requestFrame(run) {
      frame = run;
      return () => (frame = null);
    },
    isStill: () => isStill,
  });
  return {
    glide,
    stage,
    press: () => (state = { ...state, isBusy: true }),
    /** @returns Whether a frame was waited for. */
    next(): boolean {
      const run = frame;
      frame = null;
      time += 16;
      run?.();
      return run !== null;
    },
  };
}

describe('the camera that moves by itself', () => {
  it('goes there over several frames, and then asks for none', () => {
    const { glide, stage, next } = glideOn();
    glide.to(target);
    expect(stage.state.camera.x).toBe(0);
    let frames = 0;
    while (next()) frames++;
    expect(frames).toBeGreaterThan(5);
    expect(stage.state.camera).toEqual(target);
  });

  it('jumps with reduced motion', () => {
    const { glide, stage, next } = glideOn({ isStill: true });
    glide.to(target);
    expect(stage.state.camera).toEqual(target);
    expect(next()).toBe(false);
  });

  it('ends where the person takes hold of the view, also when the view was moved before it began', () => {
    const { glide, stage, next } = glideOn();
    stage.setCamera({ x: -50, y: 0, zoom: 1 });
    glide.to(target);
    next();
    expect(stage.state.camera.x).toBeGreaterThan(-50);
    stage.setCamera({ x: 10, y: 20, zoom: 1 });
    while (next());
    expect(stage.state.camera).toEqual({ x: 10, y: 20, zoom: 1 });
  });

  it('ends with a press: a stroke is drawn on a board that stands still', () => {
    const { glide, stage, press, next } = glideOn();
    glide.to(target);
    next();
    const { camera } = stage.state;
    press();
    while (next());
    expect(stage.state.camera).toBe(camera);
  });
});
