/**
 * What people write to each other, while relays and Redis die: each message is kept once, and each person hears of it once.
 * Two relays share MongoDB; the pages that write are at one of them.
 */

import { ApiClient } from '@wetink/relay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Page } from '../../relay/src/testing/page.ts';
import { isLong, startBed, whyNoBed, type Bed } from './bed.ts';
import { pause, until } from './until.ts';

const ADMIN = 'operators-only-0123456789';
/** Messages that stay in a board's document, and how many more a move waits for. */
const KEEP = 20;
const SLACK = 2;
const ROUNDS = isLong ? 40 : 5;

interface Guest {
  id: string;
  token: string;
}

describe.skipIf(whyNoBed !== null)(`people ${whyNoBed ?? ''}`.trim(), () => {
  let bed: Bed;
  let pages: Page[] = [];
  beforeAll(async () => {
    bed = await startBed({
      relays: 2,
      hasLinks: false,
      relayEnv: (_index, env) => ({
        ...env,
        WETINK_AUTH: 'guests',
        WETINK_SECRET: 'one secret for both relays, 0123456789',
        WETINK_ADMIN_TOKEN: ADMIN,
        WETINK_CHAT_MESSAGES: String(KEEP),
      }),
    });
  });
  afterAll(async () => {
    closePages();
    await bed.stop();
  });

  /** The HTTP API of one relay. */
  function at(relay: number): ApiClient {
    const client = new ApiClient();
    client.origin = bed.cluster.relays[relay % 2]!.httpUrl;
    return client;
  }
  async function guest(name: string): Promise<Guest> {
    const made = await at(0).guest(name);
    await at(0).call('GET', '/v1/me', made.token); // Known to the relays from here on.
    return made;
  }
  async function open(relay: number, room: string, user: Guest): Promise<Page> {
    const page = new Page(at(relay).origin, room, user);
    pages.push(page);
    await until(() => page.isSynced, `the document of ${room}`);
    return page;
  }
  function closePages(): void {
    for (const page of pages) page.close();
    pages = [];
  }
  const isSaved = () => until(() => pages.every((page) => page.isSaved), 'the relay to have saved all');
  function write({ doc }: Page, author: Guest, id: string, mentioned: readonly Guest[] = []): void {
    const mentions = mentioned.length === 0 ? {} : { m: mentioned.map((person) => person.id) };
    doc.getArray('chat').push([{ i: id, u: author.id, n: 'Ana', t: `text of ${id}`, d: Date.now(), ...mentions }]);
  }
  async function restart(relay: number): Promise<void> {
    await bed.cluster.relays[relay % 2]!.kill();
    closePages();
    await bed.cluster.relays[relay % 2]!.restart();
  }
  /** Ids of all messages of a board, in the document and in the history, oldest first. */
  async function messagesOf(board: string, reader: Guest): Promise<string[]> {
    const ids: string[] = [];
    for (let before = ''; ;) {
      const { body, text, status } = await at(1).call('GET', `/v1/boards/${board}/messages?limit=100${before}`, reader.token);
      if (status !== 200) throw new Error(text);
      const { messages, next } = body as unknown as { messages: { id: string }[]; next: string | null };
      ids.unshift(...messages.map(({ id }) => id));
      if (next === null) return ids;
      before = `&before=${encodeURIComponent(next)}`;
    }
  }
  /** Appends of chat to the history, of all boards together. */
  async function appends(): Promise<number> {
    const found = await bed.store.records.list({ prefix: 'chat/', limit: 1_000 });
    return found.reduce((sum, { version }) => sum + version, 0);
  }
  async function notified(person: Guest): Promise<string[]> {
    const { body } = await at(1).call('GET', '/v1/notifications?limit=100', person.token);
    const { notifications } = body as unknown as { notifications: { message: string; text: string }[] };
    return notifications.map(({ message, text }) => message || text).sort();
  }

  it(
    `[F25] relays are killed ${ROUNDS} times while chat moves to the history: every saved message is there once`,
    { timeout: 600_000 },
    async () => {
      const ana = await guest('Ana');
      const boards = await Promise.all(Array.from({ length: 6 }, () => at(0).board(ana.token)));
      const sent = new Map(boards.map((board) => [board, [] as string[]]));
      for (let round = 0; round < ROUNDS; round++) {
        for (const board of boards) {
          const page = await open(round, board, ana);
          for (let n = 0; n < 60; n++) {
            const id = `${round}-${n}`;
            write(page, ana, id);
            sent.get(board)?.push(id);
          }
        }
        const before = await appends();
        await isSaved();
        // A move is an append to the history, then a change of the document: most kills come between the two.
        await until(async () => (await appends()) > before, 'a move to begin');
        await restart(round);
      }
      for (const board of boards) {
        const page = await open(0, board, ana);
        // A further message, in case the last relay was killed before it moved any.
        write(page, ana, 'last');
        sent.get(board)?.push('last');
        await isSaved();
        await until(
          () => page.doc.getArray('chat').length <= KEEP + SLACK,
          'the chat to have moved',
          () => page.doc.getArray('chat').length,
        );
        const found = await messagesOf(board, ana);
        const count = (id: string) => found.filter((one) => one === id).length;
        expect({
          lost: sent.get(board)?.filter((id) => count(id) === 0),
          twice: sent.get(board)?.filter((id) => count(id) > 1),
        }).toEqual({ lost: [], twice: [] });
        expect(found).toEqual(sent.get(board));
      }
      closePages();
    },
  );

  it(
    `[F26] a relay is killed ${ROUNDS} times between a mention and the inboxes: everyone is notified of every message, and once`,
    { timeout: 600_000 },
    async () => {
      const ana = await guest('Ana');
      const people = await Promise.all(Array.from({ length: 8 }, (_, index) => guest(`Person ${index}`)));
      const board = await at(0).board(ana.token, 'editor');
      const ids: string[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const id = `mention-${round}`;
        ids.push(id);
        write(await open(round, board, ana), ana, id, people);
        await isSaved();
        // The relay looks at new messages after 100 ms, and writes one inbox after the other.
        await pause((round * 37) % 200);
        await restart(round);
      }
      const page = await open(0, board, ana);
      for (const person of people)
        await until(
          async () => (await notified(person)).length >= ids.length,
          'all notifications',
          () => page.isSynced,
        );
      for (const person of people) expect(await notified(person)).toEqual(ids);
      closePages();
    },
  );

  it('[F27] Redis is killed during a broadcast: it reaches everyone, and nobody twice', { timeout: 300_000 }, async () => {
    const people: Guest[] = [];
    for (let index = 0; index < 150; index++) people.push(await guest(`Person ${index}`));
    const { status, body } = await at(0).post('/v1/broadcast', ADMIN, { text: 'Back at ten' });
    expect(status).toBe(202);
    const { id } = (body as unknown as { broadcast: { id: string } }).broadcast;
    await bed.cluster.redis!.kill();
    const state = async () => {
      const answer = await at(1).call('GET', `/v1/broadcast/${id}`, ADMIN);
      return (answer.body as unknown as { broadcast: { state: string } }).broadcast.state;
    };
    await until(async () => (await state()) === 'done', 'the broadcast to be done');
    await bed.cluster.redis!.restart();
    for (const person of people) expect(await notified(person)).toEqual(['Back at ten']);
  });
});
