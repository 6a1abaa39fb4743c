/**
 * A push service with browsers: takes pushes over HTTP, checks their VAPID token, and decrypts them as RFC 8291 says, with
 * node:crypto and none of the code under test. For tests only.
 */

import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify, type ECDH } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedPush {
  browser: string;
  payload: Record<string, unknown>;
  claims: { aud: string; sub: string; exp: number };
  /** Public key of the relay. */
  key: string;
  headers: Record<string, string | string[] | undefined>;
}

export class PushService {
  readonly received: ReceivedPush[] = [];
  /** Requests, answered or not, by browser. */
  readonly requests: string[] = [];
  /** Status of the answers to a browser's pushes; 0: none comes. Default: 201. */
  readonly answers = new Map<string, number>();
  readonly #browsers = new Map<string, Browser>();
  #server: Server | null = null;
  origin = '';

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const name = (request.url ?? '').slice(1);
        this.requests.push(name);
        const status = this.answers.get(name) ?? 201;
        if (status === 0) return;
        const browser = this.#browsers.get(name);
        if (status === 201 && browser !== undefined) {
          const { claims, key } = vapidOf(request.headers.authorization ?? '');
          const payload = JSON.parse(browser.decrypt(Buffer.concat(chunks)).toString('utf8')) as Record<string, unknown>;
          this.received.push({ browser: name, payload, claims, key, headers: request.headers });
        }
        response.writeHead(browser === undefined ? 404 : status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** The subscription that a browser gives to the app: `PushSubscription.toJSON()`. */
  subscribe(name: string): { endpoint: string; keys: { p256dh: string; auth: string } } {
    const browser = new Browser();
    this.#browsers.set(name, browser);
    return { endpoint: `${this.origin}/${name}`, keys: { p256dh: browser.p256dh, auth: browser.auth.toString('base64url') } };
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }
}

/** @param privateKey Default: a new one. */
export class Browser {
  readonly #pair: ECDH;
  readonly auth: Buffer;

  constructor(privateKey?: string, auth?: string) {
    this.#pair = createECDH('prime256v1');
    if (privateKey === undefined) this.#pair.generateKeys();
    else this.#pair.setPrivateKey(privateKey, 'base64url');
    this.auth = auth === undefined ? randomBytes(16) : Buffer.from(auth, 'base64url');
  }

  get p256dh(): string {
    return this.#pair.getPublicKey('base64url');
  }

  /** RFC 8291 section 3.4, and RFC 8188 section 2 for the record. */
  decrypt(body: Buffer): Buffer {
    const salt = body.subarray(0, 16);
    const idLength = body[20] ?? 0;
    const sender = body.subarray(21, 21 + idLength);
    const record = body.subarray(21 + idLength);
    const secret = this.#pair.computeSecret(sender);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.#pair.getPublicKey(), sender]);
    const ikm = Buffer.from(hkdfSync('sha256', secret, this.auth, info, 32));
    const key = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: aes128gcm\0', 16));
    const nonce = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: nonce\0', 12));
    const decipher = createDecipheriv('aes-128-gcm', key, nonce);
    decipher.setAuthTag(record.subarray(-16));
    const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
    const end = padded.lastIndexOf(2);
    return padded.subarray(0, end);
  }
}

/** @throws {Error} The token is not signed with the key that it names (RFC 8292). */
function vapidOf(authorization: string): Pick<ReceivedPush, 'claims' | 'key'> {
  const [, token = '', key = ''] = /^vapid t=([^,]+), k=(.+)$/.exec(authorization) ?? [];
  const [head = '', body = '', signature = ''] = token.split('.');
  const point = Buffer.from(key, 'base64url');
  const publicKey = createPublicKey({
    key: { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') },
    format: 'jwk',
  });
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) throw new Error('the token of a push is not signed with its key');
  return { claims: JSON.parse(Buffer.from(body, 'base64url').toString()) as ReceivedPush['claims'], key };
}
