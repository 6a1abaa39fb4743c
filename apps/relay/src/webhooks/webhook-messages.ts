/**
 * Notices messages of boards that have webhooks, however they came: from a page or by HTTP. In passes, as the notifications do
 * (notifications/room-passes.ts):
 *
 *     the board's messages -> those not handled yet -> the newest 100 of them for each webhook that wants them
 *                                                   -> the record of what was handled
 *
 * A board without a webhook that wants messages has one pass in a few seconds.
 */

import { chatNews, titleOf, type RecentMessage } from '@wetink/board';
import type { ArrayChange, Environment } from '@wetink/relay';
import type { HandledMessages } from '../notifications/handled-messages.ts';
import { RoomPasses } from '../notifications/room-passes.ts';
import { MAX_WAITING } from './waiting-deliveries.ts';
import { kindFor, messageDelivery } from './webhook-events.ts';
import type { Webhook, WebhookRecords } from './webhook-records.ts';
import type { WebhookSender } from './webhook-sender.ts';

export interface WebhookMessagesPorts {
  webhooks: WebhookRecords;
  handled: HandledMessages;
  sender: Pick<WebhookSender, 'add'>;
  environment: Environment;
  /** ms since 1970. */
  wallClock(): number;
  /** Deliveries could not be written, and will be tried again. */
  onError(error: unknown): void;
}

/** Older ones, and ones from a clock that is this far ahead, are not news. */
const NEWS_MS = 7 * 24 * 60 * 60_000;
/** Boards whose messages are remembered here, so that a busy chat costs no reading of the old ones: about 20 MB. */
const MAX_REMEMBERED = 200;
/** Webhooks are added on any relay: the others hear their first messages this much later at most. */
const UNWANTED_KEPT_MS = 3_000;
const MAX_UNWANTED = 10_000;

export class WebhookMessages {
  readonly #ports: WebhookMessagesPorts;
  readonly #passes: RoomPasses;
  /** Boards of whose messages no webhook wants to hear, until when this is believed; oldest first. */
  readonly #unwanted = new Map<string, number>();
  /** Ids of messages that this relay has handled; oldest board first. */
  readonly #remembered = new Map<string, ReadonlySet<string>>();

  constructor(ports: WebhookMessagesPorts) {
    this.#ports = ports;
    this.#passes = new RoomPasses({
      ...ports,
      pass: async (room, read, { time }) => {
        if (time === 'early') return 'failed';
        await this.#pass(room, read);
        return 'done';
      },
    });
  }

  onChange(change: ArrayChange): void {
    this.#passes.onChange(change, this.#unwanted.get(change.room));
  }

  /**
   * Before a webhook of this board begins to hear messages: those that are there are no news, unless another webhook hears
   * messages already, which has yet to get them.
   *
   * @param ids Oldest first.
   */
  async begin(board: string, ids: readonly string[]): Promise<void> {
    if (ids.length > 0 && (await this.#wanting(board)).length === 0) await this.#ports.handled.add(board, ids);
  }

  /** This relay has added a webhook, or switched one on. */
  begun(board: string): void {
    this.#unwanted.delete(board);
  }

  /** Messages that are left are found when their room is loaded again. Final. */
  stop(): Promise<void> {
    return this.#passes.stop();
  }

  async #wanting(board: string): Promise<Webhook[]> {
    return (await this.#ports.webhooks.of(board)).filter((webhook) => kindFor(webhook, { mentions: ['anyone'] }) !== null);
  }

  async #pass(board: string, read: ArrayChange['read']): Promise<void> {
    const { handled, sender, wallClock } = this.#ports;
    const wanting = await this.#wanting(board);
    if (wanting.length === 0) return this.#noteUnwanted(board);
    // A room that was unloaded is looked at when it is loaded again.
    const remembered = this.#remembered.get(board);
    const found = read((doc) => ({ news: chatNews(doc, (id) => remembered?.has(id) === true), title: titleOf(doc) }));
    if (found === null) return;
    const { messages, ids } = found.news;
    const news = messages.filter(({ at }) => Math.abs(wallClock() - at) < NEWS_MS);
    const left = news.length === 0 ? [] : await this.#notHandled(board, news, remembered === undefined ? 'first' : 'later');
    for (const webhook of wanting) {
      const wanted = left.flatMap((message) => {
        const kind = kindFor(webhook, message);
        return kind === null ? [] : [{ kind, message }];
      });
      if (wanted.length === 0) continue;
      const deliveries = wanted
        .slice(-MAX_WAITING)
        .map(({ kind, message }) => messageDelivery(webhook.id, kind, { id: board, title: found.title }, message));
      await sender.add({ board, webhook: webhook.id }, deliveries, wanted.length - deliveries.length);
    }
    await handled.add(
      board,
      left.map(({ id }) => id),
    );
    this.#remember(board, ids);
  }

  /** Without those that the record has forgotten: they stand in front of all that it has. */
  async #notHandled(board: string, messages: readonly RecentMessage[], look: 'first' | 'later'): Promise<readonly RecentMessage[]> {
    const handled = await this.#ports.handled.of(board);
    const first = look === 'first' && handled.isFull ? messages.findIndex(({ id }) => handled.has(id)) : 0;
    return messages.slice(Math.max(0, first)).filter(({ id }) => !handled.has(id));
  }

  #remember(board: string, ids: ReadonlySet<string>): void {
    this.#remembered.delete(board);
    this.#remembered.set(board, ids);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > MAX_REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest);
  }

  #noteUnwanted(board: string): void {
    this.#unwanted.delete(board);
    this.#unwanted.set(board, this.#ports.environment.now() + UNWANTED_KEPT_MS);
    const [oldest] = this.#unwanted.keys();
    if (this.#unwanted.size > MAX_UNWANTED && oldest !== undefined) this.#unwanted.delete(oldest);
  }
}
