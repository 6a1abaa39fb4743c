/** Posts to a receiver that takes a request and never answers. */

import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Receiver } from '../testing/receiver.ts';
import { createOutbound } from './outbound.ts';

let receiver: Receiver;

beforeEach(async () => {
  receiver = new Receiver();
  await receiver.start();
  receiver.answers.set('/never', { status: 0 });
});
afterEach(() => receiver.stop());

const outbound = createOutbound({ allowsPrivate: true, timeoutMs: 500 });
const body = Buffer.from('{}');

it('a post without an answer ends in time, also when memory is collected meanwhile', { timeout: 20_000 }, async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // In Node 20 a signal joined by AbortSignal.any is collected with its timeout, which then never comes.
  const collecting = setInterval(collect, 50);
  try {
    const posts = Array.from({ length: 20 }, (_, i) =>
      outbound.post(`${receiver.origin}/never`, {}, body, i % 2 === 0 ? new AbortController().signal : undefined),
    );
    const outcomes = await Promise.allSettled(posts);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'TimeoutError' } });
  } finally {
    clearInterval(collecting);
  }
});

it('a post ends when its signal is aborted, before and after it began', { timeout: 20_000 }, async () => {
  const stopping = new AbortController();
  const post = outbound.post(`${receiver.origin}/never`, {}, body, stopping.signal);
  stopping.abort();
  await expect(post).rejects.toMatchObject({ name: 'AbortError' });
  await expect(outbound.post(`${receiver.origin}/never`, {}, body, stopping.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(await outbound.post(`${receiver.origin}/ok`, {}, body)).toMatchObject({ status: 204 });
});
