/**
 * Webhooks of a board over HTTP, for its owner. The README of this package describes the calls.
 *
 *     GET    /v1/boards/BOARD/webhooks                     with the last answer of each
 *     POST   /v1/boards/BOARD/webhooks {url, kinds}        the secret is in this answer and in no other
 *     DELETE /v1/boards/BOARD/webhooks/ID
 *     POST   /v1/boards/BOARD/webhooks/ID/test             sends at once, and answers when the receiver has
 */

import { randomBytes } from 'node:crypto';
import { chatNews } from '@wetink/board';
import type { KeyWindow } from '@wetink/relay';
import { ApiFailure, bodyInvalid, type Call, type ContentEntry, type Route } from '@wetink/relay/http';
import type { Outbound } from '../outbound/outbound.ts';
import type { WaitingDeliveries } from './waiting-deliveries.ts';
import { testDelivery } from './webhook-events.ts';
import type { WebhookMessages } from './webhook-messages.ts';
import { webhookKinds, type Webhook, type WebhookKind, type WebhookRecords } from './webhook-records.ts';
import type { WebhookSender } from './webhook-sender.ts';

export interface WebhookRoutePorts {
  entry: Pick<ContentEntry, 'enterAsOwner' | 'edit'>;
  webhooks: WebhookRecords;
  waiting: Pick<WaitingDeliveries, 'clear'>;
  messages: Pick<WebhookMessages, 'begin' | 'begun'>;
  sender: Pick<WebhookSender, 'test'>;
  outbound: Pick<Outbound, 'mistakeIn'>;
  /** Webhooks of one board. */
  most: number;
  /** Tests of one board. */
  tests: KeyWindow;
  /** ms since 1970. */
  wallClock(): number;
  /** A board has as many as it may. */
  onRefused(call: Call): void;
}

const KEY_BYTES = 9;

export function webhookRoutes(ports: WebhookRoutePorts): Route[] {
  const { entry, webhooks, most, wallClock } = ports;
  const list = async (board: string): Promise<object> => ({ webhooks: (await webhooks.of(board)).map(viewOf) });
  const begin = async (board: string): Promise<void> => {
    const old = await entry.edit(board, (doc) => [...chatNews(doc, () => true).ids]);
    await ports.messages.begin(board, old);
  };
  return [
    {
      pattern: '/v1/boards/:/webhooks',
      methods: {
        async GET(call) {
          const { board } = await entry.enterAsOwner(call);
          return { status: 200, body: { ...(await list(board)), most } };
        },
        async POST(call) {
          const { board, user } = await entry.enterAsOwner(call);
          const { url, kinds } = readWebhook(await call.fields(), ports.outbound);
          if ((await webhooks.of(board)).length >= most) throw tooMany(call, ports);
          await begin(board);
          const webhook = await webhooks.add(board, { url, kinds, by: user.id, createdAt: wallClock() }, most);
          if (webhook === null) throw tooMany(call, ports);
          ports.messages.begun(board);
          return { status: 201, body: { webhook: viewOf(webhook), secret: webhook.secret } };
        },
      },
    },
    {
      pattern: '/v1/boards/:/webhooks/:',
      methods: {
        async DELETE(call) {
          const { board } = await entry.enterAsOwner(call);
          const id = call.params[1] ?? '';
          if (!(await webhooks.change(board, id, () => null))) throw notFound();
          await ports.waiting.clear(board, id);
          return { status: 200, body: await list(board) };
        },
      },
    },
    {
      pattern: '/v1/boards/:/webhooks/:/test',
      methods: {
        async POST(call) {
          const { board } = await entry.enterAsOwner(call);
          const id = call.params[1] ?? '';
          const webhook = await webhooks.find(board, id);
          if (webhook === null) throw notFound();
          const waitMs = await ports.tests.take(board);
          if (waitMs > 0) throw tooManyTests(waitMs);
          if (webhook.off !== null) await begin(board);
          const key = randomBytes(KEY_BYTES).toString('base64url');
          const delivery = testDelivery(id, { id: board, title: '' }, { at: wallClock(), key });
          const outcome = await ports.sender.test({ board, webhook: id }, webhook, delivery);
          if (outcome === 'lost') throw makerLeft();
          if (outcome === 'busy') throw busy();
          ports.messages.begun(board);
          const after = await webhooks.find(board, id);
          if (after === null) throw notFound();
          return { status: 200, body: { webhook: viewOf(after) } };
        },
      },
    },
  ];
}

/** For a relay whose operator switched webhooks off. */
export function noWebhookRoutes(entry: Pick<ContentEntry, 'enterAsOwner'>): Route[] {
  const refuse = async (call: Call): Promise<never> => {
    await entry.enterAsOwner(call);
    throw new ApiFailure(404, 'webhooks_off', 'this relay sends no webhooks: its operator switched them off');
  };
  return [
    { pattern: '/v1/boards/:/webhooks', methods: { GET: refuse, POST: refuse } },
    { pattern: '/v1/boards/:/webhooks/:', methods: { DELETE: refuse } },
    { pattern: '/v1/boards/:/webhooks/:/test', methods: { POST: refuse } },
  ];
}

function readWebhook(
  { url, kinds, ...others }: Record<string, unknown>,
  outbound: Pick<Outbound, 'mistakeIn'>,
): { url: string; kinds: WebhookKind[] } {
  if (Object.keys(others).length > 0) throw bodyInvalid('a webhook has url and kinds, and nothing else');
  if (typeof url !== 'string') throw bodyInvalid('url must be an https address');
  const mistake = outbound.mistakeIn(url);
  if (mistake !== null) throw bodyInvalid(`url ${mistake}`);
  const given: readonly unknown[] = Array.isArray(kinds) ? kinds : [];
  const known = webhookKinds.filter((kind) => given.includes(kind));
  if (known.length === 0 || known.length !== given.length)
    throw bodyInvalid(`kinds must be an array of some of ${webhookKinds.join(', ')}, each once`);
  return { url: new URL(url).href, kinds: known };
}

function viewOf({ id, url, kinds, by, createdAt, last, failures, off }: Webhook): object {
  return { id, url, kinds, by, createdAt, last, failures, off };
}

function tooMany(call: Call, { most, onRefused }: WebhookRoutePorts): ApiFailure {
  onRefused(call);
  return new ApiFailure(409, 'too_many_webhooks', `this board has ${most} webhooks, as many as it may: remove one first`);
}

function notFound(): ApiFailure {
  return new ApiFailure(404, 'webhook_not_found', 'this board has no such webhook');
}

function makerLeft(): ApiFailure {
  const message = 'the owner who made this webhook does not own the board any more, or is suspended: remove it and make another';
  return new ApiFailure(409, 'webhook_maker_left', message);
}

function busy(): ApiFailure {
  return new ApiFailure(503, 'busy', 'too many other deliveries are under way: try again in 5 s', { 'Retry-After': '5' });
}

function tooManyTests(waitMs: number): ApiFailure {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return new ApiFailure(429, 'rate_limited', `too many tests: try again in ${seconds} s`, { 'Retry-After': String(seconds) });
}
