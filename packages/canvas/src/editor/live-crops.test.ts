/**
 * Pictures that one person moves, resizes or turns while another crops or exchanges them: in whatever order the two go on, the
 * whole picture ends where the gesture left it, and is not stretched.
 */
import { describe, expect, it } from 'vitest';
import { plainLook, wholeCrop, wholeGeometry, type Crop, type ElementId, type Geometry, type ImageContent } from '@wetink/board';
import { desk, type Desk } from '../fixtures/desk.ts';
import { emptyBoard, exchange } from '../fixtures/elements.ts';
import { handlesOf, type Handle } from '../transform.ts';
import { replaceImages } from './edit-images.ts';

const cat: ImageContent = { hash: 'a'.repeat(64), type: 'image/jpeg', width: 400, height: 300, bytes: 99, name: 'cat.jpg' };
const tall: ImageContent = { ...cat, hash: 'c'.repeat(64), width: 300, height: 900 };
const half: Crop = { left: 0.5, top: 0, right: 1, bottom: 1 };
const corner: Crop = { left: 0.25, top: 0.5, right: 0.75, bottom: 1 };

interface Two {
  readonly ana: Desk;
  readonly ben: Desk;
  /** The picture that Ana crops. Ben has selected both. */
  readonly id: ElementId;
  readonly other: ElementId;
  /** The wet ink of each reaches the other. */
  deliver(): void;
}

function two(): Two {
  const [ana, ben] = [desk(), desk(emptyBoard('ben'))] as const;
  ana.actions.putImages([cat, { ...cat, hash: 'b'.repeat(64) }]);
  const [id, other] = ana.editor.state.selection as [ElementId, ElementId];
  ana.board.run((edit) => {
    edit.setGeometry(id, { x: 100, y: 200, w: 200, h: 150, rotation: 0 });
    edit.setGeometry(other, { x: 400, y: 200, w: 200, h: 150, rotation: 0 });
  });
  exchange(ana.board, ben.board);
  ana.actions.select([id]);
  ben.actions.setTool('select');
  ben.actions.select([id, other]);
  const heard = [0, 0];
  const pass = (from: Desk, to: Desk, i: 0 | 1): void => {
    for (const message of from.sent.slice(heard[i])) to.editor.receiveWet({ ...message, clientId: 7 + i });
    heard[i] = from.sent.length;
  };
  const deliver = (): void => {
    pass(ana, ben, 0);
    pass(ben, ana, 1);
  };
  return { ana, ben, id, other, deliver };
}

/** Ana's deeds, each followed by its wet ink on Ben's screen. */
const deeds = {
  begins: ({ ana, deliver }: Two) => {
    ana.actions.previewLook({ crop: wholeCrop }, { isSent: false });
    ana.wait(100);
    ana.actions.sendCrop(half);
    deliver();
  },
  moves: ({ ana, deliver }: Two) => {
    ana.wait(100);
    ana.actions.sendCrop(corner);
    deliver();
  },
  'gives up': ({ ana, deliver }: Two) => {
    ana.actions.previewLook(null);
    deliver();
  },
  sets: ({ ana, ben, deliver }: Two) => {
    ana.actions.setLook({ crop: corner });
    exchange(ana.board, ben.board);
    deliver();
  },
  leaves: ({ ben }: Two) => ben.editor.followPeers({ came: [], left: [7] }),
} as const;
type Deed = keyof typeof deeds;

/** Four points of one of Ben's gestures, board units: Ana's deed comes between the second and the third. */
type Gesture = (t: Two) => readonly [number, number][];
const handle = ({ ben }: Two, is: (handle: Handle) => boolean): [number, number] => {
  const { frame } = ben.editor.selected();
  const found = frame === null ? undefined : handlesOf(frame, ben.editor.state.camera.zoom).find((one) => is(one.handle));
  if (found === undefined) throw new Error('no such handle');
  return [found.at.x, found.at.y];
};
const away = ([x, y]: [number, number], ...by: [number, number][]): [number, number][] => [
  [x, y],
  ...by.map(([dx, dy]): [number, number] => [x + dx, y + dy]),
];
const gestures: Record<string, Gesture> = {
  drag: () => away([260, 290], [30, 10], [50, 20], [60, 30]),
  'resize by a corner': (t) =>
    away(
      handle(t, ({ type, ...rest }) => type === 'resize' && 'pull' in rest && rest.pull.x === 1 && rest.pull.y === 1),
      [30, 20],
      [60, 50],
      [90, 60],
    ),
  turn: (t) =>
    away(
      handle(t, ({ type }) => type === 'rotate'),
      [30, 10],
      [60, 30],
      [90, 60],
    ),
};

/** The box of the whole picture in the document. */
const whole = ({ ben }: Two, id: ElementId): Geometry => {
  const { geometry, crop } = ben.board.get(id) ?? { geometry: { x: 0, y: 0, w: 0, h: 0, rotation: 0 }, crop: wholeCrop };
  return wholeGeometry(geometry, crop);
};
const rounded = (g: Geometry): number[] => [g.x, g.y, g.w, g.h, g.rotation].map((n) => Math.round(n * 1e6) / 1e6);

/** A board point on Ben's screen. */
const at =
  ({ ben }: Two) =>
  ([x, y]: [number, number]): [number, number] => {
    const { camera } = ben.editor.state;
    return [(x - camera.x) * camera.zoom, (y - camera.y) * camera.zoom];
  };

function run(t: Two, gesture: Gesture, deed: (t: Two) => void): void {
  const { ben } = t;
  const [from, before, after, to] = gesture(t).map(at(t)) as [[number, number], [number, number], [number, number], [number, number]];
  ben.press(...from);
  ben.move(...before);
  deed(t);
  ben.move(...after);
  ben.move(...to);
  ben.lift(...to);
}
const plan = (before: readonly Deed[], selected: 'one' | 'both'): Two => {
  const t = two();
  if (selected === 'one') t.ben.actions.select([t.id]);
  for (const deed of before) deeds[deed](t);
  return t;
};

describe.each(Object.entries(gestures))('%s', (_, gesture) => {
  it.each<[Deed[], Deed, 'one' | 'both']>([
    [[], 'begins', 'one'],
    [[], 'begins', 'both'],
    [['begins'], 'moves', 'one'],
    [['begins'], 'moves', 'both'],
    [['begins'], 'gives up', 'one'],
    [['begins'], 'gives up', 'both'],
    [['begins'], 'sets', 'one'],
    [['begins'], 'sets', 'both'],
    [['begins', 'sets', 'begins'], 'gives up', 'one'],
    [['begins', 'sets', 'begins'], 'leaves', 'both'],
  ])('[S4] after %j, a crop that %s during the gesture changes nothing of where it leaves the whole picture: %s selected', (...row) => {
    const [before, during, selected] = row;
    const [undisturbed, disturbed] = [plan(before, selected), plan(before, selected)];
    const start = rounded(whole(disturbed, disturbed.id));
    run(undisturbed, gesture, () => undefined);
    run(disturbed, gesture, deeds[during]);
    const ends = [undisturbed, disturbed].map((t) => [t.id, t.other].map((id) => rounded(whole(t, id))));
    expect(ends[1]).toEqual(ends[0]);
    const [, , w = 0, h = 1] = ends[1]?.[0] ?? [];
    expect(ends[1]?.[0]).not.toEqual(start);
    expect(w / h).toBeCloseTo(4 / 3, 5);
  });

  it('[S4] while both go on, each screen shows the picture in its own crop with its proportions, and no wet ink stays', () => {
    const t = plan(['begins', 'sets', 'begins'], 'one');
    const { ana, ben, id, deliver } = t;
    run(t, gesture, () => {
      deeds.moves(t);
      // Ana's preview shows all of the picture, Ben's screen the part within her frame.
      const preview = ben.editor.preview();
      const own = preview?.kind === 'move' ? preview.items[0] : undefined;
      const moved = ana.editor.shownWet().flatMap((entry) => (entry.kind === 'move' ? (entry.items.get(id) ?? []) : []));
      expect(moved).toHaveLength(1);
      const ratios = [own?.geometry, moved[0]].map((g) => (g?.w ?? 0) / (g?.h ?? 1));
      expect(ratios).toEqual([expect.closeTo(4 / 3, 2), expect.closeTo(4 / 3, 2)]);
      expect((own?.geometry.w ?? 0) / (moved[0]?.w ?? 1)).toBeCloseTo(0.5, 2);
    });
    deliver();
    exchange(ana.board, ben.board);
    expect(ana.editor.wet.isEmpty).toBe(true);
    expect(ana.board.get(id)?.geometry).toEqual(ben.board.get(id)?.geometry);
  });

  it('[S4] a crop that is set while the pointer rests changes the wet box too, so that no wet ink stays after the gesture', () => {
    const t = plan(['begins'], 'one');
    const { ana, ben, deliver } = t;
    const [from, to] = gesture(t).map(at(t)) as [[number, number], [number, number]];
    ben.press(...from);
    ben.move(...to);
    deeds.sets(t);
    ben.lift(...to);
    deliver();
    exchange(ana.board, ben.board);
    expect(ana.editor.wet.isEmpty).toBe(true);
  });

  it('[S4] a picture that another person exchanges during the gesture has the proportions of the new one', () => {
    const t = plan([], 'one');
    run(t, gesture, ({ ana, ben, id }) => {
      replaceImages(ana.board, [id], tall);
      exchange(ana.board, ben.board);
    });
    const { w, h } = whole(t, t.id);
    expect(w / h).toBeCloseTo(1 / 3, 5);
  });
});

it('[S4] arrow keys move a picture by their step, whatever another person does to its crop in between', () => {
  const t = two();
  for (const deed of ['begins', 'moves', 'gives up', 'begins', 'sets', 'begins', 'leaves'] as const) {
    deeds[deed](t);
    const { x, ...before } = whole(t, t.id);
    t.ben.actions.nudge(10, 0);
    expect(rounded(whole(t, t.id))).toEqual(rounded({ x: x + 10, ...before }));
  }
});

it.each<[string, (t: Two) => void, object]>([
  ['a crop', deeds.begins, { crop: half }],
  ['a look', ({ ana }) => ana.actions.previewLook({ look: { hue: 0.5 } }), { look: { hue: 0.5 } }],
])('[S5] a copy has nothing of %s that another person is trying, nor of a look or style that this one is trying', (_, deed, shown) => {
  const t = two();
  const { ben, id } = t;
  deed(t);
  t.deliver();
  expect(ben.editor.elementOf(id)).toMatchObject(shown);
  ben.actions.select([id]);
  ben.actions.previewStyle({ opacity: 0.5 });
  ben.actions.previewLook({ look: { sepia: 1 } });
  ben.actions.duplicateSelection();
  const [copy] = ben.editor.state.selection as [ElementId];
  const made = ben.board.get(copy);
  expect(copy).not.toBe(id);
  expect([made?.look, made?.crop, made?.style.opacity]).toEqual([plainLook, wholeCrop, 1]);
  expect([made?.geometry.w, made?.geometry.h]).toEqual([200, 150]);
});
