/** Messages and elements over HTTP, on a whole relay, with pages that have the board open. */

import { readFileSync } from 'node:fs';
import { openLmdbStore } from '@wetink/storage/lmdb';
import { chatMessages, openChat, postMessage, type ChatMessage } from '@wetink/board';
import { until, type ApiAnswer } from '@wetink/relay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Page } from '../testing/page.ts';
import { TestService } from '../testing/service.ts';

interface Message {
  id: string;
  user: { id: string; name: string };
  text: string;
  about: string | null;
}
interface MessagePage {
  messages: Message[];
  total: number;
  next: string | null;
  hasMore: boolean;
}

let service: TestService;
let ana: { token: string; id: string };
let board: string;
let pages: Page[] = [];

beforeEach(() => (service = new TestService()));
afterEach(async () => {
  for (const page of pages) page.close();
  pages = [];
  await service.dispose();
});

async function start(env: Record<string, string> = {}): Promise<void> {
  await service.start({ WETINK_AUTH: 'guests', ...env });
  ana = await service.guest('Ana');
  board = await service.board(ana.token);
}

async function open(user = ana): Promise<Page> {
  const page = new Page(service.origin, board, user);
  pages.push(page);
  await until(() => page.isSynced, 'the page');
  return page;
}

/** A guest who joined the board by a link. */
async function joined(role: 'viewer' | 'editor', name: string = role): Promise<{ token: string; id: string }> {
  const user = await service.guest(name);
  const { body } = await service.post(`/v1/boards/${board}/links`, ana.token, { role });
  await service.post(`/v1/boards/${board}/join`, user.token, { link: body.link.key });
  return user;
}

const post = (kind: 'messages' | 'elements', body: unknown, token: string | null = ana.token, key?: string): Promise<ApiAnswer> =>
  service.post(`/v1/boards/${board}/${kind}`, token, body, key === undefined ? {} : { 'idempotency-key': key });
const answerOf = <T>({ body }: ApiAnswer): T => body as unknown as T;
const codeOf = ({ status, body }: ApiAnswer): [number, string | undefined] => [status, body.error?.code];
const read = (query = '', token = ana.token): Promise<ApiAnswer> => service.call('GET', `/v1/boards/${board}/messages${query}`, token);

describe('messages', () => {
  it('a message is in the chat of an open page when the call is answered, under the user’s id and name', async () => {
    await start();
    const page = await open();
    const answer = await post('messages', { text: ' Build 12 is green ' });
    expect(answer.status).toBe(201);
    const { message } = answerOf<{ message: Message }>(answer);
    expect(message).toMatchObject({ user: { id: ana.id, name: 'Ana' }, text: 'Build 12 is green', about: null, file: null });
    await until(() => openChat(page.board).messages().length === 1, 'the message');
    expect(openChat(page.board).messages()[0]).toMatchObject({ id: message.id, userId: ana.id, name: 'Ana', text: 'Build 12 is green' });
    openChat(page.board).send('thanks', 'Ana');
    await until(() => page.isSaved, 'the answer to be saved');
    expect(answerOf<MessagePage>(await read()).messages.map(({ text }) => text)).toEqual(['Build 12 is green', 'thanks']);
  });

  it('a call that is repeated with its key adds nothing; a key with another text, or of another user, is another matter', async () => {
    await start();
    const ben = await joined('editor', 'Ben');
    const [first, again] = [
      await post('messages', { text: 'once' }, ana.token, 'a1'),
      await post('messages', { text: 'once' }, ana.token, 'a1'),
    ];
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    expect(codeOf(await post('messages', { text: 'twice' }, ana.token, 'a1'))).toEqual([409, 'key_reused']);
    expect((await post('messages', { text: 'once' }, ben.token, 'a1')).status).toBe(201);
    await service.start({ WETINK_AUTH: 'guests' });
    expect((await post('messages', { text: 'once' }, ana.token, 'a1')).status).toBe(200);
    expect(answerOf<MessagePage>(await read()).messages.map(({ user }) => user.name)).toEqual(['Ana', 'Ben']);
    const both = await Promise.all([1, 2].map(() => post('messages', { text: 'at once' }, ana.token, 'a2')));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 201]);
  });

  it('pages go from the newest message to the oldest', async () => {
    await start({ WETINK_LIMIT_USER_POSTS: '1000' });
    for (let i = 0; i < 55; i++) await post('messages', { text: `m${i}` });
    const viewer = await joined('viewer');
    const first = answerOf<MessagePage>(await read('', viewer.token));
    expect([first.messages.length, first.messages[0]?.text, first.messages.at(-1)?.text]).toEqual([50, 'm5', 'm54']);
    expect([first.total, first.hasMore, first.next]).toEqual([55, true, first.messages[0]?.id]);
    const second = answerOf<MessagePage>(await read(`?before=${first.next}&limit=3`));
    expect([second.messages.map(({ text }) => text), second.hasMore]).toEqual([['m2', 'm3', 'm4'], true]);
    const last = answerOf<MessagePage>(await read(`?before=${second.next}&limit=3`));
    expect([last.messages.map(({ text }) => text), last.hasMore, last.next]).toEqual([['m0', 'm1'], false, null]);
    for (const query of ['?limit=0', '?limit=101', '?limit=x', '?limit=-1', '?before=nobody', '?before='])
      expect(codeOf(await read(query))).toEqual([400, 'query_invalid']);
  });

  it('older messages than a document keeps move to the history, and pages go on there without a gap or a double', async () => {
    await start({ WETINK_LIMIT_USER_POSTS: '1000', WETINK_CHAT_MESSAGES: '20' });
    const page = await open();
    const say = (text: string): unknown => postMessage(page.doc, { id: `p.${text}`, userId: ana.id, name: 'Ana', text, at: 5 });
    const shown = (): readonly ChatMessage[] => chatMessages(page.doc);
    page.doc.getArray('chat').push([{ i: 'p.m0', u: ana.id, n: 'Ana', t: 'm0', d: 5, v: [1, 2, 30, 40] }]);
    for (let i = 1; i < 30; i++) say(`m${i}`);
    await until(() => page.isSaved, 'the messages to be saved');
    const [key, late] = ['k1', 'n30'];
    expect((await post('messages', { text: late }, ana.token, key)).status).toBe(201);
    const texts = [...Array.from({ length: 30 }, (_, i) => `m${i}`), late];
    const all = async (limit: number): Promise<string[]> => {
      const found: string[] = [];
      for (let next: string | null = ''; next !== null;) {
        const answer: MessagePage = answerOf(await read(`?limit=${limit}${next === '' ? '' : `&before=${encodeURIComponent(next)}`}`));
        expect([answer.total, answer.hasMore]).toEqual([31, answer.next !== null]);
        found.unshift(...answer.messages.map(({ text }) => text));
        next = answer.next;
      }
      return found;
    };
    const wanted = [7, 100].map(() => texts);
    while (shown().length > 20) expect([await all(7), await all(100)]).toEqual(wanted);
    expect([await all(7), await all(100), await all(20)]).toEqual([...wanted, texts]);
    const views = answerOf<{ messages: { text: string; view: unknown }[] }>(await read('?limit=100')).messages.slice(0, 2);
    expect(views.map(({ view }) => view)).toEqual([{ x: 1, y: 2, w: 30, h: 40 }, null]);
    const oldest = shown()[0]!.id;
    const older = answerOf<MessagePage>(await read(`?before=${oldest}&limit=5`));
    expect(older.messages.map(({ text }) => text)).toEqual(['m6', 'm7', 'm8', 'm9', 'm10']);
    const moved = answerOf<MessagePage>(await read(`?before=${older.messages[2]!.id}&limit=2`));
    expect(moved.messages.map(({ text }) => text)).toEqual(['m6', 'm7']);
    for (const before of ['~0.99999', '~5.0', '~', '~0', '~0.0x'])
      expect(codeOf(await read(`?before=${encodeURIComponent(before)}`))).toEqual([400, 'query_invalid']);
    for (let i = 0; i < 25; i++) say(`later${i}`);
    await until(() => page.isSaved, 'the messages to be saved');
    await until(() => shown()[0]?.text !== 'm11', 'the next move', 10_000);
    const again = await post('messages', { text: late }, ana.token, key);
    expect([again.status, shown().some(({ text }) => text === late)]).toEqual([200, false]);
    expect(answerOf<MessagePage>(await read()).total).toBe(56);
    await service.start({ WETINK_AUTH: 'guests', WETINK_CHAT_MESSAGES: '20' });
    expect((await service.call('DELETE', `/v1/boards/${board}`, ana.token)).status).toBe(200);
    await service.stop();
    const store = await openLmdbStore({ folder: service.folder });
    expect(await store.records.list({ prefix: 'chat/', limit: 10 })).toEqual([]);
    await store.close();
  });

  it('30 messages a minute; the next answer says in how many seconds', async () => {
    await start();
    for (let i = 0; i < 30; i++) expect((await post('messages', { text: 'm' })).status).toBe(201);
    const refused = await post('messages', { text: 'm' });
    expect(codeOf(refused)).toEqual([429, 'rate_limited']);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds > 0 && seconds <= 60).toBe(true);
    expect(refused.body.error.message).toContain(`${seconds} s`);
    expect((await post('elements', { elements: [{ kind: 'text', x: 0, y: 0, text: 'note' }] })).status).toBe(201);
    expect(answerOf<MessagePage>(await read()).total).toBe(30);
  });
});

describe('elements', () => {
  const all = [
    { kind: 'text', x: 0, y: 0, text: 'Hello\nboard', color: 'blue', fontSize: 32, font: 'hand' },
    { kind: 'rectangle', x: 10, y: 20, w: 300, h: 200, fill: 'yellow', opacity: 0.5, rotation: 0.1, alt: 'a frame' },
    { kind: 'ellipse', x: 0, y: 0, w: 10, h: 10, color: '#ff8800' },
    { kind: 'star', x: 5, y: 5, w: 40, h: 40, dash: 'dotted', corners: 'round' },
    { kind: 'line', from: [0, 0], to: [100, -50], width: 2 },
    { kind: 'arrow', from: [5, 5], to: [50, 50] },
    { kind: 'stroke', points: [[0, 0], [10, 5], [20, 40]] }, // prettier-ignore
    { kind: 'stroke', points: [[0, 0, 0.1], [10, 5, 1]], color: 'red' }, // prettier-ignore
    { kind: 'arrow', points: [[0, 0], [80, 0], [80, 40]], corners: 'round', startHead: 'dot', endHead: 'diamond' }, // prettier-ignore
  ];

  it('an open page shows them in order, as one step that the user undoes there', async () => {
    await start();
    const page = await open();
    const answer = await post('elements', { elements: all });
    expect(answer.status).toBe(201);
    const ids = answerOf<{ elements: { id: string }[] }>(answer).elements.map(({ id }) => id);
    await until(() => page.board.count === all.length, 'the elements');
    const shown = page.board.elements();
    expect(shown.map(({ id }) => id)).toEqual(ids);
    expect(shown.map(({ kind }) => kind)).toEqual(all.map(({ kind }) => kind));
    expect(shown.every(({ author }) => author === ana.id)).toBe(true);
    expect(shown[0]).toMatchObject({ text: 'Hello\nboard', style: { color: 'blue', fontSize: 32, font: 'hand' } });
    expect(shown[1]).toMatchObject({
      geometry: { x: 10, y: 20, w: 300, h: 200, rotation: 0.1 },
      style: { fill: 'yellow' },
      alt: 'a frame',
    });
    expect(shown[3]).toMatchObject({ kind: 'star', style: { dash: 'dotted', corners: 'round' } });
    expect(shown[4]?.geometry).toMatchObject({ x: 0, y: 0, w: 100, h: -50 });
    expect(shown[6]?.geometry).toMatchObject({ x: 0, y: 0, w: 20, h: 40 });
    expect(shown[8]).toMatchObject({
      geometry: { x: 0, y: 0, w: 80, h: 40 },
      points: [0, 0, 1, 0, 1, 1],
      style: { corners: 'round', startHead: 'dot', endHead: 'diamond' },
    });
    const sheet = page.board.run((edit) => edit.addPage());
    expect((await post('elements', { elements: [{ kind: 'text', x: 0, y: 0, text: 'there', page: sheet }] })).status).toBe(201);
    await until(() => page.board.countOn(sheet) === 1, 'the element on its page');
    expect(page.board.undo().isDone && page.board.undo().isDone).toBe(true);
    expect(page.board.nameOf(ana.id)).toBe('Ana');
    expect(page.board.undo().isDone).toBe(true);
    expect(page.board.count).toBe(0);
    expect(page.board.redo().isDone).toBe(true);
    expect(page.board.count).toBe(all.length);
  });

  it('the pages of a board are listed in order, for everyone with a role and no one else, and elements go on each of them', async () => {
    await start();
    const list = (token: string | null = ana.token): Promise<ApiAnswer> => service.call('GET', `/v1/boards/${board}/pages`, token);
    const listed = async (): Promise<{ id: string }[]> => answerOf<{ pages: { id: string }[] }>(await list()).pages;
    expect((await list()).body).toEqual({ pages: [{ id: '', name: '', elements: 0 }] });
    const page = await open();
    const sheet = page.board.run((edit) => edit.addPage({ name: '<b>Plan</b>' }));
    page.board.run((edit) => edit.renamePage('' as never, 'First'));
    const before = page.board.doc.getMap('base').size;
    await expect.poll(async () => (await listed()).length).toBe(2);
    const [first, second] = await listed();
    for (const { id } of [first, second, second] as { id: string }[])
      expect((await post('elements', { elements: [{ kind: 'text', x: 0, y: 0, text: 'x', page: id }] })).status).toBe(201);
    const viewer = await joined('viewer');
    expect((await list(viewer.token)).body).toEqual({
      pages: [
        { id: '', name: 'First', elements: 1 },
        { id: sheet, name: '<b>Plan</b>', elements: 2 },
      ],
    });
    // Listing writes nothing.
    await until(() => page.board.doc.getMap('base').size === before + 3, 'the elements');
    expect(codeOf(await list((await service.guest('Out')).token))).toEqual([404, 'board_not_found']);
    expect((await list(null)).status).toBe(401);
  });

  it('a frame holds those that name its place, with its title', async () => {
    await start();
    const page = await open();
    const box = { w: 40, h: 30 };
    const frames = [
      { kind: 'frame', x: 0, y: 0, w: 400, h: 300, title: 'Plan' },
      { kind: 'frame', x: 10, y: 10, w: 200, h: 200, frame: 0 },
      { kind: 'rectangle', x: 20, y: 20, ...box, frame: 1 },
      { kind: 'rectangle', x: 600, y: 20, ...box },
    ];
    expect((await post('elements', { elements: frames })).status).toBe(201);
    await until(() => page.board.count === frames.length, 'the elements');
    const shown = page.board.elements();
    expect(shown.map(({ kind, text, frame }) => [kind, text, shown.findIndex(({ id }) => id === frame)])).toEqual([
      ['frame', 'Plan', -1],
      ['frame', '', 0],
      ['rectangle', '', 1],
      ['rectangle', '', -1],
    ]);
  });

  it('another user’s undo does not reach them', async () => {
    await start();
    const page = await open(await joined('editor', 'Ben'));
    await post('elements', { elements: all });
    await until(() => page.board.count === all.length, 'the elements');
    expect([page.board.canUndo, page.board.undo().isDone]).toEqual([false, false]);
  });

  it('a call that is repeated with its key draws nothing, not even what was undone', async () => {
    await start();
    const page = await open();
    const first = await post('elements', { elements: all }, ana.token, 'k');
    await until(() => page.board.count === all.length, 'the elements');
    page.board.undo();
    const again = await post('elements', { elements: all }, ana.token, 'k');
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(page.board.count).toBe(0);
    expect(codeOf(await post('elements', { elements: all.slice(1) }, ana.token, 'k'))).toEqual([409, 'key_reused']);
  });

  it('a message can be about one of them', async () => {
    await start();
    const page = await open();
    const [id] = answerOf<{ elements: { id: string }[] }>(await post('elements', { elements: [all[1]] })).elements.map((one) => one.id);
    expect((await post('messages', { text: 'look', about: id })).status).toBe(201);
    await until(() => openChat(page.board).messages()[0]?.about === id, 'the message');
    expect(codeOf(await post('messages', { text: 'look', about: 'no id' }))).toEqual([400, 'body_invalid']);
  });
});

describe('who may', () => {
  it('viewers read and add nothing; strangers and callers without a token learn nothing; a removed editor adds nothing more', async () => {
    await start();
    const [viewer, editor, stranger] = [await joined('viewer'), await joined('editor'), await service.guest('Eve')];
    await post('messages', { text: 'secret' });
    for (const [kind, body] of [
      ['messages', { text: 'x' }],
      ['elements', { elements: [{ kind: 'text', x: 0, y: 0, text: 'x' }] }],
    ] as const) {
      // prettier-ignore
      expect(codeOf(await post(kind, body, viewer.token))).toEqual([403, 'read_only']);
      expect(codeOf(await post(kind, body, stranger.token))).toEqual([404, 'board_not_found']);
      expect(codeOf(await post(kind, body, null))).toEqual([401, 'token_missing']);
      expect((await post(kind, body, editor.token)).status).toBe(201);
    }
    expect((await read('', viewer.token)).status).toBe(200);
    const hidden = await read('', stranger.token);
    expect([codeOf(hidden), hidden.text.includes('secret')]).toEqual([[404, 'board_not_found'], false]);
    const nowhere = await service.call('GET', `/v1/boards/${'A'.repeat(22)}/messages`, stranger.token);
    expect(hidden.text).toBe(nowhere.text);
    await service.call('PUT', `/v1/boards/${board}/members/${encodeURIComponent(editor.id)}`, ana.token, { role: 'none' });
    expect(codeOf(await post('messages', { text: 'x' }, editor.token))).toEqual([404, 'board_not_found']);
    expect((await service.call('DELETE', `/v1/boards/${board}`, ana.token)).status).toBe(200);
    expect(codeOf(await post('messages', { text: 'x' }))).toEqual([404, 'board_not_found']);
  });

  it('bad bodies are refused with a sentence, and change nothing', async () => {
    await start({ WETINK_LIMIT_USER_POSTS: '10000' });
    const page = await open();
    const bad: [kind: 'messages' | 'elements', body: unknown][] = [
      ...[{}, { text: '' }, { text: ' \n' }, { text: 5 }, { text: 'x'.repeat(4_001) }, { text: '\ud800' }, { text: 'a', name: 'Eve' }, [], 'text', { text: 'a', about: 7 }].map((body) => ['messages', body] as ['messages', unknown]), // prettier-ignore
      ...[{}, { elements: {} }, { elements: [] }, { elements: all101() }, { elements: [all()[0]], x: 1 }].map((body) => ['elements', body] as ['elements', unknown]), // prettier-ignore
      ...[
        null, 'text', [], {}, { kind: 'image' }, { kind: '__proto__' }, { kind: 'text', x: 0, y: 0 }, { kind: 'text', x: 0, y: 0, text: ' ' },
        { kind: 'text', x: 1e7, y: 0, text: 'x' }, { kind: 'text', x: '0', y: 0, text: 'x' }, { kind: 'text', x: 0, y: 0, text: 'x', author: 'Eve' },
        { kind: 'text', x: 0, y: 0, text: 'x', fontSize: -1 }, { kind: 'rectangle', x: 0, y: 0, w: 0, h: 5 }, { kind: 'rectangle', x: 0, y: 0, w: 5 },
        { kind: 'rectangle', x: 0, y: 0, w: 5, h: 5, color: 'url(x)' }, { kind: 'rectangle', x: 0, y: 0, w: 5, h: 5, width: 1e9 }, { kind: 'cloud', x: 0, y: 0, w: 5, h: 5, corners: 'round' }, { kind: 'line', from: [0, 0], to: [1, 1], dash: 'wavy' },
        { kind: 'rectangle', x: 0, y: 0, w: 5, h: 5, rotation: 100 }, { kind: 'text', x: 0, y: 0, text: 'x', page: '../1' }, { kind: 'rectangle', x: 0, y: 0, w: 5, h: 5, alt: 'x'.repeat(1_001) },
        { kind: 'frame', x: 0, y: 0, w: 5, h: 5, title: 'x'.repeat(201) }, { kind: 'frame', x: 0, y: 0, w: 5, h: 5, frame: 0 }, { kind: 'text', x: 0, y: 0, text: 'x', frame: 1 },
        { kind: 'line', from: [0, 0], to: [0, 0] }, { kind: 'line', from: [0], to: [1, 1] }, { kind: 'arrow', from: [0, 0] },
        { kind: 'arrow', points: [[0, 0]] }, { kind: 'arrow', points: [[0, 0], [0, 0]] }, { kind: 'line', points: [[0, 0], [1, 1]], from: [0, 0] },
        { kind: 'line', points: [[0, 0], [1, 1, 1]] }, { kind: 'line', from: [0, 0], to: [1, 1], endHead: 'crown' },
        { kind: 'stroke', points: [] }, { kind: 'stroke', points: [[0, 0], [1, 1, 1]] }, { kind: 'stroke', points: [[0, null]] },
        { kind: 'stroke', points: Array.from({ length: 10_001 }, () => [1, 1]) }, { kind: 'stroke', points: [[0, 0, 2]] },
      ].map((one) => ['elements', { elements: [all()[0], one] }] as ['elements', unknown]), // prettier-ignore
    ];
    for (const [kind, body] of bad) {
      const answer = await post(kind, body);
      expect([JSON.stringify(body).slice(0, 80), ...codeOf(answer)]).toEqual([JSON.stringify(body).slice(0, 80), 400, 'body_invalid']);
      expect(answer.body.error.message.length).toBeLessThan(200);
    }
    expect(codeOf(await post('messages', { text: 'x'.repeat(40_000) }))).toEqual([413, 'body_too_large']);
    expect(codeOf(await post('elements', { elements: 'x'.repeat(300_000) }))).toEqual([413, 'body_too_large']);
    for (const key of ['k'.repeat(201), 'a b'])
      expect(codeOf(await post('messages', { text: 'x' }, ana.token, key))).toEqual([400, 'body_invalid']);
    expect((await service.call('DELETE', `/v1/boards/${board}/messages`, ana.token)).status).toBe(405);
    expect((await post('messages', { text: 'x'.repeat(4_000) })).status).toBe(201);
    await until(() => openChat(page.board).messages().length === 1, 'the only message');
    expect(page.board.count).toBe(0);
  });
});

it('the examples of the README run', async () => {
  await start();
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const examples = [...readme.matchAll(/^\s+curl \$RELAY\/v1\/boards\/\$BOARD\/(messages|elements) .*? -d '(.*)'$/gm)];
  expect(examples.map(([, kind]) => kind)).toEqual(['messages', 'elements']);
  for (const [, kind, body] of examples) expect((await post(kind as 'messages', body)).status).toBe(201);
});

function all(): object[] {
  return [{ kind: 'text', x: 0, y: 0, text: 'good' }];
}

function all101(): object[] {
  return Array.from({ length: 101 }, () => ({ kind: 'text', x: 0, y: 0, text: 'good' }));
}
