import { describe, expect, it } from 'vitest';
import { createRedisBus } from './index.ts';
import { explain } from './explain.ts';
import { RedisLinkError } from './link.ts';
import { parseRedisUrl, RedisUrlError } from './redis-url.ts';

describe('the Redis URL', () => {
  it('[RB1] a URL names a host and the settings of its connections', () => {
    expect(parseRedisUrl('redis://localhost')).toEqual({
      endpoints: [{ host: 'localhost', port: 6379 }],
      isTls: false,
      username: '',
      password: '',
      database: 0,
    });
    expect(parseRedisUrl('rediss://an%40a:p%2Cw%3A@[::1]:6380/3')).toEqual({
      endpoints: [{ host: '::1', port: 6380 }],
      isTls: true,
      username: 'an@a',
      password: 'p,w:',
      database: 3,
    });
  });

  it('[RB1] a URL may name several nodes; the first sets user and password for all', () => {
    const address = parseRedisUrl('rediss://:secret@a:7000, b:7001,rediss://c');
    expect(address.endpoints).toEqual([
      { host: 'a', port: 7000 },
      { host: 'b', port: 7001 },
      { host: 'c', port: 6379 },
    ]);
    expect(address).toMatchObject({ isTls: true, password: 'secret' });
  });

  it.each([
    '',
    ' , ',
    'localhost:6379',
    'http://localhost',
    'redis://',
    'redis://h:port',
    'redis://h:99999',
    'redis://h/one',
    'redis://h?db=1',
    'redis://a,rediss://b',
    'redis://a/1,b',
    'redis://:hunter2%zz@h',
    'redis://:hunter2/@h',
  ])('[RB1] %j is refused with a sentence', (url) => {
    let refusal: unknown;
    try {
      parseRedisUrl(url);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(RedisUrlError);
    expect((refusal as Error).message).toMatch(/^[A-Z].*[.\d]$/);
    expect((refusal as Error).message).not.toContain('hunter2');
  });

  it('[RB1] invalid bus options are refused before the bus connects', async () => {
    await expect(createRedisBus({ url: 'localhost' })).rejects.toThrow(RedisUrlError);
    const url = 'redis://127.0.0.1:1';
    await expect(createRedisBus({ url, node: 'a b' })).rejects.toThrow('node');
    await expect(createRedisBus({ url, keyPrefix: '{x}' })).rejects.toThrow('keyPrefix');
    await expect(createRedisBus({ url, heartbeatMs: 0 })).rejects.toThrow('heartbeatMs');
    await expect(createRedisBus({ url, maxOutboxBytes: Number.NaN })).rejects.toThrow('maxOutboxBytes');
  });
});

describe('why Redis is not reached', () => {
  it.each([
    ['connect ECONNREFUSED 127.0.0.1:1', 'Start Redis'],
    ['WRONGPASS invalid username-password pair or user is disabled.', 'password'],
    ['NOPERM this user has no permissions', 'ACL'],
    ['self-signed certificate', 'NODE_EXTRA_CA_CERTS'],
    ['getaddrinfo ENOTFOUND redis', 'name service'],
  ])('[RB5] the error for “%s” says what to do', (message, advice) => {
    const sentence = explain(new RedisLinkError('h:1', new Error(message)));
    expect(sentence).toContain('Redis at h:1');
    expect(sentence).toContain(advice);
  });
});
