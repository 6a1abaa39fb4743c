import { dropMoved, oldestChat, openChat, type ChatMessage } from '@wetink/board';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { messagesIn, sentAmong, unsentMessages, unsentWords } from './unsent-messages.ts';

/** A chat of Ana's and Ben's that the server has, and the document of Ana's page, which the server refused. */
function setup() {
  const [current, kept] = [new Y.Doc(), new Y.Doc()];
  const wall = { now: 1_000 };
  const as = (doc: Y.Doc, userId: string) => openChat({ doc, userId, now: () => (wall.now += 3_000) });
  const first = as(current, 'ana').send('first', 'Ana');
  as(current, 'ben').send('second', 'Ben');
  Y.applyUpdate(kept, Y.encodeStateAsUpdate(current));
  const history: ChatMessage[] = [];
  const asked: string[] = [];
  return {
    current,
    kept,
    first,
    ana: as(kept, 'ana'),
    as,
    history,
    asked,
    /** The server moves all but the newest messages. */
    move(keep: number) {
      const { oldest } = oldestChat(current, new Set(), keep, 99)!;
      const here = messagesIn(current);
      for (const { id } of oldest) history.push(here.get(id) as ChatMessage);
      dropMoved(
        current,
        history.length - oldest.length,
        oldest.map(({ id }) => ({ id, isSettled: false })),
      );
    },
    ask(before: string) {
      asked.push(before);
      const all = [...history, ...messagesIn(current).values()];
      const at = all.findIndex(({ id }) => id === before);
      return Promise.resolve(at < 0 ? { kind: 'unknown' } : { kind: 'page' as const, messages: all.slice(Math.max(0, at - 50), at) });
    },
  };
}
const textsOf = (messages: readonly { text: string }[]): string[] => messages.map(({ text }) => text);

it('unsent are messages that the document lacks, and those that were changed', () => {
  const { current, kept, first, ana, as } = setup();
  ana.edit(first, 'first, changed');
  ana.send('third', 'Ana');
  expect(textsOf(unsentWords(messagesIn(current), kept))).toEqual(['first, changed', 'third']);
  const there = as(current, 'ana');
  there.edit(first, 'changed elsewhere since');
  there.send('third', 'Ana');
  expect(unsentWords(messagesIn(current), kept)).toEqual([]);
});

it('a message that was sent again stands for one message, and not for another with the same words', () => {
  const { current, kept, ana, as } = setup();
  ana.send('ok', 'Ana');
  ana.send('ok', 'Ana');
  as(current, 'ben').send('ok', 'Ben');
  expect(unsentMessages(messagesIn(current), kept)).toHaveLength(2);
  as(current, 'ana').send('ok', 'Ana');
  expect(unsentMessages(messagesIn(current), kept)).toHaveLength(1);
  // An older message of the copy with these words is no repetition.
  const [two, three] = [setup(), setup()];
  two.as(two.current, 'ana').send('ok', 'Ana');
  Y.applyUpdate(three.kept, Y.encodeStateAsUpdate(two.current));
  three.ana.send('ok', 'Ana');
  expect(textsOf(unsentMessages(messagesIn(two.current), three.kept))).toContain('ok');
});

it('messages that moved to the history since were sent, and the history is asked once for each page', async () => {
  const { current, kept, ana, as, move, ask, asked } = setup();
  ana.send('third', 'Ana');
  for (let n = 0; n < 60; n++) as(current, 'ben').send(`later ${n}`, 'Ben');
  move(1);
  const sent = await sentAmong(current, kept, ask);
  expect(textsOf(unsentMessages(sent!, kept))).toEqual(['third']);
  expect(asked).toHaveLength(2);
});

it('a chat of which nothing has moved needs no answer, and while the history does not answer nothing is known', async () => {
  const { current, kept, ana, ask, asked, move, as } = setup();
  ana.send('third', 'Ana');
  expect((await sentAmong(current, kept, ask))?.size).toBe(2);
  expect(asked).toEqual([]);
  as(current, 'ben').send('later', 'Ben');
  move(1);
  expect(await sentAmong(current, kept, () => Promise.resolve({ kind: 'unreachable' }))).toBeNull();
});

it('an edit of a message that moved is unsent unless the history has it', async () => {
  const { current, kept, first, ana, as, move, ask, history } = setup();
  ana.edit(first, 'first, changed');
  as(current, 'ben').send('later', 'Ben');
  move(1);
  expect(textsOf(unsentWords((await sentAmong(current, kept, ask))!, kept))).toEqual(['first, changed']);
  history[0] = { ...history[0]!, text: 'first, changed', editedAt: 1e6 };
  expect(unsentWords((await sentAmong(current, kept, ask))!, kept)).toEqual([]);
});

it('an edit of the newest message of the copy is unsent where the history says only that the message is there', async () => {
  const { current, kept, as, move, ask } = setup();
  const last = as(current, 'ana').send('last', 'Ana');
  Y.applyUpdate(kept, Y.encodeStateAsUpdate(current));
  as(kept, 'ana').edit(last, 'last, changed');
  as(current, 'ben').send('later', 'Ben');
  move(1);
  expect(textsOf(unsentWords((await sentAmong(current, kept, ask))!, kept))).toEqual(['last, changed']);
});

it('a history that leads nowhere is not asked for ever', async () => {
  const { current, kept, ana } = setup();
  for (let n = 0; n < 300; n++) openChat({ doc: kept, userId: 'ana', now: () => 90_000 * n }).send(`number ${n}`, 'Ana');
  ana.close();
  current.getMap('meta').set('moved', 1e9);
  let asked = 0;
  const answer = await sentAmong(current, kept, () => (asked++, Promise.resolve({ kind: 'unknown' })));
  expect([answer, asked]).toEqual([null, 200]);
});
