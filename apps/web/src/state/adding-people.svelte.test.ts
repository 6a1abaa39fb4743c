import { describe, expect, it } from 'vitest';
import type { ApiAnswer, ApiFailure } from '../account/relay-api.ts';
import { addedSentence } from '../core/adding-sentence.ts';
import type { BoardInfo, Person } from '../core/board-info.ts';
import type { ConversationInfo } from '../core/conversation-info.ts';
import { AddingPeople, type AddingPeoplePorts } from './adding-people.svelte.ts';
import { Sharing } from './sharing.svelte.ts';

const [ana, ben, cleo, dan] = ['ana', 'ben', 'cleo', 'dan'].map((id) => ({ id, name: id })) as [Person, Person, Person, Person];

/** Ana's board, whose share dialog is open, beside a relay that answers what the test sets. */
function setup() {
  const board: BoardInfo = { role: 'owner', everyone: 'none', owner: ana, links: [], members: [], membersCursor: null };
  const relay = {
    board,
    online: { ok: true, value: [ana, ben] } as ApiAnswer<readonly Person[]>,
    refusals: new Map<string, ApiFailure>(),
    hasToken: true,
    calls: [] as string[],
  };
  const api = {
    board: () => (relay.calls.push('board'), Promise.resolve({ ok: true, value: relay.board })),
    setMember(_token: string, _board: string, id: string, role: 'viewer' | 'editor') {
      relay.calls.push(`${id} ${role}`);
      const refusal = relay.refusals.get(id);
      if (refusal !== undefined) return Promise.resolve(refusal);
      relay.board = { ...relay.board, members: [...relay.board.members, { user: { id, name: id }, role }] };
      // As the relay answers: the first page of the members.
      return Promise.resolve({ ok: true, value: { ...relay.board, members: [], membersCursor: 'next' } });
    },
  };
  const account = {
    token: () => (relay.hasToken ? Promise.resolve('token') : Promise.reject(new Error('no network'))),
    signIn: null,
    known: { auth: 'guests' },
  };
  const sharing = new Sharing('board' as never, api as never, account as never);
  const talk = { people: [ana, dan] } as unknown as ConversationInfo;
  const adding = new AddingPeople({
    boardId: 'board',
    api,
    directory: { online: () => Promise.resolve(relay.online) },
    sharing,
    me: ana,
    conversations: () => [talk],
  } as unknown as AddingPeoplePorts);
  return { relay, sharing, adding };
}

it('those who are online and those of conversations can be picked; I am not among those who are online', async () => {
  const { adding } = setup();
  expect(await adding.online()).toEqual({ people: [ben], failure: '' });
  expect(adding.list.flatMap(({ people }) => people)).toEqual([ana, dan]);
});

it('people are added with the role, and are in the list at once; members, removed people and the owner are not offered', async () => {
  const { adding, relay, sharing } = setup();
  relay.board = { ...relay.board, members: [{ user: dan, role: 'none' }] };
  await sharing.refresh();
  expect(await adding.add([ben, cleo], 'viewer')).toBeNull();
  expect(relay.calls).toEqual(['board', 'ben viewer', 'cleo viewer', 'board']);
  expect(sharing.info?.members.map(({ user, role }) => [user.id, role])).toEqual([
    ['dan', 'none'],
    ['ben', 'viewer'],
    ['cleo', 'viewer'],
  ]);
  expect(adding.members.map(({ id }) => id)).toEqual(['ana', 'dan', 'ben', 'cleo']);
  expect([addedSentence(['Ben', 'Cleo'], 'viewer'), addedSentence([''], 'editor')]).toEqual([
    'Ben and Cleo can view this board now.',
    'Guest can draw on this board now.',
  ]);
});

it('the first who can’t be added ends it: those before stay added and are shown, and the sentence names the others', async () => {
  const { adding, relay, sharing } = setup();
  relay.refusals.set('cleo', { ok: false, kind: 'refused', code: 'user_not_found' });
  expect(await adding.add([ben, cleo, dan], 'editor')).toBe('cleo and dan were not added: the server does not know cleo any more.');
  expect(relay.calls).toEqual(['ben editor', 'cleo editor', 'board']);
  expect(sharing.info?.members.map(({ user }) => user.id)).toEqual(['ben']);
  expect(sharing.failure).toBeNull();
});

describe('a failure has its true sentence', () => {
  it.each<[ApiFailure | null, string, string]>([
    [null, 'the server cannot be reached.', 'The server can’t say now who is online. Try again in a moment.'],
    [
      { ok: false, kind: 'unreachable', status: 429 },
      'there were too many requests. Try again in a minute.',
      'Too many requests, so those who are online are not listed. Try again in a minute.',
    ],
    [
      { ok: false, kind: 'refused', code: 'not_owner' },
      'only the owner of this board can add people.',
      'The server refuses to say who is online.',
    ],
    [{ ok: false, kind: 'refused', code: 'directory_off' }, 'the server refused it.', 'This server does not list who is online.'],
    [{ ok: false, kind: 'absent' }, 'this server knows nothing of owners.', 'This server does not list who is online.'],
  ])('%j', async (failure, clause, unlisted) => {
    const { adding, relay, sharing } = setup();
    relay.hasToken = failure !== null;
    if (failure !== null) [relay.online] = [failure, relay.refusals.set('ben', failure)];
    expect(await adding.online()).toEqual({ people: [], failure: unlisted });
    expect(await adding.add([ben], 'editor')).toBe(`ben was not added: ${clause}`);
    // Nothing changed, and the dialog keeps what it shows.
    expect([relay.calls.includes('board'), sharing.failure]).toEqual([false, null]);
  });
});
