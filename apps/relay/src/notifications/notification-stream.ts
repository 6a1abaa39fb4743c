/**
 * Notifications as server-sent events (WHATWG HTML, section 9.2). The id of an event is the cursor after it, so a client that comes
 * back with Last-Event-ID goes on where it was, on any relay.
 *
 *     id: a1B2c3D4.17
 *     event: notification
 *     data: {"id":"m.…","kind":"mention",…}
 */

import type { ServerResponse } from 'node:http';
import type { InboxPage } from '@wetink/board';
import { ApiFailure, type Answer } from '@wetink/relay/http';
import { notificationToJson } from './notification-json.ts';

export interface StreamPorts {
  /** Null: a client that begins now; it gets the newest. */
  since: string | null;
  /** @throws {ApiFailure} When the inbox cannot be read now. */
  page(since: string | null): Promise<InboxPage>;
  /** @throws {ApiFailure} Too many streams. @returns Ends it. */
  listen(onNews: () => void): () => void;
  /** The token is still valid, and its user not suspended. */
  isStillAllowed(): Promise<boolean>;
  /** The relay drains. */
  isEnding(): boolean;
}

/** As often as connections are checked. Proxies cut a stream on which nothing is sent for 60 s. */
const BEAT_MS = 10_000;
const RETRY_MS = 3_000;
/** More waits until the client has read it. */
const MAX_UNSENT_BYTES = 256 * 1024;
/** A client that does not read for this long is cut: it comes back with its last id. */
const UNREAD_MS = 10_000;

/** @throws {ApiFailure} Also when the first page cannot be read, so that the client gets a status. */
export async function streamNotifications(ports: StreamPorts): Promise<Answer> {
  let wake: () => void = () => undefined;
  let hasNews = false;
  const end = ports.listen(() => {
    hasNews = true;
    wake();
  });
  let first: InboxPage;
  try {
    first = await ports.page(ports.since);
  } catch (error) {
    end();
    throw error;
  }
  return {
    status: 200,
    headers: { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
    async stream(response) {
      response.once('close', () => {
        end();
        wake();
      });
      const beat = setInterval(() => void keepAlive(response, ports), BEAT_MS);
      try {
        response.write(`retry: ${RETRY_MS}\n\n`);
        let since = await sendNews(response, ports, first);
        while (!response.destroyed && !ports.isEnding()) {
          if (!hasNews) await new Promise<void>((resolve) => (wake = resolve));
          hasNews = false;
          if (response.destroyed || ports.isEnding() || !(await mayGoOn(ports))) break;
          since = await sendNews(response, ports, await ports.page(since));
        }
      } catch (error) {
        // Its room was just moved, or the store is away: the client comes back, and gets a status.
        if (!(error instanceof ApiFailure)) throw error;
      } finally {
        clearInterval(beat);
        end();
        response.end();
      }
    },
    /** The answer was not sent after all. */
    cancel: end,
  };
}

async function sendNews(response: ServerResponse, ports: StreamPorts, first: InboxPage): Promise<string> {
  for (let page = first; ; page = await ports.page(page.next)) {
    for (const one of page.notifications)
      response.write(`id: ${one.cursor}\nevent: notification\ndata: ${JSON.stringify(notificationToJson(one))}\n\n`);
    if (response.writableLength > MAX_UNSENT_BYTES) await readOrCut(response);
    if (!page.hasMore || response.destroyed) return page.next;
  }
}

function readOrCut(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => response.destroy(), UNREAD_MS);
    const done = (): void => {
      clearTimeout(timer);
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

async function keepAlive(response: ServerResponse, ports: StreamPorts): Promise<void> {
  if (await mayGoOn(ports)) response.write(': here\n\n');
  else response.end();
}

async function mayGoOn({ isStillAllowed }: StreamPorts): Promise<boolean> {
  try {
    return await isStillAllowed();
  } catch {
    return false; // The token has expired, or cannot be verified: the client comes back with another.
  }
}
