/**
 * Who enters, when not everyone may: guests with an id that this relay signs, or people with a token of the operator's.
 *
 *     POST /v1/guests  {name?}   a new guest, or with Authorization: Bearer TOKEN the same one for longer
 *     POST /v1/tickets {room}    one ticket for one room, for clients that can only send ?token=
 *
 * A token comes in the first message of our own client, or in the Authorization header; never in an address, which proxies
 * and histories keep. There only a ticket is taken.
 */

import { open, readFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { AuthorizeAnswer, AuthorizeRequest } from '@wetink/relay';
import {
  createGuests,
  createTickets,
  createTokenVerifier,
  identitySentences,
  IdentityUnavailableError,
  isTicket,
  type Guests,
  type IdentityAnswer,
  type IdentityReason,
  type TokenVerifier,
} from '@wetink/relay/identity';
import { json } from './http-answers.ts';
import type { IdentityConfig } from './identity-config.ts';

export interface Identity {
  authorize(request: AuthorizeRequest): Promise<AuthorizeAnswer>;
  /** True for the addresses that `answer` is for. */
  owns(pathname: string): boolean;
  answer(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void>;
}

export interface IdentityPorts {
  /** Null: guests need a secret of their own. */
  folder: string | null;
  /** A ticket is known to one relay: with others beside it, none are given. */
  isCluster: boolean;
  /** Tokens cannot be checked now. */
  onUnavailable(error: Error): void;
}

const GUESTS = '/v1/guests';
const TICKETS = '/v1/tickets';
const SECRET_FILE = 'identity-secret';
const MAX_BODY_BYTES = 4_096;
/** As long as jose leaves a JWKS address alone after it answered. */
const RETRY_AFTER_SECONDS = '30';

/** @returns null in open mode. @throws {Error} The secret can be neither read nor kept. */
export async function createIdentity(config: IdentityConfig, ports: IdentityPorts): Promise<Identity | null> {
  if (config.mode === 'open') return null;
  let guests: Guests | null = null;
  let verifier: TokenVerifier;
  if (config.mode === 'tokens') verifier = createTokenVerifier(config);
  else verifier = guests = createGuests({ secret: config.secret ?? (await keptSecret(ports.folder)) });
  const tickets = ports.isCluster ? null : createTickets();

  const entering = async ({ room, token, isExtension, headers }: AuthorizeRequest): Promise<IdentityAnswer & { method?: string }> => {
    if (isTicket(token) && tickets !== null) return { ...tickets.redeem(token, room), method: 'ticket' };
    if (!isExtension && token !== '') return { ok: false, reason: 'not_allowed' };
    return { ...(await verifier.verify(token === '' ? bearer(headers) : token)), method: guests === null ? 'token' : 'guest' };
  };

  return {
    async authorize(request) {
      try {
        const answer = await entering(request);
        if (!answer.ok)
          return { ok: false, code: answer.reason === 'not_allowed' ? 'FORBIDDEN' : 'UNAUTHENTICATED', reason: answer.reason };
        const { user, expiresAtMs, method = '' } = answer;
        return { ok: true, role: 'editor', userId: user.id, method, expiresAtMs };
      } catch (error) {
        if (!(error instanceof IdentityUnavailableError)) throw error;
        ports.onUnavailable(error);
        return { ok: false, code: 'UNAVAILABLE' };
      }
    },
    owns: (pathname) => pathname === GUESTS || pathname === TICKETS,
    async answer(request, response, pathname) {
      const fail = (status: number, code: string, message: string): void => json(request, response, status, { error: { code, message } });
      const refuse = (reason: IdentityReason): void => {
        if (reason !== 'not_allowed') response.setHeader('WWW-Authenticate', 'Bearer');
        fail(reason === 'not_allowed' ? 403 : 401, reason, identitySentences[reason]);
      };
      if (request.method !== 'POST') {
        response.setHeader('Allow', 'POST');
        return fail(405, 'method_not_allowed', 'only POST is answered here');
      }
      const body = await readBody(request);
      if (!body.ok) {
        response.setHeader('Connection', 'close');
        return fail(body.status, body.code, body.message);
      }
      try {
        if (pathname === GUESTS) {
          if (guests === null) return fail(404, 'guests_off', 'this relay takes tokens of its operator only');
          const answer = await guestFor(guests, bearer(request.headers), body.fields['name']);
          if (!answer.ok) return refuse(answer.reason);
          const { token, user, expiresAtMs } = answer;
          return json(request, response, 200, { token, user, expiresAtMs });
        }
        const { room } = body.fields;
        if (tickets === null)
          return fail(501, 'tickets_off', 'relays that work together give no tickets yet: send the token in the first message');
        if (typeof room !== 'string' || room === '') return fail(400, 'body_invalid', 'a ticket needs {"room": NAME}');
        const who = await verifier.verify(bearer(request.headers));
        return who.ok ? json(request, response, 201, tickets.issue(room, who)) : refuse(who.reason);
      } catch (error) {
        if (!(error instanceof IdentityUnavailableError)) throw error;
        ports.onUnavailable(error);
        response.setHeader('Retry-After', RETRY_AFTER_SECONDS);
        return fail(503, 'unavailable', 'tokens cannot be checked now');
      }
    },
  };
}

function guestFor(guests: Guests, token: string, name: unknown): ReturnType<Guests['renew']> {
  const text = typeof name === 'string' ? name : undefined;
  return token === '' ? guests.mint(text) : guests.renew(token, text);
}

/** @returns '' without one. Something else than a token is left for the check to refuse. */
function bearer({ authorization = '' }: IncomingHttpHeaders): string {
  return /^Bearer (.+)$/i.exec(authorization)?.[1] ?? authorization;
}

type Body = { ok: true; fields: Record<string, unknown> } | { ok: false; status: number; code: string; message: string };

/** An empty body is {}. */
async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES)
      return { ok: false, status: 413, code: 'body_too_large', message: `at most ${MAX_BODY_BYTES} bytes are read` };
    chunks.push(chunk);
  }
  if (bytes === 0) return { ok: true, fields: {} };
  // A form of another page can send text and forms without being asked; JSON it cannot.
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    return { ok: false, status: 415, code: 'body_not_json', message: 'send application/json' };
  const invalid: Body = { ok: false, status: 400, code: 'body_invalid', message: 'the body must be a JSON object' };
  try {
    const fields: unknown = JSON.parse(Buffer.concat(chunks).toString());
    return typeof fields === 'object' && fields !== null && !Array.isArray(fields) ? { ok: true, fields: { ...fields } } : invalid;
  } catch (error) {
    if (error instanceof SyntaxError) return invalid;
    throw error;
  }
}

/** Made at the first start; for its owner's eyes only. */
async function keptSecret(folder: string | null): Promise<string> {
  if (folder === null) throw new TypeError('no folder to keep a secret in');
  const path = join(folder, SECRET_FILE);
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(32).toString('hex')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
      throw new Error(`the secret of guests cannot be kept in ${path}: set WETINK_SECRET`, { cause: error });
  }
  const secret = (await readFile(path, 'utf8')).trim();
  if (!/^[0-9a-f]{64}$/.test(secret))
    throw new Error(`${path} is damaged: put it back from a copy, or remove it, after which all guests are new people`);
  return secret;
}
