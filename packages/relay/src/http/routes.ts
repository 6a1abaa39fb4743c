/** Finds the handler of a path and method. Pure. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { User } from '../identity/answer.ts';

export interface Call {
  /** The path parts in place of the colons, decoded. */
  params: readonly string[];
  query: URLSearchParams;
  request: IncomingMessage;
  /** Whether the request has an Authorization header, valid or not. */
  hasToken: boolean;
  /** The caller. @throws {ApiFailure} The token is missing or not valid, or the user is suspended. */
  user(): Promise<User>;
  /** The body, a JSON object. @param maxBytes Default: `maxBodyBytes`. @throws {ApiFailure} */
  fields(maxBytes?: number): Promise<Record<string, unknown>>;
}

export type Answer =
  | { status: number; body: object }
  /** Bytes instead of JSON, with their own headers. */
  | { status: number; bytes: Uint8Array; headers: Readonly<Record<string, string>> }
  /** As many bytes as `size`, read while they are sent; HEAD reads none. */
  | { status: number; size: number; pieces: AsyncIterable<Uint8Array>; headers: Readonly<Record<string, string>> }
  /** As long as `stream` goes on, which ends the response. `cancel` is called instead when nothing is to be sent. */
  | { status: number; headers: Readonly<Record<string, string>>; stream(response: ServerResponse): Promise<void>; cancel(): void }
  /** Nothing but a status. */
  | { status: 204 };

export type Handler = (call: Call) => Promise<Answer>;

export interface Route {
  /** Such as `/v1/boards/:/links`: each colon matches one part that is not empty. */
  pattern: string;
  methods: Readonly<Record<string, Handler>>;
  /** GET and HEAD count towards a limit of their own: a page asks for every picture of a board. */
  readsBlobs?: true;
}

/** @returns null when no route matches. `params` null: a part cannot be decoded. */
export function matchRoute(routes: readonly Route[], pathname: string): { route: Route; params: string[] | null } | null {
  const parts = pathname.split('/');
  for (const route of routes) {
    const pattern = route.pattern.split('/');
    if (pattern.length !== parts.length || !pattern.every((part, i) => (part === ':' ? parts[i] !== '' : part === parts[i]))) continue;
    try {
      return { route, params: parts.filter((_, i) => pattern[i] === ':').map(decodeURIComponent) };
    } catch (error) {
      if (error instanceof URIError) return { route, params: null };
      throw error;
    }
  }
  return null;
}

/** GET answers HEAD as well. */
export function handlerOf({ methods }: Route, method: string): Handler | null {
  const name = method === 'HEAD' ? 'GET' : method;
  return Object.hasOwn(methods, name) ? (methods[name] ?? null) : null;
}

export function allowedMethods({ methods }: Route): string {
  return Object.keys(methods)
    .flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name]))
    .join(', ');
}
