import { describe, expect, it } from 'vitest';
import { createOriginCheck, originMistake, ownOrigin, type OriginRequest, type OriginRules } from './origins.ts';
import { createProxyCheck } from './proxies.ts';

/** As with `npm start`: nothing configured, listening on 127.0.0.1. */
const atHome: OriginRules = { origins: null, isOpenMode: true, isLoopbackOnly: true, isTrustedProxy: () => false };
/** On a network, without a proxy. */
const onNetwork: OriginRules = { ...atHome, isLoopbackOnly: false };
/** Behind a proxy with TLS on the same machine. */
const behindProxy: OriginRules = { ...atHome, isTrustedProxy: createProxyCheck(['127.0.0.1']) };

function request(headers: Record<string, string>, remoteAddress = '127.0.0.1'): OriginRequest {
  return { headers, socket: { remoteAddress } as OriginRequest['socket'] };
}

const proxied = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'board.example', host: '127.0.0.1:8787' };

describe('[HT8] B8: origins that may open a WebSocket', () => {
  it.each<[string, OriginRules, Record<string, string>, boolean]>([
    ['a program without Origin', onNetwork, { host: 'board.example:8787' }, true],
    ["the relay's own page", onNetwork, { host: 'board.example:8787', origin: 'http://board.example:8787' }, true],
    ['its own page, with another spelling in Host', onNetwork, { host: 'Board.Example:80', origin: 'http://board.example' }, true],
    ['an evil page', onNetwork, { host: 'board.example:8787', origin: 'https://evil.example' }, false],
    ['null: a sandboxed frame, a file', onNetwork, { host: 'board.example:8787', origin: 'null' }, false],
    ['an empty Origin', onNetwork, { host: 'board.example:8787', origin: '' }, false],
    ['two Origins', onNetwork, { host: 'a.example', origin: 'http://a.example, http://evil.example' }, false],
    ["another name that begins with the relay's", onNetwork, { host: 'board.example', origin: 'http://board.example.evil.example' }, false],
    ["another name that ends with the relay's", onNetwork, { host: 'board.example', origin: 'http://evilboard.example' }, false],
    ['a sub-domain', onNetwork, { host: 'board.example', origin: 'http://x.board.example' }, false],
    ['a user that looks like the name', onNetwork, { host: 'board.example', origin: 'http://board.example@evil.example' }, false],
    ['another port', onNetwork, { host: 'board.example:8787', origin: 'http://board.example:8788' }, false],
    ['another scheme', onNetwork, { host: 'board.example', origin: 'https://board.example' }, false],
    ['a path behind it', onNetwork, { host: 'board.example', origin: 'http://board.example/' }, false],
    ['an invalid Host', onNetwork, { host: 'x@board.example', origin: 'http://board.example' }, false],
    ['no Host', onNetwork, { origin: 'http://board.example' }, false],
    ['loopback, on a relay for a network', onNetwork, { host: 'board.example:8787', origin: 'http://localhost:5173' }, false],
    ['an untrusted X-Forwarded-Host', onNetwork, { ...proxied, origin: 'https://board.example' }, false],
    ['a page of npm start', atHome, { host: '127.0.0.1:8787', origin: 'http://127.0.0.1:8787' }, true],
    ["a developer's page on another port", atHome, { host: 'localhost:8787', origin: 'http://localhost:5173' }, true],
    ['one with TLS, by number', atHome, { host: 'localhost:8787', origin: 'https://127.0.0.1:3000' }, true],
    ['one on IPv6 loopback', atHome, { host: 'localhost:8787', origin: 'http://[::1]:5173' }, true],
    ['the own page on IPv6 loopback', atHome, { host: '[::1]:8787', origin: 'http://[::1]:8787' }, true],
    ['an evil page, on loopback', atHome, { host: 'localhost:8787', origin: 'https://evil.example' }, false],
    ['null, on loopback', atHome, { host: 'localhost:8787', origin: 'null' }, false],
    ['a name that begins with localhost', atHome, { host: 'localhost:8787', origin: 'http://localhost.evil.example' }, false],
    ['a name that begins with 127', atHome, { host: 'localhost:8787', origin: 'http://127.0.0.1.evil.example' }, false],
    ['an evil name that resolves to loopback', atHome, { host: 'evil.example:8787', origin: 'http://evil.example:8787' }, false],
    ['a loopback page, not in open mode', { ...atHome, isOpenMode: false }, { host: 'localhost:1', origin: 'http://localhost:2' }, false],
    ['its own page, not in open mode', { ...atHome, isOpenMode: false }, { host: 'localhost:1', origin: 'http://localhost:1' }, true],
    ['behind a proxy, its own page', behindProxy, { ...proxied, origin: 'https://board.example' }, true],
    ['behind a proxy that passes Host alone', behindProxy, { host: 'board.example', origin: 'http://board.example' }, true],
    ['behind proxies in a row', behindProxy, { ...proxied, 'x-forwarded-host': 'a.example, b', origin: 'https://a.example' }, true],
    ["behind a proxy, the relay's inner address", behindProxy, { ...proxied, origin: 'http://127.0.0.1:8787' }, false],
    ["behind a proxy, a page of the visitor's computer", behindProxy, { ...proxied, origin: 'http://localhost:5173' }, false],
    ['behind a proxy, an unknown scheme', behindProxy, { ...proxied, 'x-forwarded-proto': 'ftp', origin: 'https://board.example' }, false],
  ])('%s', (_, rules, headers, isAllowed) => {
    expect(createOriginCheck(rules)(request(headers))).toBe(isAllowed);
  });

  it.each<[string, boolean]>([
    ['https://draw.example', true],
    ['http://board.example:8787', true],
    ['capacitor://localhost', true],
    ['http://draw.example', false],
    ['https://draw.example:8443', false],
    ['https://draw.example.evil.example', false],
    ['http://localhost:5173', false],
    ['null', false],
  ])('[HT8] B8: with a list, %s: %s', (origin, isAllowed) => {
    const check = createOriginCheck({ ...onNetwork, origins: ['https://Draw.example:443', 'capacitor://localhost'] });
    expect(check(request({ host: 'board.example:8787', origin }))).toBe(isAllowed);
  });

  it('[HT8] B8: a list takes the place of other loopback pages, and * lets every page in', () => {
    const listed = createOriginCheck({ ...atHome, origins: ['https://draw.example'] });
    expect(listed(request({ host: 'localhost:8787', origin: 'http://localhost:5173' }))).toBe(false);
    expect(listed(request({ host: 'localhost:8787', origin: 'http://localhost:8787' }))).toBe(true);
    const open = createOriginCheck({ ...onNetwork, origins: ['*'] });
    for (const origin of ['https://evil.example', 'null']) expect(open(request({ host: 'a.example', origin }))).toBe(true);
  });

  it('a trusted proxy on a dual-stack socket is recognised', () => {
    expect(ownOrigin(request(proxied, '::ffff:127.0.0.1'), behindProxy)).toBe('https://board.example');
  });
});

it.each(['draw.example', 'https://draw.example/', 'https://*.example', 'https://a@b.example', 'https://a.example:99999', 'null', '//x'])(
  '%s is not an origin',
  (text) => {
    expect(originMistake(text)).not.toBeNull();
    expect(() => createOriginCheck({ ...atHome, origins: [text] })).toThrow(RangeError);
  },
);
