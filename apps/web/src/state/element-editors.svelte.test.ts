import { createSubscriber } from 'svelte/reactivity';
import { flushSync } from 'svelte';
import { expect, it } from 'vitest';
import type { BoardElement } from '@wetink/board';
import type { Participant } from '../core/participants.ts';
import { ElementEditors } from './element-editors.svelte.ts';

/** A person who edits a picture, a stage whose frames run when a test says so, and the places that a component would show. */
function chips() {
  const ana = { userId: 'ana', name: 'Ana', isMe: false, pictures: ['p', 'gone', 'text'], texts: [] as string[] } as unknown as Participant;
  let people = [ana];
  let camera = $state.raw({ x: 0, y: 0, zoom: 1 });
  let onFrame = (): void => undefined;
  let onPeople = (): void => undefined;
  const frames = createSubscriber((update) => void (onFrame = update));
  const changes = createSubscriber((update) => void (onPeople = update));
  const elements: Record<string, Partial<BoardElement>> = { text: { kind: 'text' } };
  const put = (x: number): void => {
    elements.p = { id: 'p' as never, kind: 'image', geometry: { x, y: 50, w: 40, h: 30, rotation: 0 } };
  };
  put(100);
  let reads = 0;
  const shown: (readonly [string, number, number])[][] = [];
  const stop = $effect.root(() => {
    const editors = new ElementEditors({
      view: {
        get camera() {
          return camera;
        },
        shown(ids) {
          frames();
          return ids.flatMap((id) => (elements[id] as BoardElement | undefined) ?? []);
        },
      },
      people: {
        get list() {
          changes();
          reads += 1;
          return people;
        },
      },
    });
    $effect(() => void shown.push(editors.places.map(({ id, x, y }) => [id, x, y] as const)));
  });
  flushSync();
  return {
    last: () => shown.at(-1),
    reads: () => reads,
    look(to: typeof camera) {
      camera = to;
      flushSync();
    },
    move(x: number) {
      put(x);
      onFrame();
      flushSync();
    },
    write(text: string) {
      people = [{ ...ana, pictures: [], texts: [text] }];
      elements.text = {
        id: 'text' as never,
        kind: 'text',
        geometry: { x: 30, y: 40, w: 10, h: 10, rotation: 0 },
        style: { fontSize: 20 } as never,
      };
      onPeople();
      flushSync();
    },
    leave() {
      people = [];
      onPeople();
      flushSync();
    },
    stop,
  };
}

it('the people at a picture follow the view and the picture, and are read again only when a person changes', () => {
  const { last, reads, look, move, leave, stop } = chips();
  // A picture has a margin of one board unit, see paintBox.
  expect(last()).toEqual([['p', 99, 49]]);
  for (const x of [10, 20, 30]) look({ x, y: 0, zoom: 2 });
  expect(last()).toEqual([['p', 138, 98]]);
  move(200);
  expect(last()).toEqual([['p', 338, 98]]);
  expect(reads()).toBe(1);
  leave();
  expect([last(), reads()]).toEqual([[], 2]);
  stop();
});

it('a person who has a text open is shown at that text, and nowhere when it is gone', () => {
  const { last, write, stop } = chips();
  write('text');
  expect(last()?.map(([id]) => id)).toEqual(['text']);
  write('gone');
  expect(last()).toEqual([]);
  stop();
});
