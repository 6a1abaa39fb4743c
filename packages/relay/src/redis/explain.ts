/** Explains why Redis cannot be reached, in one sentence that says what to do. Never contains a password. */

import { RedisLinkError } from './link.ts';

const CAUSES: readonly [pattern: RegExp, sentence: string][] = [
  [/ECONNREFUSED/, 'Nothing listens there. Start Redis, or correct the Redis URL.'],
  [/ENOTFOUND|EAI_AGAIN/, 'The host has no address. Correct the Redis URL, or check the name service.'],
  [
    /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|timed out/i,
    'There is no answer. Check the network, firewalls, and that the server is not stopped.',
  ],
  [/WRONGPASS|invalid password|invalid username/i, 'The user or the password in the Redis URL is wrong.'],
  [/NOAUTH/, 'This Redis requires a password: put it into the Redis URL, redis://:password@host:port.'],
  [/NOPERM/, 'The Redis user lacks a permission; the README of @wetink/relay has the ACL line it needs.'],
  [/LOADING/, 'Redis is still loading its data.'],
  [/CLUSTERDOWN/, 'The Redis Cluster does not serve all of its slots.'],
  [
    /certificate|self.signed|CERT_|altnames/i,
    'Its TLS certificate is not trusted. Give the CA with NODE_EXTRA_CA_CERTS or the option tls.ca.',
  ],
  [/SSL|wrong version number|EPROTO|packet length too long/i, 'One side speaks TLS and the other does not: redis:// or rediss://?'],
  [/READONLY|MISCONF|OOM/, 'Redis takes no writes: it is a replica, its disk is full, or maxmemory is reached.'],
];

export function explain(error: Error): string {
  const text = `${error.message} ${(error.cause as { code?: unknown } | undefined)?.code ?? ''}`;
  const sentence = CAUSES.find(([pattern]) => pattern.test(text))?.[1];
  const place = error instanceof RedisLinkError ? `Redis at ${error.endpoint}: ` : '';
  return `${place}${error.message}${sentence === undefined ? '' : ` - ${sentence}`}`;
}
