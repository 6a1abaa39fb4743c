import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { cidrMistake, createAddressReader, isFromHere } from './proxies.ts';

const request = (remoteAddress: string, headers: IncomingHttpHeaders = {}): Pick<IncomingMessage, 'headers' | 'socket'> => ({
  headers,
  socket: { remoteAddress } as IncomingMessage['socket'],
});

it('[HT9] without trusted proxies all forwarding headers are ignored', () => {
  const addressOf = createAddressReader([]);
  expect(addressOf(request('198.51.100.1', { 'x-forwarded-for': '203.0.113.9' }))).toBe('198.51.100.1');
  expect(addressOf(request('127.0.0.1', { forwarded: 'for=203.0.113.9' }))).toBe('127.0.0.1');
});

it.each<[string, IncomingHttpHeaders, string]>([
  ['the last hop that is not trusted', { 'x-forwarded-for': '6.6.6.6, 203.0.113.9, 10.1.2.3' }, '203.0.113.9'],
  ['not what the client claims before it', { 'x-forwarded-for': '10.0.0.5, 203.0.113.9' }, '203.0.113.9'],
  ['the left-most when all are trusted', { 'x-forwarded-for': '10.0.0.7, 10.1.2.3' }, '10.0.0.7'],
  ['the proxy itself without a header', {}, '10.0.0.2'],
  ['the last known hop after an unknown one', { 'x-forwarded-for': '203.0.113.9, unknown, 10.1.2.3' }, '10.1.2.3'],
  ['an empty header', { 'x-forwarded-for': '' }, '10.0.0.2'],
  ['ports', { 'x-forwarded-for': '203.0.113.9:4711' }, '203.0.113.9'],
  ['IPv6', { 'x-forwarded-for': '[2001:db8::1]:4711' }, '2001:db8::1'],
  ['IPv6 without brackets', { 'x-forwarded-for': '2001:db8::1' }, '2001:db8::1'],
  ['Forwarded of RFC 7239', { forwarded: 'for=6.6.6.6;proto=https, For="[2001:db8::2]:80";by=10.0.0.2' }, '2001:db8::2'],
  ['X-Forwarded-For before Forwarded', { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=6.6.6.6' }, '203.0.113.9'],
])('behind a trusted proxy: %s', (_, headers, expected) => {
  expect(createAddressReader(['10.0.0.0/8', 'fd00::/8'])(request('10.0.0.2', headers))).toBe(expected);
  expect(createAddressReader(['10.0.0.0/8'])(request('::ffff:10.0.0.2', headers))).toBe(expected);
});

it('invalid addresses and ranges are refused with the reason', () => {
  for (const good of ['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', '0.0.0.0/0']) expect(cidrMistake(good)).toBeNull();
  for (const bad of ['nginx', '10.0.0.0/33', '10.0.0.0/', '10.0.0/8', '::1/129', '10.0.0.0/8/8', '*'])
    expect(cidrMistake(bad), bad).toMatch(/must be/);
});

it('a request counts as from this computer only without a proxy', () => {
  expect(isFromHere(request('127.0.0.1'))).toBe(true);
  expect(isFromHere(request('::ffff:127.0.0.1'))).toBe(true);
  expect(isFromHere(request('::1'))).toBe(true);
  expect(isFromHere(request('127.0.0.1', { 'x-forwarded-for': '127.0.0.1' }))).toBe(false);
  expect(isFromHere(request('127.0.0.1', { via: '1.1 nginx' }))).toBe(false);
  expect(isFromHere(request('10.0.0.2'))).toBe(false);
  expect(isFromHere(request(''))).toBe(false);
});
