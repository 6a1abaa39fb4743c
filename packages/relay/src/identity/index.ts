/** Identities of users: signed guests, an operator's own tokens, and tickets for clients that can only send a URL. */

export { identityReasons, identitySentences, IdentityUnavailableError } from './answer.ts';
export type { Identified, IdentityAnswer, IdentityReason, Refused, User } from './answer.ts';
export { createGuests, guestAudience, guestIdOfSecret, isGuestSecret, minSecretBytes } from './guests.ts';
export type { Guests, GuestsOptions, MintedGuest } from './guests.ts';
export { clockSkewMs, maxTokenBytes } from './jwt.ts';
export { createTickets, isTicket } from './tickets.ts';
export type { Ticket, TicketOffice, Tickets, TicketsOptions } from './tickets.ts';
export { readKeys, tokenAlgorithms } from './token-keys.ts';
export type { ReadKeys, TokenAlgorithm, TokenKeys } from './token-keys.ts';
export { createTokenVerifier } from './token-verifier.ts';
export type { TokenVerifier, TokenVerifierConfig } from './token-verifier.ts';
export type { RolesClaim } from './user-roles.ts';
export { isUserId } from './user-claims.ts';
