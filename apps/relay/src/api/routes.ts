/** Which address and method is answered by what. Pure. */

import type { IncomingMessage } from 'node:http';
import type { User } from '@wetink/relay/identity';

export interface Call {
  /** What stands in the places of the pattern, decoded. */
  params: readonly string[];
  query: URLSearchParams;
  request: IncomingMessage;
  /** Whether anything was brought that should say who asks. */
  hasToken: boolean;
  /** Who asks. @throws {ApiFailure} Without a valid token, or suspended. */
  user(): Promise<User>;
  /** @throws {ApiFailure} */
  fields(): Promise<Record<string, unknown>>;
}

export type Answer =
  | { status: number; body: object }
  /** No JSON: with these headers instead of those of every answer. */
  | { status: number; bytes: Uint8Array; headers: Readonly<Record<string, string>> };

export type Handler = (call: Call) => Promise<Answer>;

export interface Route {
  /** Such as `/v1/boards/:/links`: each colon stands for one part that is not empty. */
  pattern: string;
  methods: Readonly<Record<string, Handler>>;
}

/** @returns null for an address of no route. `params` null: a part cannot be decoded. */
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
