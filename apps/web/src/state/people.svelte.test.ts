import { flushSync } from 'svelte';
import { expect, it } from 'vitest';
import { Listeners } from '../session/listeners.ts';
import * as part from '../session/people-part.ts';
import { People } from './people.svelte.ts';

type Session = ConstructorParameters<typeof People>[0];
type Me = ConstructorParameters<typeof People>[1];

it('names by user are made once for each state of the list, however many ask', async () => {
  const states = new Map<number, unknown>();
  const present = (id: number, name: string): void => void states.set(id, { user: { id: `u${id}`, name, color: '#000000' } });
  for (let id = 1; id <= 100; id++) present(id, `Name ${id}`);
  const changed = new Listeners<[ids: readonly number[]]>();
  let reads = 0;
  const session = {
    me: { id: 'me' },
    room: { awareness: { clientID: 0, getStates: () => ((reads += 1), states) } },
    onPresence: (callback: (ids: readonly number[]) => void) => changed.add(callback),
    onReplaced: () => () => undefined,
  } as unknown as Session;
  const people = new People(session, { id: 'me', name: 'Me' } as unknown as Me);
  people.take(part);
  const shown: (string | null)[] = [];
  const show = (): (() => void) =>
    $effect.root(() => {
      $effect(() => {
        for (let n = 0; n < 1_000; n++) void people.nameOf('u50');
        shown.push(people.nameOf('u7'));
      });
    });
  let stop = show();
  flushSync();
  expect([shown, people.nameOf('stranger'), reads]).toEqual([['Name 7'], null, 1]);
  present(7, 'Renamed');
  changed.tell([7]);
  flushSync();
  expect([shown, reads]).toEqual([['Name 7', 'Renamed'], 3]); // Once to see what has changed.
  // Nobody shows names for a while.
  stop();
  await Promise.resolve();
  await Promise.resolve();
  present(7, 'Again');
  changed.tell([7]);
  stop = show();
  flushSync();
  expect(shown.at(-1)).toBe('Again');
  stop();
});

it('nobody is listed until the code that reads presence is there, and then everybody who is here', () => {
  const states = new Map<number, unknown>([[1, { user: { id: 'u1', name: 'Ana' } }]]);
  const session = {
    me: { id: 'me' },
    room: { awareness: { clientID: 0, getStates: () => states } },
    onPresence: () => () => undefined,
    onReplaced: () => () => undefined,
  } as unknown as Session;
  const people = new People(session, { id: 'me', name: 'Me' } as unknown as Me);
  const shown: unknown[] = [];
  const stop = $effect.root(() => {
    $effect(() => void shown.push([people.areKnown, people.list.map(({ name }) => name), people.nameOfClient(1)]));
  });
  flushSync();
  people.take(part);
  flushSync();
  stop();
  expect(shown).toEqual([
    [false, [], null],
    [true, ['Me', 'Ana'], 'Ana'],
  ]);
});
