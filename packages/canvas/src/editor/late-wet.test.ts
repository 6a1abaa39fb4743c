import { expect, it } from 'vitest';
import { decodeWet, encodeWet, type ElementId } from '@wetink/board';
import type { LatePart } from './late-part.ts';
import { desk } from '../fixtures/desk.ts';
import { plain, shape } from '../fixtures/elements.ts';
import * as code from '../stage/editing.ts';
import type { Editing } from '../stage/stage-types.ts';
import type { WetMessage } from '../wet/wet-sender.ts';

/** Code that comes with `arrive`. */
function late(): LatePart<Editing> & { arrive(): void } {
  let part: Editing | null = null;
  return { opened: () => part, get: () => Promise.resolve(part), arrive: () => void (part = code) };
}

/** A piece of another person's stroke. */
function piece(index: number, xyp: number[], { isEnd = false, clientId = 7, gesture = 's.1' } = {}): WetMessage & { clientId: number } {
  const payload = encodeWet({ kind: 'stroke', style: plain, hasPressure: false, xyp: Float64Array.from(xyp) }, 1);
  return { clientId, gesture, index, isEnd, payload };
}
const shownOf = ({ editor }: ReturnType<typeof desk>) => [...editor.wet.entries()].map((entry) => entry.gesture);

it('[W6] wet ink of others that comes before its code is shown whole once the code is there', () => {
  const part = late();
  const at = desk(undefined, { editing: part });
  at.editor.receiveWet(piece(0, [0, 0, 0.5, 10, 0, 0.5]));
  at.editor.receiveWet(piece(0, [0, 90, 0.5], { clientId: 8, gesture: 's.2' }));
  expect(shownOf(at)).toEqual([]);
  expect(at.editor.wet.isEmpty).toBe(false);
  // Its author leaves meanwhile: nothing of theirs is shown later.
  at.editor.followPeers({ came: [], left: [8] });
  part.arrive();
  at.editor.receiveWet(piece(2, [20, 0, 0.5]));
  const [stroke] = at.editor.shownWet();
  expect(stroke).toMatchObject({ kind: 'stroke', xyp: [0, 0, 0.5, 10, 0, 0.5, 20, 0, 0.5] });
  expect(shownOf(at)).toEqual(['s.1']);
});

it('[W6] wet ink that waits is shown by the next frame, and of too much the oldest is given up', () => {
  const part = late();
  const at = desk(undefined, { editing: part });
  for (let i = 0; i <= 500; i++) at.editor.receiveWet(piece(i, [i, 0, 0.5]));
  part.arrive();
  at.editor.wet.expire();
  const [stroke] = at.editor.shownWet();
  expect(stroke?.kind === 'stroke' && [stroke.xyp.length / 3, stroke.xyp[0]]).toEqual([500, 1]);
});

it('[W6] a stroke that began before the code was there is sent from its beginning', () => {
  const part = late();
  const at = desk(undefined, { editing: part });
  at.press(0, 0);
  at.move(10, 0);
  expect(at.sent).toEqual([]);
  part.arrive();
  at.move(20, 0);
  at.lift(20, 0);
  const [first] = at.sent;
  const payload = decodeWet(first?.payload ?? new Uint8Array());
  expect([first?.index, payload.kind === 'stroke' && payload.xyp[0]]).toEqual([0, 0]);
  expect(at.sent.at(-1)?.isEnd).toBe(true);
});

it('[W6] a gesture that ends before the code is there sends nothing, and another board shows nothing of what waited', () => {
  const part = late();
  const at = desk(undefined, { editing: part });
  at.drag([
    [0, 0],
    [30, 0],
  ]);
  at.editor.receiveWet(piece(0, [0, 0, 0.5]));
  at.editor.setBoard(desk().board);
  part.arrive();
  at.editor.wet.expire();
  expect([at.sent, shownOf(at)]).toEqual([[], []]);
  // What others move is shown from then on.
  const id = 'aaaaaaaa1' as ElementId;
  const payload = encodeWet({ kind: 'move', items: [{ id, geometry: shape('rectangle', { w: 9, h: 9 }).geometry }] }, 1);
  at.editor.receiveWet({ clientId: 7, gesture: 's.3', index: 0, isEnd: false, payload });
  expect(shownOf(at)).toEqual(['s.3']);
});
