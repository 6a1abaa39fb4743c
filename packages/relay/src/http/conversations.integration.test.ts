/** Conversations over HTTP with an embedder that cannot tell at the moment who has blocked whom. */

import { SyncError } from '@wetink/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiService } from '../testing/api-service.ts';

let service: ApiService;

beforeEach(() => (service = new ApiService()));
afterEach(() => service.dispose());

it.each<[string, unknown]>([
  ['the store is away', new SyncError('STORAGE_UNAVAILABLE', 'away')],
  ['the relay ends', new SyncError('SHUTDOWN', 'no more edits')],
  ['nothing came in time', new DOMException('too late', 'TimeoutError')],
])('[CV3] when blocks cannot be read because %s, the call is answered with 503, and nothing of it is left', async (_, error) => {
  let isAway = true;
  await service.start({ directory: 'all', hasBlocked: () => (isAway ? Promise.reject(error) : Promise.resolve(false)) });
  const [ana, ben, cleo, dan] = await Promise.all(['Ana', 'Ben', 'Cleo', 'Dan'].map((name) => service.guest(name)));
  for (const user of [ana, ben, cleo, dan]) await service.call('GET', '/v1/me', user!.token);
  const begin = (...people: string[]) => service.post('/v1/conversations', ana!.token, { people });
  for (const people of [[ben!.id], [ben!.id, cleo!.id]]) {
    const refused = await begin(...people);
    expect([refused.status, refused.body.error.code]).toEqual([503, 'unavailable']);
  }
  expect((await service.call('GET', '/v1/conversations', ana!.token)).body).toEqual({ conversations: [] });
  isAway = false;
  const { conversation } = (await begin(ben!.id, cleo!.id)).body as unknown as { conversation: { id: string } };
  isAway = true;
  const added = await service.post(`/v1/conversations/${conversation.id}/people`, ana!.token, { id: dan!.id });
  expect([added.status, added.body.error.code]).toEqual([503, 'unavailable']);
  expect(await service.enter(conversation.id, dan!.token)).toMatchObject({ code: 4403 });
  expect(service.failures).toEqual([]);
});
