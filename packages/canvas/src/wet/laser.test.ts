import { personColors, personHue } from '@wetink/board';
import { describe, expect, it } from 'vitest';
import { desk } from '../fixtures/desk.ts';
import { createRecording } from '../fixtures/recording-context.ts';
import { paintLasers, type ShownLaser } from '../peers/paint-lasers.ts';
import { LASER_FADE_MS, OWN, isFading } from './laser.ts';

const camera = { x: 0, y: 0, zoom: 1 };

function painted(lasers: readonly ShownLaser[], now: number, isStill = false) {
  const target = createRecording(400, 400);
  paintLasers(target.context, lasers, camera, { now, isStill });
  const called = (name: string): (readonly unknown[])[] => target.calls.filter((call) => call.name === name).map((call) => call.args);
  const xs = ['moveTo', 'lineTo', 'quadraticCurveTo', 'bezierCurveTo'].flatMap((name) => called(name).map((args) => Number(args.at(-2))));
  return { colors: called('fillStyle=').flat(), tips: called('arc'), reach: xs.length === 0 ? null : Math.min(...xs) };
}

describe('a laser pointer', () => {
  it('[W5] draws nothing on the board and leaves no step, and the tool stays for the next time', () => {
    const d = desk();
    d.actions.setTool('laser');
    d.drag([
      [10, 10],
      [200, 10],
    ]);
    d.drag([
      [10, 50],
      [200, 50],
    ]);
    expect([d.board.count, d.board.nextUndo, d.editor.state.tool]).toEqual([0, null, 'laser']);
  });

  it('[W5] its trail is seen by both while the pointer is down, and is gone on both sides soon after it lifted', () => {
    const [ana, ben] = [desk(), desk()];
    const pass = (): void => {
      for (const message of ana.sent.splice(0)) ben.editor.receiveWet({ ...message, clientId: 7 });
    };
    ana.actions.setTool('laser');
    ana.press(10, 10);
    for (let x = 20; x <= 100; x += 10) ana.move(x, 10);
    pass();
    const [own, theirs] = [ana, ben].map((d) => d.editor.wet.lasers());
    expect(own).toMatchObject([{ clientId: OWN, isHeld: true }]);
    expect(theirs).toMatchObject([{ clientId: 7, isHeld: true }]);
    expect([...(theirs?.[0]?.xyp ?? [])].filter((_, i) => i % 3 === 0)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    ana.lift(100, 10);
    pass();
    for (const d of [ana, ben]) expect(d.editor.wet.lasers()).toMatchObject([{ isHeld: false }]);
    for (const d of [ana, ben]) {
      d.wait(LASER_FADE_MS);
      d.editor.wet.expire();
      expect(d.editor.wet.lasers()).toEqual([]);
    }
    expect(ben.board.count).toBe(0);
  });

  it('[W5] a person who joins sees where it goes from then on, not where it has been', () => {
    const [ana, ben] = [desk(), desk()];
    ana.actions.setTool('laser');
    ana.press(10, 10);
    for (let x = 20; x <= 100; x += 10) ana.move(x, 10);
    ana.sent.splice(0);
    ana.editor.followPeers({ came: [9], left: [] });
    for (let x = 110; x <= 150; x += 10) ana.move(x, 10);
    for (const message of ana.sent.splice(0)) ben.editor.receiveWet({ ...message, clientId: 7 });
    expect(ben.editor.wet.lasers()[0]?.xyp.filter((_, i) => i % 3 === 0)).toEqual([110, 120, 130, 140, 150]);
  });

  it('[W5] a person who may only look has none', () => {
    const d = desk(undefined, { isReadOnly: true });
    d.actions.setTool('laser');
    d.drag([
      [10, 10],
      [200, 10],
    ]);
    expect([d.sent, d.editor.wet.lasers()]).toEqual([[], []]);
  });

  it('[W5] it is painted in the colour of the person, and points are gone after the time of fading, also with reduced motion', () => {
    const hue = personHue('ben');
    const laser = { xyp: [100, 50, 0.5, 200, 50, 0.5, 300, 50, 0.5], at: [0, 800, 1000], isHeld: true, hue };
    for (const isStill of [false, true]) {
      const early = painted([laser], 1000, isStill);
      expect(early.colors).toEqual(['#ffffff', personColors[hue]]);
      expect(early.reach).toBeLessThan(110);
      const late = painted([laser], LASER_FADE_MS + 1, isStill);
      expect(late.reach).toBeGreaterThan(180);
      expect(late.tips.length).toBe(2);
      expect(painted([{ ...laser, isHeld: false }], 1000 + LASER_FADE_MS, isStill)).toMatchObject({ tips: [], reach: null });
    }
    const entry = { clientId: 1, gesture: 'g', kind: 'laser' as const, xyp: laser.xyp, at: laser.at, isHeld: true };
    expect([isFading(entry, 1000), isFading(entry, 1000 + LASER_FADE_MS)]).toEqual([true, false]);
  });
});
