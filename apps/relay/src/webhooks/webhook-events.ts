/** Events of boards: which one goes to which webhook, and its JSON. The README of this package describes it. Pure. */

import { createHash } from 'node:crypto';
import type { RecentMessage } from '@wetink/board';
import { isBotId } from '@wetink/relay/access';
import type { RoleChange } from '@wetink/relay/http';
import type { NewDelivery } from './waiting-deliveries.ts';
import type { Webhook, WebhookKind } from './webhook-records.ts';

export interface EventPlace {
  id: string;
  title: string;
}

/** The kind under which this webhook hears of a message; null: it does not. */
export function kindFor({ kinds, off }: Pick<Webhook, 'kinds' | 'off'>, { mentions }: Pick<RecentMessage, 'mentions'>): WebhookKind | null {
  if (off !== null) return null;
  if (mentions.length > 0 && kinds.includes('mention')) return 'mention';
  return kinds.includes('message') ? 'message' : null;
}

export function messageDelivery(webhook: string, kind: WebhookKind, board: EventPlace, message: RecentMessage): NewDelivery {
  const { id: messageId, userId, name, text, at, mentions, replyTo } = message;
  const user = { id: userId, name, ...(isBotId(userId) && { bot: true }) };
  return delivery(webhook, board, { kind, at, key: messageId, fields: { message: { id: messageId, user, text, at, mentions, replyTo } } });
}

/** @param key Differs for each change. */
export function sharedDelivery(webhook: string, board: EventPlace, change: RoleChange, more: { at: number; key: string }): NewDelivery {
  const { by, member, before, role } = change;
  return delivery(webhook, board, {
    ...more,
    kind: 'shared',
    fields: { shared: { by: { id: by.id, name: by.name ?? '' }, user: { id: member }, before, role } },
  });
}

/** @param key Differs for each test. */
export function testDelivery(webhook: string, board: EventPlace, more: { at: number; key: string }): NewDelivery {
  return delivery(webhook, board, { ...more, kind: 'test', fields: {} });
}

const HASH_LENGTH = 22;

/** The id is the same on every relay for an event, and tells nothing. */
function delivery(
  webhook: string,
  board: EventPlace,
  { kind, at, key, fields }: { kind: string; at: number; key: string; fields: object },
): NewDelivery {
  const hash = createHash('sha256').update(JSON.stringify([board.id, webhook, kind === 'mention' ? 'message' : kind, key]));
  const id = `w.${hash.digest('base64url').slice(0, HASH_LENGTH)}`;
  return { id, at, kind, body: JSON.stringify({ id, kind, at, board, ...fields }) };
}
