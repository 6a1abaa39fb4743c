/**
 * The upgrade request of one connection, as `authorize` is asked about it: with its first token, and with each one that
 * comes later. Until then the headers are kept as text, which takes a third of the memory.
 */

import type { IncomingHttpHeaders } from 'node:http';
import type { AuthorizeAnswer, AuthorizeRequest } from '../ports/authorize.ts';
import type { AuthorizationClocks, AuthorizationPorts } from './authorization.ts';

/** The part of the relay that answers, shared by all connections. */
export interface EntryContext extends AuthorizationClocks {
  authorize(request: AuthorizeRequest): Promise<AuthorizeAnswer>;
}

export class EntryRequest implements AuthorizationPorts {
  readonly clocks: EntryContext;
  readonly #room: string;
  readonly #isExtension: boolean;
  #first: { url: URL; headers: IncomingHttpHeaders } | null;
  #url = '';
  #headers = '{}';

  constructor(context: EntryContext, { room, isExtension, url, headers }: Omit<AuthorizeRequest, 'token'>) {
    this.clocks = context;
    this.#room = room;
    this.#isExtension = isExtension;
    this.#first = { url, headers };
  }

  async authorize(token: string): Promise<AuthorizeAnswer> {
    const asked = this.#first ?? { url: new URL(this.#url), headers: JSON.parse(this.#headers) as IncomingHttpHeaders };
    if (this.#first !== null) this.#pack(this.#first);
    return this.clocks.authorize({ room: this.#room, isExtension: this.#isExtension, token, ...asked });
  }

  #pack({ url, headers }: { url: URL; headers: IncomingHttpHeaders }): void {
    this.#first = null;
    // A base client has no second token.
    if (!this.#isExtension) return;
    this.#url = url.href;
    this.#headers = JSON.stringify(headers);
  }
}
