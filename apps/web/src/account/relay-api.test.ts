import { describe, expect, it } from 'vitest';
import type { BoardId } from '../core/board-id.ts';
import type { LinkKey } from '../core/fragment.ts';
import { createRelayApi } from './relay-api.ts';

const board = 'AAAAAAAAAAAAAAAAAAAAAA' as BoardId;
const key = 'AAECAwQFBgc.x2ObF6Id1Rvm4KuPktq2we' as LinkKey;
const info = { id: board, role: 'owner', everyone: 'none', owner: { id: 'guest:a', name: 'Ana' } };

/** Gives every call the same answer, and records the requests. */
function setup(status: number, body: unknown) {
  const asked: { url: string; method: string; headers: Record<string, string>; body: unknown }[] = [];
  const fetchFrom = ((url: string, request: RequestInit) => {
    const { method = 'GET', headers, body: sent } = request;
    expect(request.credentials).toBe('omit');
    asked.push({
      url,
      method,
      headers: headers as Record<string, string>,
      body: sent === undefined ? undefined : JSON.parse(sent as string),
    });
    return Promise.resolve(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }));
  }) as typeof fetch;
  return { api: createRelayApi('http://relay', fetchFrom), asked };
}

describe('requests to the relay', () => {
  it('a request names the board and the token, and has no secret in its address', async () => {
    const { api, asked } = setup(200, { board: info });
    await api.join('T', board, key);
    await api.setMember('T', board, 'guest:b/c', 'none');
    await api.addLink('T', board, 'viewer', 'AAECAwQFBgc');
    await api.claim('T', board, 'editor');
    expect(asked.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', `http://relay/v1/boards/${board}/join`, { link: key }],
      ['PUT', `http://relay/v1/boards/${board}/members/guest%3Ab%2Fc`, { role: 'none' }],
      ['POST', `http://relay/v1/boards/${board}/links`, { role: 'viewer', replaces: 'AAECAwQFBgc' }],
      ['POST', 'http://relay/v1/boards', { id: board, everyone: 'editor' }],
    ]);
    expect(asked.every(({ headers }) => headers['Authorization'] === 'Bearer T')).toBe(true);
  });
});

it('M8: a board counts as deleted only when the answer says so', async () => {
  const { api, asked } = setup(200, { id: board, erased: true });
  expect(await api.erase('T', board)).toEqual({ ok: true, value: true });
  expect(asked).toMatchObject([{ method: 'DELETE', url: `http://relay/v1/boards/${board}`, headers: { Authorization: 'Bearer T' } }]);
  expect(await setup(200, 'something else answers').api.erase('T', board)).toEqual({ ok: false, kind: 'absent' });
  expect(await setup(403, { error: { code: 'not_owner' } }).api.erase('T', board)).toMatchObject({ kind: 'refused', code: 'not_owner' });
});

describe('answers of the relay', () => {
  it('an answer is a board, with the fields that can be read', async () => {
    const links = [{ id: 'AAECAwQFBgc', role: 'viewer', key }, { id: 'x', role: 'owner', key }, 7];
    const members = [
      { user: { id: 'guest:b' }, role: 'none' },
      { user: {}, role: 'viewer' },
    ];
    const { api } = setup(200, { board: { ...info, links, members } });
    expect(await api.board('T', board)).toEqual({
      ok: true,
      value: {
        role: 'owner',
        everyone: 'none',
        owner: { id: 'guest:a', name: 'Ana' },
        links: [links[0]],
        members: [{ user: { id: 'guest:b', name: 'Guest' }, role: 'none' }],
        membersCursor: null,
      },
    });
  });

  it('all members of a large board are fetched, up to the pages of a thousand', async () => {
    const asked: string[] = [];
    const pages = (last: number) =>
      createRelayApi('http://relay', ((url: string) => {
        asked.push(url);
        const page = Number(new URL(url).searchParams.get('members') ?? 0);
        const members = [{ user: { id: `guest:${page}`, name: `P${page}` }, role: 'viewer' }];
        const membersCursor = page === last ? null : String(page + 1);
        return Promise.resolve(new Response(JSON.stringify({ board: { ...info, members, membersCursor } })));
      }) as typeof fetch);
    const whole = await pages(2).board('T', board);
    expect(whole.ok && whole.value.members.map(({ user }) => user.name)).toEqual(['P0', 'P1', 'P2']);
    asked.length = 0;
    const long = await pages(99).board('T', board);
    expect([asked.length, long.ok && long.value.members.length]).toEqual([10, 10]);
  });

  it.each([
    [404, { error: { code: 'board_not_found', message: '' } }, { ok: false, kind: 'refused', code: 'board_not_found' }],
    [404, { error: 'not found' }, { ok: false, kind: 'absent' }],
    [404, 'not found', { ok: false, kind: 'absent' }],
    [200, '<!doctype html>', { ok: false, kind: 'absent' }],
    [200, { board: { ...info, role: 'king' } }, { ok: false, kind: 'absent' }],
    [200, null, { ok: false, kind: 'absent' }],
    [429, { error: { code: 'rate_limited', message: '' } }, { ok: false, kind: 'unreachable', status: 429, afterS: 0 }],
    [503, 'busy', { ok: false, kind: 'unreachable', status: 503, afterS: 0 }],
  ])('the answer %i %j is an outcome and never thrown', async (status, body, outcome) => {
    expect(await setup(status, body).api.board('T', board)).toEqual(outcome);
  });

  it.each([
    ['7', 7],
    ['0.5', 0.5],
    ['Wed, 21 Oct 2026 07:28:00 GMT', 0],
  ])('Retry-After: %s is kept in seconds, a date is not', async (value, afterS) => {
    const api = createRelayApi('http://relay', () => Promise.resolve(new Response('', { status: 503, headers: { 'Retry-After': value } })));
    expect(await api.settings()).toEqual({ ok: false, kind: 'unreachable', status: 503, afterS });
  });

  it('without a network or an answer in time, the relay is unreachable', async () => {
    for (const error of [new TypeError('Failed to fetch'), new DOMException('', 'TimeoutError')]) {
      const api = createRelayApi('http://relay', () => Promise.reject(error));
      expect(await api.settings()).toEqual({ ok: false, kind: 'unreachable' });
    }
  });

  it('origins of pictures are a list of texts, and none for a relay that names none', async () => {
    const settings = { auth: 'tokens', rooms: 'owned', tokenUrl: null, loginUrl: null };
    const origins = async (imageOrigins: unknown): Promise<unknown> => {
      const answer = await setup(200, { ...settings, imageOrigins }).api.settings();
      return answer.ok && answer.value.imageOrigins;
    };
    expect(await origins(['https://a.example', 7, null])).toEqual(['https://a.example']);
    for (const none of [undefined, null, 'https://a.example', {}]) expect(await origins(none)).toEqual([]);
  });

  it('an address that a browser must not be sent to is dropped', async () => {
    const { api } = setup(200, { auth: 'tokens', rooms: 'owned', tokenUrl: 'https://a.example/t', loginUrl: 'javascript:alert(1)' });
    expect(await api.settings()).toMatchObject({ value: { tokenUrl: 'https://a.example/t', loginUrl: null } });
  });
});
