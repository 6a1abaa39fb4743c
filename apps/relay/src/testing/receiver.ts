/** A receiver of webhooks: takes deliveries over HTTP, and answers as a test says. For tests only. */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedDelivery {
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  body: Record<string, unknown>;
}

export class Receiver {
  readonly received: ReceivedDelivery[] = [];
  /** Answer by path; status 0: none comes. Default: 204. */
  readonly answers = new Map<string, { status: number; headers?: Record<string, string> }>();
  origin = '';
  #server: Server | null = null;

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const path = request.url ?? '';
        const body = request.method === 'POST' ? (JSON.parse(text) as Record<string, unknown>) : {};
        this.received.push({ path, headers: request.headers, text, body });
        const { status, headers = {} } = this.answers.get(path) ?? { status: 204 };
        if (status > 0) response.writeHead(status, headers).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Deliveries to a path. */
  at(path: string): ReceivedDelivery[] {
    return this.received.filter((one) => one.path === path);
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }
}

const TOLERANCE_SECONDS = 5 * 60;

/** The check of the README, word for word. */
export function isGenuine(secret: string, headers: IncomingHttpHeaders, text: string, nowMs = Date.now()): boolean {
  const timestamp = Number(headers['webhook-timestamp']);
  if (!(Math.abs(nowMs / 1_000 - timestamp) <= TOLERANCE_SECONDS)) return false;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key)
    .update(`${String(headers['webhook-id'])}.${timestamp}.${text}`)
    .digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .map((one) => Buffer.from(one.replace('v1,', ''), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}
