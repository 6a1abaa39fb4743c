import { expect, it } from 'vitest';
import type { BoardId } from '../core/board-id.ts';
import { Programs } from './programs.svelte.ts';

it('the example for a bot sends the token to the relay, also where the page is served from elsewhere', () => {
  const sharing = { ask: () => Promise.resolve(null) };
  const programs = new Programs('abcdefgh' as BoardId, {} as never, sharing, 'https://relay.example/base');
  const command = programs.exampleFor('secret-token');
  expect(command.match(/https?:[^\s'"]+/g)).toEqual([expect.stringMatching(/^https:\/\/relay\.example\/base\/v1\//)]);
  expect(command).toContain('secret-token');
});

it('a webhook that is removed while a test of another is under way is removed after it', async () => {
  const webhook = (id: string) => ({ id, url: 'https://a.example/', kinds: [], last: null, failures: 0, off: null });
  const done: string[] = [];
  let answerTest = (): void => undefined;
  const api = {
    bots: () => Promise.resolve({ ok: true, value: [] }),
    webhooks: () => Promise.resolve({ ok: true, value: [webhook('a'), webhook('b')] }),
    testWebhook: () =>
      new Promise((resolve) => {
        answerTest = () => resolve((done.push('tested'), { ok: true, value: webhook('a') }));
      }),
    removeWebhook: () => Promise.resolve((done.push('removed'), { ok: true, value: [webhook('a')] })),
  };
  const sharing = { ask: (run: (token: string) => unknown) => run('token') };
  const programs = new Programs('abcdefgh' as BoardId, api as never, sharing as never, 'https://relay.example');
  await programs.refresh();
  const changes = [programs.testWebhook('a'), programs.removeWebhook('b')];
  await Promise.resolve();
  expect([programs.isBusy, done]).toEqual([true, []]);
  answerTest();
  expect(await Promise.all(changes)).toEqual([true, true]);
  expect([done, programs.webhooks?.map(({ id }) => id), programs.isBusy]).toEqual([['tested', 'removed'], ['a'], false]);
});
