/** The reason that `authorize` answers comes first in the close reason, which has room for 123 bytes. */

import { once } from 'node:events';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startRelay } from '../testing/harness.ts';

it('[RL53] a close reason starts with the reason of the refusal, then the sentence, and is cut between characters', async () => {
  const relay = await startRelay({
    authorize: ({ room }) =>
      Promise.resolve({ ok: false, code: 'UNAUTHENTICATED', reason: room === 'long' ? 'é'.repeat(200) : 'token_expired' }),
  });
  const closeOf = async (room: string): Promise<string> => {
    const [code, reason] = (await once(new WebSocket(`${relay.url}/${room}`), 'close')) as [number, Buffer];
    return `${code} ${reason.toString()}`;
  };
  try {
    expect(await closeOf('short')).toBe('4401 token_expired: Please sign in to open this board.');
    expect(await closeOf('long')).toBe(`4401 ${'é'.repeat(61)}`);
  } finally {
    await relay.close();
  }
});
