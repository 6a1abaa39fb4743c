import type { ChatMessage } from '@wetink/board';
import { flushSync } from 'svelte';
import { expect, it } from 'vitest';
import type { OlderAnswer } from '../account/history-api.ts';
import { OlderChat } from './older-chat.svelte.ts';
import { followWanted } from './wanted-message.svelte.ts';

const message = (id: string): ChatMessage => ({ id, text: id }) as ChatMessage;

function setup({ answers = [] as OlderAnswer[], movedCount = 0 } = {}) {
  const shown: string[] = [];
  const said: string[] = [];
  const older = new OlderChat({ movedCount: () => movedCount, load: () => Promise.resolve(answers.shift()!), edited: (all) => all });
  const world = $state({ wanted: null as string | null, isKnown: true, document: ['new'] });
  const messages = $derived(older.with(world.document.map(message)));
  const stop = $effect.root(() =>
    followWanted({
      chat: world,
      older,
      get messages() {
        return messages;
      },
      get isKnown() {
        return world.isKnown;
      },
      isReady: true,
      show: (id) => void shown.push(id),
      add: (put) => put(),
      say: (sentence) => void said.push(sentence),
    }),
  );
  const want = async (id: string): Promise<void> => {
    world.wanted = id;
    for (let n = 0; n < 20; n++) {
      flushSync();
      await Promise.resolve();
    }
  };
  return { world, want, shown, said, stop };
}

it('a message of the document is shown; one that has yet to arrive is waited for', async () => {
  const { world, want, shown, said, stop } = setup();
  await want('new');
  expect([shown, world.wanted]).toEqual([['new'], null]);
  world.isKnown = false;
  await want('newer');
  expect([shown, world.wanted, said]).toEqual([['new'], 'newer', []]);
  world.document = ['new', 'newer'];
  flushSync();
  expect([shown, world.wanted]).toEqual([['new', 'newer'], null]);
  stop();
});

it('one that has left the document is loaded and shown', async () => {
  const answers: OlderAnswer[] = [
    { kind: 'page', messages: [message('c')], next: '~1' },
    { kind: 'page', messages: [message('a'), message('b')], next: null },
  ];
  const { world, want, shown, said, stop } = setup({ answers, movedCount: 3 });
  await want('b');
  expect([shown, world.wanted, said]).toEqual([['b'], null, []]);
  stop();
});

it('one that is gone, or that can’t be looked for now, is said to be', async () => {
  const gone = setup({ answers: [{ kind: 'page', messages: [message('a')], next: null }], movedCount: 1 });
  await gone.want('x');
  expect([gone.shown, gone.world.wanted, gone.said]).toEqual([[], null, ['This message is not in the chat any more.']]);
  gone.stop();
  const cut = setup({ answers: [{ kind: 'unreachable' }], movedCount: 1 });
  await cut.want('x');
  expect([cut.world.wanted, cut.said]).toEqual([null, ['This message was not found. The server can’t be reached. Try again.']]);
  cut.stop();
});

it('with the list closed, nothing is looked for any more', async () => {
  const { world, want, said, stop } = setup({ answers: [{ kind: 'page', messages: [], next: '~1' }], movedCount: 1 });
  world.isKnown = false;
  await want('x');
  world.isKnown = true;
  flushSync();
  stop();
  await Promise.resolve();
  expect([world.wanted, said]).toEqual([null, []]);
});

it('one that is not found within the pages of a search is said to be older, or gone', async () => {
  const answers = Array.from({ length: 41 }, (_, n): OlderAnswer => ({ kind: 'page', messages: [message(`p${n}`)], next: `~${n}` }));
  const { world, want, said, stop } = setup({ answers, movedCount: 1_000 });
  await want('x');
  for (let n = 0; n < 20; n++) await new Promise((resolve) => setTimeout(resolve));
  expect([world.wanted, said, answers.length]).toEqual([null, [expect.stringMatching(/older still, or not in the chat/)], 1]);
  stop();
});
