import { describe, expect, it } from 'vitest';
import { personColors, type BoardElement, type ElementId } from '@wetink/board';
import { createRecording } from '../fixtures/recording-context.ts';
import { shownElements, type FrameContent } from '../stage/frame-content.ts';
import { paintPeerSelections } from './paint-selections.ts';
import type { Peer, PeerSelection } from './peer-cursors.ts';

const camera = { x: 0, y: 0, zoom: 1 };
const size = { width: 1000, height: 800 };
const peer = (selection: PeerSelection, hue = 3): Peer => ({
  clientId: 1,
  userId: 'ben',
  name: 'Ben',
  cursor: null,
  hue,
  ringPieces: 0,
  selection,
});
const elementAt = (id: string, x: number): BoardElement =>
  ({ id, kind: 'rectangle', geometry: { x, y: 10, w: 50, h: 40, rotation: 0 } }) as unknown as BoardElement;

const idsOf = (...ids: string[]): ElementId[] => ids as ElementId[];

function painted(peers: readonly Peer[], elementOf: (id: string) => BoardElement | undefined) {
  const target = createRecording(1000, 800);
  paintPeerSelections(target.context, peers, { camera, size, elementOf });
  const of = (name: string) => target.calls.filter((call) => call.name === name).map((call) => call.args);
  return { loops: of('closePath').length, boxes: of('strokeRect'), colors: of('strokeStyle=').flat() };
}

describe('selections of others', () => {
  it('[K5] each selected element in view is outlined in the colour of the person; others are not', () => {
    const elements = new Map(
      [elementAt('a', 10), elementAt('b', 200), elementAt('far', 5_000)].map((element) => [element.id as string, element]),
    );
    const { loops, colors } = painted([peer({ ids: idsOf('a', 'b', 'far', 'gone') })], (id) => elements.get(id));
    expect(loops).toBe(2);
    expect(colors).toEqual([personColors[3]]);
  });

  it('[K5] a selection that is too large to name is one box', () => {
    const { boxes } = painted([peer({ box: { minX: 10, minY: 20, maxX: 110, maxY: 220 } })], () => undefined);
    expect(boxes).toEqual([[10, 20, 100, 200]]);
  });

  it('[K5] a frame has at most 400 outlines, however many people select everything', () => {
    const ids = idsOf(...Array.from({ length: 50 }, (_, i) => `e${i}`));
    const peers = Array.from({ length: 100 }, (_, i) => peer({ ids }, i % 12));
    expect(painted(peers, (id) => elementAt(id, 10)).loops).toBe(400);
  });

  it('[K5] an element that this or another person moves is outlined where it is shown', () => {
    const moved = { x: 300, y: 300, w: 50, h: 40, rotation: 0 };
    const content = {
      elementOf: (id: string) => elementAt(id, 10),
      preview: { kind: 'move', items: [{ id: 'c', geometry: { ...moved, x: 900 } }] },
      wet: [{ kind: 'move', items: new Map([['a', moved]]) }],
    } as unknown as FrameContent;
    const xs = ['a', 'b', 'c'].map((id) => shownElements(content)(id as never)?.geometry.x);
    expect(xs).toEqual([300, 10, 900]);
  });
});
