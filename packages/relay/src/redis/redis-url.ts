/**
 * The Redis URL that an operator gives: `redis://user:password@host:6379/0`, `rediss://` for TLS, or several nodes of a
 * Redis Cluster separated by commas. Scheme, user, password and database of the first node hold for nodes that leave
 * them out: `rediss://:secret@a:6379,b:6379,c:6379`.
 */

export interface RedisEndpoint {
  host: string;
  port: number;
}

export interface RedisAddress {
  /** Places to connect to, at least one; any of them will do. */
  endpoints: readonly RedisEndpoint[];
  isTls: boolean;
  /** Empty for Redis' default user. */
  username: string;
  /** Empty for no password. */
  password: string;
  database: number;
}

/** The URL cannot be used; the message says why and repeats no part of it. */
export class RedisUrlError extends Error {
  override readonly name = 'RedisUrlError';
}

const DEFAULT_PORT = 6379;

/** @throws {RedisUrlError} */
export function parseRedisUrl(text: string): RedisAddress {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const [first] = parts;
  if (first === undefined) throw new RedisUrlError('The Redis URL is empty. Example: redis://127.0.0.1:6379');
  const head = parseOne(first);
  const others = parts.slice(1).map((part) => parseOne(part.includes('://') ? part : `${head.protocol}//${part}`));
  if (others.some(({ protocol }) => protocol !== head.protocol))
    throw new RedisUrlError('The nodes of one Redis URL must all be redis:// or all be rediss://.');
  const database = databaseOf(head);
  if (parts.length > 1 && database !== 0) throw new RedisUrlError('A Redis Cluster has only database 0.');
  return {
    endpoints: [head, ...others].map((url) => ({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    })),
    isTls: head.protocol === 'rediss:',
    username: decode(head.username),
    password: decode(head.password),
    database,
  };
}

function parseOne(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new RedisUrlError(
      'The Redis URL cannot be read. Write redis://host:port or rediss://user:password@host:port, with special characters percent-encoded.',
      { cause },
    );
  }
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:')
    throw new RedisUrlError('The Redis URL must begin with redis:// or rediss:// (TLS).');
  if (url.hostname === '') throw new RedisUrlError('The Redis URL names no host. Example: redis://127.0.0.1:6379');
  if (url.search !== '' || url.hash !== '') throw new RedisUrlError('The Redis URL takes no parameters after ? or #.');
  return url;
}

function databaseOf(url: URL): number {
  const path = url.pathname.replace(/^\//, '');
  if (path === '') return 0;
  if (!/^\d{1,5}$/.test(path)) throw new RedisUrlError('The database of a Redis URL is a number, such as redis://host:6379/0.');
  return Number(path);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new RedisUrlError('User and password of the Redis URL must be percent-encoded.', { cause });
  }
}
