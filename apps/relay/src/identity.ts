/**
 * Who somebody is: a guest with an id that this relay signs, or somebody with a token of the operator's.
 *
 * A token comes in the first message of our own client, or in the Authorization header; never in an address, which proxies
 * and histories keep. There only a ticket is taken.
 */

import type { IncomingHttpHeaders } from 'node:http';
import {
  createGuests,
  createTokenVerifier,
  isTicket,
  type Guests,
  type IdentityAnswer,
  type TicketOffice,
  type TokenVerifier,
} from '@wetink/relay/identity';
import type { IdentityConfig } from './identity-config.ts';
import { keptSecret } from './kept-secret.ts';

export interface Identity {
  mode: IdentityConfig['mode'];
  /** Of the relays: links are made with it. */
  secret: string;
  /** Null where tokens are the operator's. */
  guests: Guests | null;
  tickets: TicketOffice;
  /** A token of a header or a first message. @throws {IdentityUnavailableError} */
  verify(token: string): Promise<IdentityAnswer>;
  /** Whatever somebody brings who wants to enter a room. @throws {IdentityUnavailableError} */
  entering(request: EnteringRequest): Promise<Entering>;
}

export interface EnteringRequest {
  room: string;
  token: string;
  isExtension: boolean;
  headers: IncomingHttpHeaders;
}

export type Entering = IdentityAnswer & { method: 'ticket' | 'token' | 'guest' };

export interface IdentityPorts {
  /** Null: a secret must be configured. */
  folder: string | null;
  tickets: TicketOffice;
}

/** @returns null in open mode without a secret: nobody can be told from anybody. @throws {Error} The secret can be neither read nor kept. */
export async function createIdentity(config: IdentityConfig, { folder, tickets }: IdentityPorts): Promise<Identity | null> {
  const { mode } = config;
  const secret = config.secret ?? (folder === null ? null : await keptSecret(folder));
  if (secret === null) {
    if (mode === 'open') return null;
    throw new TypeError('a mode with people needs a secret, or a folder to keep one in');
  }
  const guests = mode === 'tokens' ? null : createGuests({ secret });
  const verifier: TokenVerifier = guests ?? createTokenVerifier(config as IdentityConfig & { mode: 'tokens' });
  return {
    mode,
    secret,
    guests,
    tickets,
    verify: (token) => verifier.verify(token),
    async entering({ room, token, isExtension, headers }) {
      if (isTicket(token)) return { ...(await tickets.redeem(token, room)), method: 'ticket' };
      const method = guests === null ? 'token' : 'guest';
      if (!isExtension && token !== '') return { ok: false, reason: 'not_allowed', method };
      return { ...(await verifier.verify(token === '' ? bearer(headers) : token)), method };
    },
  };
}

/** @returns '' without one. Something else than a token is left for the check to refuse. */
export function bearer({ authorization = '' }: IncomingHttpHeaders): string {
  return /^Bearer (.+)$/i.exec(authorization)?.[1] ?? authorization;
}
