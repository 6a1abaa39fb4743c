/**
 * The upgrade request of one connection, as `authorize` is asked about it: with its first token, and with each one that
 * comes later. Until then the headers are kept as text, which takes a third of the memory. The target becomes a URL
 * when `authorize` reads it: most look at the token alone.
 */

import type { IncomingHttpHeaders } from 'node:http';
import type { AuthorizeAnswer, AuthorizeRequest } from '../ports/authorize.ts';
import type { AuthorizationClocks, AuthorizationPorts } from './authorization.ts';

/** The part of the relay that answers, shared by all connections. */
export interface EntryContext extends AuthorizationClocks {
  authorize(request: AuthorizeRequest): Promise<AuthorizeAnswer>;
}

export interface Entry extends Pick<AuthorizeRequest, 'room' | 'isExtension' | 'headers'> {
  /** Target of the request, as it came; `urlOf` can read it. */
  target: string;
}

export class EntryRequest implements AuthorizationPorts {
  readonly clocks: EntryContext;
  readonly #room: string;
  readonly #isExtension: boolean;
  readonly #target: string;
  /** Until the first token is asked about. */
  #firstHeaders: IncomingHttpHeaders | null;
  #headers = '{}';

  constructor(context: EntryContext, { room, isExtension, target, headers }: Entry) {
    this.clocks = context;
    this.#room = room;
    this.#isExtension = isExtension;
    this.#target = target;
    this.#firstHeaders = headers;
  }

  async authorize(token: string): Promise<AuthorizeAnswer> {
    const headers = this.#firstHeaders ?? (JSON.parse(this.#headers) as IncomingHttpHeaders);
    // A base client has no second token.
    if (this.#firstHeaders !== null && this.#isExtension) this.#headers = JSON.stringify(headers);
    this.#firstHeaders = null;
    const target = this.#target;
    let url: URL | null = null;
    return this.clocks.authorize({
      room: this.#room,
      isExtension: this.#isExtension,
      token,
      headers,
      get url() {
        return (url ??= urlOf(target));
      },
    });
  }
}

/** @param target A path, perhaps with a query. @throws {TypeError} When it does not begin with a slash and is no part of a URL. */
export function urlOf(target: string): URL {
  return new URL(`ws://relay${target}`);
}
