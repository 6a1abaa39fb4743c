/** Reading an inbox by HTTP: pages, long polls and event streams, their bounds and their end. */

import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { until, type ApiAnswer } from '@wetink/relay/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestService } from '../testing/service.ts';

interface Guest {
  token: string;
  id: string;
}
interface Inbox {
  notifications: { id: string; text: string; isRead: boolean }[];
  next: string;
  hasMore: boolean;
  unread: number;
}

let service: TestService;
let [ana, ben]: [Guest, Guest] = [
  { token: '', id: '' },
  { token: '', id: '' },
];
let streams: Stream[] = [];

beforeEach(async () => {
  service = new TestService();
  await service.start({ WETINK_AUTH: 'guests' });
  [ana, ben] = [await service.guest('Ana'), await service.guest('Ben')];
  // A user is known from their first call on.
  await service.call('GET', '/v1/me', ben.token);
});

afterEach(async () => {
  for (const stream of streams) stream.close();
  streams = [];
  await service.dispose();
});

/** Ana invites Ben to another board, which makes one notification. */
async function invite(): Promise<void> {
  const board = await service.board(ana.token);
  await service.call('PUT', `/v1/boards/${board}/members/${encodeURIComponent(ben.id)}`, ana.token, { role: 'viewer' });
}

const read = (query = '', token = ben.token): Promise<ApiAnswer> => service.call('GET', `/v1/notifications${query}`, token);
const inboxIn = ({ body }: ApiAnswer): Inbox => body as unknown as Inbox;
const codeOf = ({ status, body }: ApiAnswer): [number, string | undefined] => [status, body.error?.code];

/** An event stream as a program reads it. */
class Stream {
  readonly events: { id: string; event: string; data: { id: string; text: string } }[] = [];
  isEnded = false;
  #answer: IncomingMessage | null = null;
  #text = '';

  async open(token: string, lastEventId?: string): Promise<number> {
    streams.push(this);
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    };
    const [answer] = (await once(get(`${service.origin}/v1/notifications`, { headers }), 'response')) as [IncomingMessage];
    this.#answer = answer;
    answer.setEncoding('utf8');
    answer.on('data', (chunk: string) => this.#take(chunk));
    answer.on('close', () => (this.isEnded = true));
    answer.on('error', () => undefined);
    return answer.statusCode ?? 0;
  }

  get ids(): string[] {
    return this.events.map(({ data }) => data.id);
  }

  close(): void {
    this.#answer?.destroy();
  }

  #take(chunk: string): void {
    this.#text += chunk;
    const blocks = this.#text.split('\n\n');
    this.#text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => [line.split(': ', 1)[0] ?? '', line.slice(line.indexOf(': ') + 2)]));
      if (fields.has('data'))
        this.events.push({
          id: fields.get('id') ?? '',
          event: fields.get('event') ?? '',
          data: JSON.parse(fields.get('data') ?? '') as never,
        });
    }
  }
}

it('pages go on where the last one ended, and reading marks agree with the inbox', async () => {
  for (let i = 0; i < 3; i++) await invite();
  const newest = inboxIn(await read('?limit=2'));
  expect([newest.notifications.length, newest.unread, newest.hasMore]).toEqual([2, 3, false]);
  await invite();
  const after = inboxIn(await read(`?since=${newest.next}`));
  expect(after.notifications).toMatchObject([{ kind: 'invitation', text: 'invited you to view', isRead: false, from: { name: 'Ana' } }]);
  const [first] = after.notifications;
  expect(inboxIn(await service.post('/v1/notifications/read', ben.token, { ids: [first?.id] })).unread).toBe(3);
  expect(inboxIn(await service.post('/v1/notifications/read', ben.token, { all: true })).unread).toBe(0);
  expect(inboxIn(await read()).notifications.every(({ isRead }) => isRead)).toBe(true);
  expect(inboxIn(await read('', ana.token))).toMatchObject({ notifications: [], unread: 0, next: '' });
});

it('a long poll waits until there is news, or its time is over', async () => {
  const { next } = inboxIn(await read());
  const waiting = read(`?since=${next}&wait=20`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await invite();
  expect(inboxIn(await waiting).notifications).toHaveLength(1);
  const startedAtMs = performance.now();
  const { next: last } = inboxIn(await read());
  expect(inboxIn(await read(`?since=${last}&wait=1`)).notifications).toEqual([]);
  expect(performance.now() - startedAtMs).toBeGreaterThan(900);
});

it('an event stream sends what comes, and goes on by its last id with nothing missed and nothing twice', async () => {
  await invite();
  const stream = new Stream();
  expect(await stream.open(ben.token)).toBe(200);
  await until(() => stream.events.length === 1, 'the first event');
  await invite();
  await until(() => stream.events.length === 2, 'the second event');
  expect(stream.events[1]).toMatchObject({ event: 'notification', data: { text: 'invited you to view' } });
  stream.close();
  for (let i = 0; i < 3; i++) await invite();
  const second = new Stream();
  await second.open(ben.token, stream.events[1]?.id);
  await until(() => second.events.length === 3, 'what came meanwhile');
  await invite();
  await until(() => second.events.length === 4, 'the last event');
  expect(new Set([...stream.ids, ...second.ids]).size).toBe(6);
});

it('a relay that drains ends streams and long polls, and their clients go on with the next', async () => {
  const stream = new Stream();
  await stream.open(ben.token);
  await invite();
  await until(() => stream.events.length === 1, 'the event');
  const waiting = read(`?since=${stream.events[0]?.id ?? ''}&wait=25`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const startedAtMs = performance.now();
  const stopping = service.stop();
  await until(() => stream.isEnded, 'the stream to end');
  expect((await waiting).status).toBeLessThan(504);
  await stopping;
  expect(performance.now() - startedAtMs).toBeLessThan(5_000);
  await service.start({ WETINK_AUTH: 'guests' });
  await invite();
  const second = new Stream();
  await second.open(ben.token, stream.events[0]?.id);
  await until(() => second.events.length === 1, 'the event of the next relay');
});

it('streams and long polls of a suspended user end at once, and nothing more is sent to them', async () => {
  const operator = 'an-operator-token-of-this-test';
  await service.start({ WETINK_AUTH: 'guests', WETINK_ADMIN_TOKEN: operator });
  await invite();
  const stream = new Stream();
  await stream.open(ben.token);
  await until(() => stream.events.length === 1, 'the event');
  const waiting = read(`?since=${stream.events[0]?.id ?? ''}&wait=20`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const startedAtMs = performance.now();
  await service.post(`/v1/users/${encodeURIComponent(ben.id)}/suspend`, operator);
  expect(codeOf(await waiting)).toEqual([403, 'suspended']);
  await until(() => stream.isEnded, 'the stream to end');
  // A stream is checked every 10 s in any case, and the poll would end after 20.
  expect(performance.now() - startedAtMs).toBeLessThan(8_000);
  expect(stream.events).toHaveLength(1);
});

it('streams are bounded for a user, and refused without a token', async () => {
  const open = Array.from({ length: 20 }, () => new Stream());
  for (const stream of open) expect(await stream.open(ben.token)).toBe(200);
  expect(await new Stream().open(ben.token)).toBe(429);
  expect(codeOf(await read('?since=a.1&wait=1'))).toEqual([429, 'too_many_streams']);
  expect((await read()).status).toBe(200);
  open[0]?.close();
  await until(() => open[0]?.isEnded === true, 'one to end');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await new Stream().open(ben.token)).toBe(200);
  expect(await new Stream().open('x')).toBe(401);
  expect(codeOf(await read('', 'x'))).toEqual([401, 'token_malformed']);
});

it('bad queries and bodies are refused with a sentence', async () => {
  for (const query of ['?since=x', '?limit=0', '?limit=101', '?wait=26&since=a.1', '?wait=1', `?since=${'a'.repeat(9_000)}`])
    expect(codeOf(await read(query))).toEqual([400, 'query_invalid']);
  for (const body of [{}, { ids: 'x' }, { ids: [1] }, { all: true, ids: [] }, { ids: [], more: 1 }])
    expect(codeOf(await service.post('/v1/notifications/read', ben.token, body))).toEqual([400, 'body_invalid']);
});
