import { readFileSync } from 'node:fs';
import { loadedVersions } from '@wetink/relay';
import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse-config.ts';
import { describeUnsafe, unsafeVersions } from './unsafe-settings.ts';

const good = 'b7e1f0c2a95d4e338fd06c1b2a7788990011aabb';
const tokens = { WETINK_AUTH: 'tokens', WETINK_JWT_ISSUER: 'a', WETINK_JWT_AUDIENCE: 'b', WETINK_JWT_SECRET: good };

function mistakes(env: Record<string, string>): string[] {
  const parsed = parseConfig([], env);
  return parsed.kind === 'mistakes' ? parsed.mistakes : [];
}

describe('unsafe settings', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['a short secret', { WETINK_SECRET: good.slice(0, 31) }, { WETINK_SECRET: good.slice(0, 32) }],
    ['a well-known secret', { WETINK_SECRET: 'changeme-changeme-changeme-change' }, { WETINK_SECRET: good }],
    ['a well-known secret of tokens', { ...tokens, WETINK_JWT_SECRET: 'please-replace-this-with-your-secret' }, tokens],
    ['a well-known admin token', { WETINK_ADMIN_TOKEN: 'changemechangeme' }, { WETINK_ADMIN_TOKEN: good.slice(0, 16) }],
    ['a short admin token', { WETINK_ADMIN_TOKEN: good.slice(0, 15) }, { WETINK_ADMIN_TOKEN: good.slice(0, 16) }],
    ['an admin token that a header cannot carry', { WETINK_ADMIN_TOKEN: `${good} ` }, { WETINK_ADMIN_TOKEN: good }],
    ['every origin in production', { WETINK_ORIGINS: 'https://a.example,*', NODE_ENV: 'production' }, { WETINK_ORIGINS: '*' }],
    ['every proxy', { WETINK_TRUSTED_PROXIES: '10.0.0.0/8,0.0.0.0/0' }, { WETINK_TRUSTED_PROXIES: '10.0.0.0/8' }],
    ['every proxy, of IPv6', { WETINK_TRUSTED_PROXIES: '::/0' }, { WETINK_TRUSTED_PROXIES: '::/10' }],
    [
      'unencrypted tokens',
      { ...tokens, WETINK_HOST: '0.0.0.0', WETINK_TOKEN_URL: 'http://a.example/token' },
      { ...tokens, WETINK_HOST: '0.0.0.0', WETINK_TOKEN_URL: 'https://a.example/token' },
    ],
  ])('%s is refused, and a safe setting in its place accepted', (_, unsafe, safe) => {
    expect(mistakes(unsafe)).toHaveLength(1);
    expect(mistakes(safe)).toEqual([]);
  });

  it('the versions loaded in this process are safe, and the version before each minimum is refused', () => {
    const loaded = loadedVersions();
    expect(loaded.map(({ name, version }) => [name, version?.split('.').length])).toEqual([
      ['ws', 3],
      ['lib0', 3],
      ['lib0', 3],
    ]);
    expect(unsafeVersions(loaded)).toEqual([]);
    for (const version of ['8.22.9', '7.5.10', '8.23.0-beta.1', 'nonsense'])
      expect(unsafeVersions([{ name: 'ws', version }]), version).toHaveLength(1);
    for (const version of ['8.23.0', '8.24.0', '9.0.0', null])
      expect(unsafeVersions([{ name: 'ws', version }]), String(version)).toEqual([]);
    expect(unsafeVersions([{ name: 'lib0', version: '0.2.119' }])).toEqual([
      'lib0 0.2.119 is loaded, which has known holes: install 0.2.120 or later',
    ]);
    expect(unsafeVersions([{ name: 'lib0', version: '0.2.120' }])).toEqual([]);
  });
});

it('README.md has the table of unsafe settings', () => {
  const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(text).toContain(`\n\n${describeUnsafe()}\n\n`);
});
