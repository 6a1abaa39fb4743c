/** Finds the handler of a path and method. Pure. */

import type { IncomingMessage } from 'node:http';
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
  /** @throws {ApiFailure} */
  fields(): Promise<Record<string, unknown>>;
}

export type Answer =
  | { status: number; body: object }
  /** Bytes instead of JSON, with their own headers. */
  | { status: number; bytes: Uint8Array; headers: Readonly<Record<string, string>> };

export type Handler = (call: Call) => Promise<Answer>;

export interface Route {
  /** Such as `/v1/boards/:/links`: each colon matches one part that is not empty. */
  pattern: string;
  methods: Readonly<Record<string, Handler>>;
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
