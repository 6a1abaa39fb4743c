/**
 * Identifies users: guests with an id that this relay signs, or users with a token of the operator's.
 *
 * A Wetink client sends its token in its first message or in the Authorization header, never in an address, which proxies
 * and histories keep. In an address the relay accepts only a ticket.
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
  /** The secret that all relays share; links are made with it. */
  secret: string;
  /** Null when users have tokens of the operator's. */
  guests: Guests | null;
  tickets: TicketOffice;
  /** Verifies a token from a header or a first message. @throws {IdentityUnavailableError} */
  verify(token: string): Promise<IdentityAnswer>;
  /** Verifies the ticket or token of a client that enters a room. @throws {IdentityUnavailableError} */
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
  /** Null: no data folder, so a secret must be configured. */
  folder: string | null;
  tickets: TicketOffice;
}

/**
 * @returns null in open mode without a secret: there are no users.
 * @throws {Error} The secret can be neither read nor kept.
 */
export async function createIdentity(config: IdentityConfig, { folder, tickets }: IdentityPorts): Promise<Identity | null> {
  const { mode } = config;
  const secret = config.secret ?? (folder === null ? null : await keptSecret(folder));
  if (secret === null) {
    if (mode === 'open') return null;
    throw new TypeError('a mode with users needs a secret, or a folder to keep one in');
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

/** @returns The token of the header, or '' without a header. Anything that is not a token fails verification later. */
export function bearer({ authorization = '' }: IncomingHttpHeaders): string {
  return /^Bearer (.+)$/i.exec(authorization)?.[1] ?? authorization;
}
