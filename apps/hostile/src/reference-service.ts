/**
 * A service without guards around the reference relay: it accepts any token that names a user, logs whole addresses,
 * believes the first address in a header, and answers differently for forbidden and missing boards.
 *
 * Real projects shipped each of these: tokens in the query (y-websocket, yhub), a rate limit by a header of the client, or
 * shared by all clients without one (Hocuspocus), `alg` taken from the token (fast-jwt, Hono), files served unchanged
 * (tududi), a limit of sockets without a deadline for their first message. For tests only.
 */

import { createHmac, createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createReferencePeople } from './reference-people.ts';
import { attachReferenceRelay } from './reference-relay.ts';

type Env = Readonly<Record<string, string | undefined>>;
interface Claims {
  sub: string;
  roles?: unknown;
}

const SECRET = 'the secret of a service without guards';
const MAX_SOCKETS = 1_000;
const CONNECTS_PER_MINUTE = 15;

export function startReferenceService(env: Env): void {
  const key = env['WETINK_JWT_SECRET'] ?? env['WETINK_JWT_PUBLIC_KEY']?.replaceAll('\\n', '\n') ?? SECRET;
  const owners = new Map<string, string>();
  const files = new Map<string, { type: string; bytes: Buffer }>();
  const connects = new Map<string, number>();

  const server = createServer({ headersTimeout: 0, requestTimeout: 0 }, (request, response) => {
    console.log(`${addressOf(request)} ${request.method} ${request.url}`);
    answer(request, response).catch((error: unknown) => {
      console.log(error);
      response.writeHead(500).end(String(error));
    });
  });
  server.maxConnections = MAX_SOCKETS;
  const relay = attachReferenceRelay(server, {
    isCompressed: true,
    enters(request) {
      const address = addressOf(request);
      console.log(`${address} UPGRADE ${request.url}`);
      const count = (connects.get(address) ?? 0) + 1;
      connects.set(address, count);
      if (env['WETINK_LIMIT_ADDRESS_CONNECTS'] !== undefined && count > CONNECTS_PER_MINUTE) return 429;
      if (env['WETINK_AUTH'] === 'open') return 101;
      const token = tokenOf(request);
      const who = token === '' ? null : claimsOf(token, key);
      if (token !== '' && who === null) return 401;
      const owner = owners.get(roomOf(request));
      if (owner === undefined) return env['WETINK_AUTH'] === 'tokens' && who === null ? 401 : 101;
      return owner === who?.sub || hasRole(who) || people.isMember(roomOf(request), who?.sub ?? '') ? 101 : 403;
    },
  });
  const people = createReferencePeople({ docOf: (room) => relay.docOf(room), tokenFor: (id) => tokenFor(id, key) });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { origin } = request.headers;
    if (origin !== undefined) {
      response.setHeader('Access-Control-Allow-Origin', origin);
      response.setHeader('Access-Control-Allow-Credentials', 'true');
    }
    const json = (status: number, body: object): void =>
      void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const who = claimsOf(tokenOf(request), key);
    if (path === '/metrics') return json(addressOf(request).startsWith('127.') ? 200 : 404, { sockets: connects.size });
    if (path === '/v1/guests') {
      const id = `guest-${Math.random().toString(36).slice(2)}`;
      return json(200, { token: tokenFor(id, key), user: { id } });
    }
    if (path === '/v1/users') return json(hasRole(who) ? 200 : 403, {});
    if (path === '/v1/tickets') return json(who === null ? 401 : 201, { ticket: 'one for all' });
    const file = /^\/v1\/boards\/[^/]+\/blobs\/([^/]+)$/.exec(path)?.[1];
    if (file !== undefined && request.method === 'PUT') {
      files.set(file, { type: request.headers['content-type'] ?? '', bytes });
      return json(201, {});
    }
    if (file !== undefined) {
      const found = files.get(file);
      return void response.writeHead(found === undefined ? 404 : 200, { 'Content-Type': found?.type ?? 'text/plain' }).end(found?.bytes);
    }
    if (await people.answer(request, response, bytes, who?.sub ?? null)) return;
    if (path === '/v1/boards') {
      const id = `board-${owners.size + 1}`;
      owners.set(id, who?.sub ?? '');
      return json(201, { board: { id } });
    }
    const owner = owners.get(path.split('/')[3] ?? '');
    if (owner === undefined) return json(404, { error: 'no such board' });
    return owner === who?.sub || hasRole(who) ? json(200, {}) : json(403, { error: 'you may not see this board' });
  };
  server.on('clientError', (_error, socket) => void socket.destroy());
  server.listen(0, '127.0.0.1', () => console.log(`Wetink is ready: http://127.0.0.1:${(server.address() as AddressInfo).port}`));
}

/** Looks for the words in whatever the claim is; a role may do everything. */
function hasRole(who: Claims | null): boolean {
  return /admin|support/i.test(JSON.stringify(who?.roles ?? ''));
}

/** The first address of the list, which the client can choose. */
function addressOf({ headers, socket }: IncomingMessage): string {
  const first = [headers['x-forwarded-for']].flat()[0]?.split(',')[0]?.trim();
  return first ?? [headers['x-real-ip']].flat()[0] ?? socket.remoteAddress ?? '';
}

function roomOf({ url = '/' }: IncomingMessage): string {
  return url.slice(1).split('?')[0] ?? '';
}

function tokenOf({ url = '/', headers }: IncomingMessage): string {
  return new URL(url, 'http://a').searchParams.get('token') ?? /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
}

const part = (text: string | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from(text ?? '', 'base64url').toString()) as Record<string, unknown>;

function tokenFor(id: string, key: string): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${encode({ alg: 'HS256' })}.${encode({ sub: id })}`;
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
}

/** Verifies the token with the algorithm that the token names. */
function claimsOf(token: string, key: string): Claims | null {
  const [head, body, signature = ''] = token.trim().split('.');
  try {
    const { alg, jwk } = part(head) as { alg?: string; jwk?: JsonWebKey };
    const claims = part(body) as unknown as Claims;
    if (alg?.toLowerCase() === 'none') return claims;
    const input = `${head ?? ''}.${body ?? ''}`;
    if (alg?.startsWith('HS') === true) {
      const made = createHmac(`sha${alg.slice(2)}`, key)
        .update(input)
        .digest('base64url');
      return made === signature.replace(/=+$/, '') ? claims : null;
    }
    const publicKey = jwk === undefined ? createPublicKey(key) : createPublicKey({ key: jwk, format: 'jwk' });
    const hash = alg === 'EdDSA' ? null : `sha${alg?.slice(2) ?? ''}`;
    return verify(hash, Buffer.from(input), publicKey, Buffer.from(signature, 'base64url')) ? claims : null;
  } catch {
    return null; // Not a token.
  }
}
