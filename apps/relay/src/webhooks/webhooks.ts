/** Everything that sends events of boards to addresses that their owners named, wired to one relay. */

import { randomBytes } from 'node:crypto';
import { titleOf } from '@wetink/board';
import { systemEnvironment, type ArrayChange, type KeyWindow, type Relay } from '@wetink/relay';
import { isBoardId, type Boards } from '@wetink/relay/access';
import type { Call, ContentEntry, RoleChange, Route } from '@wetink/relay/http';
import type { Records } from '@wetink/storage';
import { HandledMessages } from '../notifications/handled-messages.ts';
import type { Outbound } from '../outbound/outbound.ts';
import { WaitingDeliveries } from './waiting-deliveries.ts';
import { sharedDelivery } from './webhook-events.ts';
import { WebhookMessages } from './webhook-messages.ts';
import { WebhookRecords } from './webhook-records.ts';
import { webhookRoutes } from './webhook-routes.ts';
import { WebhookSender, type DeliveryOutcome } from './webhook-sender.ts';

export interface Webhooks {
  /** For the watch of chats. */
  onChange(change: ArrayChange): void;
  /** Never rejects. */
  onRole(change: RoleChange): Promise<void>;
  routes(entry: ContentEntry): Route[];
  /** Final. */
  close(): Promise<void>;
}

export interface WebhooksPorts {
  records: Records;
  boards(): Pick<Boards, 'accessOf'>;
  relay(): Pick<Relay, 'edit'>;
  outbound: Outbound;
  /** Webhooks of one board. */
  most: number;
  /** Tests of one board. */
  tests: KeyWindow;
  onOutcome(outcome: DeliveryOutcome, count: number): void;
  onRefused(call: Call): void;
  /** `event` is the log line. */
  onError(error: unknown, event: string): void;
}

/** The title is a courtesy: a board that cannot be read in this time is named without it. */
const TITLE_MS = 2_000;
const KEY_BYTES = 9;
const HANDLED_PREFIX = 'webhooksent/';

export function createWebhooks(ports: WebhooksPorts): Webhooks {
  const { records, boards, relay, onError } = ports;
  const wallClock = Date.now;
  const environment = systemEnvironment;
  const webhooks = new WebhookRecords(records);
  const waiting = new WaitingDeliveries(records);
  const handled = new HandledMessages(records, HANDLED_PREFIX);
  const sender = new WebhookSender({
    ...ports,
    webhooks,
    waiting,
    environment,
    wallClock,
    isOwner: async (board, userId) => (await boards().accessOf(board, userId)).role === 'owner',
  });
  const messages = new WebhookMessages({
    webhooks,
    handled,
    sender,
    environment,
    wallClock,
    onError: (error) => onError(error, 'messages could not be put in line for webhooks, will retry'),
  });
  const titleOfBoard = async (board: string): Promise<string> => {
    try {
      return await relay().edit(board, titleOf, { signal: AbortSignal.timeout(TITLE_MS) });
    } catch (error) {
      onError(error, 'the title of a board could not be read for its webhooks');
      return '';
    }
  };
  return {
    onChange(change) {
      if (isBoardId(change.room)) messages.onChange(change);
    },
    async onRole(change) {
      try {
        const wanting = (await webhooks.of(change.board)).filter(({ kinds, off }) => off === null && kinds.includes('shared'));
        if (wanting.length === 0) return;
        const place = { id: change.board, title: await titleOfBoard(change.board) };
        const more = { at: wallClock(), key: randomBytes(KEY_BYTES).toString('base64url') };
        for (const { id } of wanting) await sender.add({ board: change.board, webhook: id }, [sharedDelivery(id, place, change, more)]);
      } catch (error) {
        onError(error, 'a changed role could not be put in line for webhooks');
      }
    },
    routes: (entry) => webhookRoutes({ ...ports, entry, webhooks, waiting, messages, sender, wallClock }),
    async close() {
      await messages.stop();
      await sender.close();
    },
  };
}

/** Removes all that is kept of an erased board, also on a relay that sends nothing. Idempotent. */
export async function forgetWebhooks(records: Records, board: string): Promise<void> {
  await new WebhookRecords(records).forget(board);
  await new WaitingDeliveries(records).clear(board);
  await new HandledMessages(records, HANDLED_PREFIX).forget(board);
}
