import { createHmac } from 'node:crypto';
import { virtualTime, type VirtualTime } from '@wetink/relay/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { answerOf } from './delivery-answer.ts';
import { createDeliverySlots, type DeliverySlots, type Release } from './delivery-slots.ts';
import { MAX_PAUSE_MS, pauseMs, retryAfterMs } from './retries.ts';
import { makeWebhookSecret, signedHeaders } from './signature.ts';
import { kindFor, messageDelivery } from './webhook-events.ts';

describe('signatures', () => {
  it('a signature is that of the example in the libraries of Standard Webhooks', () => {
    const body = '{"test": 2432232314}';
    const headers = signedHeaders('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330_999, body);
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('a secret has 32 bytes, all of which count', () => {
    const secret = makeWebhookSecret((count) => new Uint8Array(count).fill(7));
    expect(secret).toBe(`whsec_${Buffer.alloc(32, 7).toString('base64')}`);
    const expected = createHmac('sha256', Buffer.alloc(32, 7)).update('a.1.{}').digest('base64');
    expect(signedHeaders(secret, 'a', 1_000, '{}')['webhook-signature']).toBe(`v1,${expected}`);
  });
});

describe('pauses', () => {
  it.each([
    [1, 0, 0, 5_000],
    [1, 1, 0, 10_000],
    [2, 1, 0, 20_000],
    [5, 0.5, 0, 120_000],
    [9, 1, 0, 2_560_000],
    [10, 1, 0, MAX_PAUSE_MS],
    [1_000, 0, 0, MAX_PAUSE_MS / 2],
    [1, 1, 90_000, 90_000],
    [4, 1, 1_000, 80_000],
    [1, 0, 86_400_000, MAX_PAUSE_MS],
  ])('%s failures, random %s, asked for %s ms: %s ms', (failures, random, asked, expected) =>
    expect(pauseMs(failures, random, asked)).toBe(expected),
  );

  it.each([
    [undefined, 0],
    ['120', 120_000],
    ['0', 0],
    ['-5', 0],
    ['soon', 0],
    ['99999999999', 0],
    ['Thu, 01 Jan 1970 00:01:40 GMT', 90_000],
    ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
  ])('Retry-After %s at 10 s: %s ms', (value, expected) => expect(retryAfterMs(value, 10_000)).toBe(expected));
});

describe('answers', () => {
  const coded = (code: string): Error => Object.assign(new Error('connect 10.1.2.3:443'), { code });
  it.each([
    [{ status: 204 }, 204, ''],
    [{ status: 302 }, 302, 'the receiver redirects, which is not followed'],
    [{ status: 503 }, 503, 'the receiver answered 503'],
    [{ error: new DOMException('', 'TimeoutError') }, null, 'there was no answer in time'],
    [{ error: coded('ECONNREFUSED') }, null, 'the host takes no connection'],
    [{ error: coded('toString') }, null, 'no connection could be made'],
    [{ error: new Error('the name leads to a private address') }, null, 'the name leads to a private address'],
    [{ error: new Error('secret detail 10.0.0.1') }, null, 'no connection could be made'],
    [{ error: 'nothing' }, null, 'no connection could be made'],
  ])('%j', (outcome, status, reason) => expect(answerOf(outcome, 5)).toEqual({ at: 5, status, reason }));
});

describe('events', () => {
  const message = { id: 'm1', userId: 'bot:b', name: 'Build', text: 'Hi', at: 7, mentions: ['ana'], replyTo: null };

  it('a message is one delivery: a mention when the webhook wants mentions, otherwise a message', () => {
    expect(kindFor({ kinds: ['message', 'mention'], off: null }, message)).toBe('mention');
    expect(kindFor({ kinds: ['message'], off: null }, message)).toBe('message');
    expect(kindFor({ kinds: ['mention'], off: null }, { mentions: [] })).toBeNull();
    expect(kindFor({ kinds: ['shared'], off: null }, message)).toBeNull();
    expect(kindFor({ kinds: ['message'], off: 'it failed' }, message)).toBeNull();
  });

  it('the id is the same for the same message and webhook, whatever its kind, and another for another webhook', () => {
    const board = { id: 'B', title: 'Plan' };
    const made = messageDelivery('w1', 'message', board, message);
    expect(messageDelivery('w1', 'mention', { ...board, title: 'New' }, message).id).toBe(made.id);
    expect(messageDelivery('w2', 'message', board, message).id).not.toBe(made.id);
    expect(JSON.parse(made.body)).toEqual({
      id: made.id,
      kind: 'message',
      at: 7,
      board,
      message: { id: 'm1', user: { id: 'bot:b', name: 'Build', bot: true }, text: 'Hi', at: 7, mentions: ['ana'], replyTo: null },
    });
  });
});

describe('slots', () => {
  let time: VirtualTime;
  let order: string[];
  beforeEach(() => {
    [time, order] = [virtualTime(), []];
  });
  const made = (limits: { perHost: number; perOwner: number; all: number }): DeliverySlots =>
    createDeliverySlots({ ...limits, environment: time });
  const noted = async (slots: DeliverySlots, host: string, owner: string, mostMs?: number): Promise<Release | null> => {
    const release = await slots.take({ host, owner }, mostMs);
    order.push(`${owner} to ${host}${release === null ? ': none' : ''}`);
    return release;
  };

  it('a host that takes all of its slots leaves those of others free, and gives each on in turn', async () => {
    const slots = made({ perHost: 1, perOwner: 2, all: 2 });
    const first = await slots.take({ host: 'slow', owner: 'ana' });
    const second = noted(slots, 'slow', 'ana');
    const other = await slots.take({ host: 'fast', owner: 'ben' });
    const third = noted(slots, 'third', 'cleo');
    await time.advance(0);
    expect(order).toEqual([]);
    other?.();
    (await third)?.();
    first?.();
    first?.();
    (await second)?.();
    expect(order).toEqual(['cleo to third', 'ana to slow']);
    const again = await slots.take({ host: 'slow', owner: 'ana' });
    const never = slots.take({ host: 'slow', owner: 'ana' });
    slots.close();
    expect(again).not.toBeNull();
    expect(await never).toBeNull();
    expect(await slots.take({ host: 'fast', owner: 'ana' })).toBeNull();
  });

  it('a person who names many hosts leaves slots to others, and those who wait take turns', async () => {
    const slots = made({ perHost: 8, perOwner: 2, all: 3 });
    const [first, second] = [await slots.take({ host: 'a', owner: 'mallory' }), await slots.take({ host: 'b', owner: 'mallory' })];
    for (const host of ['c', 'd', 'e']) void noted(slots, host, 'mallory');
    const ben = await noted(slots, 'x', 'ben');
    const cleo = noted(slots, 'x', 'cleo');
    expect(order).toEqual(['ben to x']);
    first?.();
    await time.advance(0);
    second?.();
    (await cleo)?.();
    ben?.();
    await time.advance(0);
    expect(order).toEqual(['ben to x', 'mallory to c', 'cleo to x', 'mallory to d']);
  });

  it('one for which somebody waits comes before others of its owner, and gives up in time', async () => {
    const slots = made({ perHost: 8, perOwner: 1, all: 8 });
    const first = await slots.take({ host: 'a', owner: 'ana' });
    void noted(slots, 'b', 'ana');
    const urgent = noted(slots, 'c', 'ana', 1_000);
    void noted(slots, 'd', 'ana', 500);
    await time.advance(600);
    first?.();
    await time.advance(600);
    expect(order).toEqual(['ana to d: none', 'ana to c']);
    (await urgent)?.();
    await time.advance(0);
    expect(order.slice(2)).toEqual(['ana to b']);
  });
});
