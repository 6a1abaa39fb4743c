import { expect, it } from 'vitest';
import { virtualTime } from '../testing/virtual-time.ts';
import { createRedisCommands } from './commands.ts';

it('[RB20] a late answer is dropped, and until it arrives no other command is sent', async () => {
  const time = virtualTime();
  const asked: { resolve(replies: unknown[]): void; reject(error: Error): void }[] = [];
  const commands = createRedisCommands({
    keyPrefix: 'wetink',
    answerMs: 500,
    transact: () => new Promise((resolve, reject) => void asked.push({ resolve, reject })),
    late: () => new Error('late'),
    schedule: time.schedule,
  });
  const outcome = (): Promise<unknown> => commands.transact([['get', 'k']]).catch((error: Error) => error.message);

  const inTime = outcome();
  await time.advance(499);
  asked[0]?.resolve(['v']);
  expect(await inTime).toEqual(['v']);

  const together = [outcome(), outcome()];
  await time.advance(500);
  expect(await Promise.all(together)).toEqual(['late', 'late']);
  for (let i = 0; i < 100; i++) expect(await outcome()).toBe('late');
  expect(asked).toHaveLength(3);
  asked[1]?.resolve(['v']);
  await time.advance(0);
  expect(await outcome()).toBe('late');
  asked[2]?.reject(new Error('refused'));
  await time.advance(0);
  const again = outcome();
  expect(asked).toHaveLength(4);
  asked[3]?.reject(new Error('refused'));
  expect(await again).toBe('refused');
});

it('[RB3] every key has the hash tag of the bus, whatever the name contains', () => {
  const { key } = createRedisCommands({
    keyPrefix: 'w',
    answerMs: 1,
    transact: async () => [],
    late: () => new Error(),
    schedule: () => () => undefined,
  });
  expect([key('cache:user', '{x}:y'), key('window', 'connects')]).toEqual(['{w}:cache:user:{x}:y', '{w}:window:connects']);
});
