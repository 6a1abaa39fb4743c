import { expect, it } from 'vitest';
import type { Account } from '../account/account.ts';
import type { RelayApi } from '../account/relay-api.ts';
import type { BoardId } from '../core/board-id.ts';
import type { BoardInfo } from '../core/board-info.ts';
import { Sharing } from './sharing.svelte.ts';

it('a change that is asked for while another one is under way is made after it, not dropped', async () => {
  const asked: string[] = [];
  const info = { role: 'owner', everyone: 'editor', members: [], links: [], membersCursor: null } as unknown as BoardInfo;
  let answer: () => void = () => undefined;
  const api = {
    board: () => Promise.resolve({ ok: true, value: info }),
    addLink: () => new Promise((resolve) => (asked.push('link'), (answer = () => resolve({ ok: true, value: { id: 'l' } })))),
    setEveryone: () => Promise.resolve((asked.push('everyone'), { ok: true, value: info })),
  } as unknown as RelayApi;
  const account = { token: () => Promise.resolve('T'), signIn: null, known: null } as unknown as Account;
  const sharing = new Sharing('board' as BoardId, api, account);
  const both = Promise.all([sharing.makeLink('editor'), sharing.setEveryone('editor')]);
  await new Promise((resolve) => setTimeout(resolve));
  expect([asked, sharing.isBusy]).toEqual([['link'], true]);
  answer();
  expect(await both).toEqual([true, true]);
  expect([asked, sharing.isBusy, sharing.info?.everyone]).toEqual([['link', 'everyone'], false, 'editor']);
});
