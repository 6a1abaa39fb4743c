import { expect, it } from 'vitest';
import { offlineFactOf, offlineSentence, type OfflineSigns } from './offline-sentence.ts';

const signs: OfflineSigns = { isSecure: true, hasWorkers: true, isReady: false, hasFailed: false };

it.each<[string, Partial<OfflineSigns>, RegExp]>([
  ['the worker is being installed', {}, /^Getting ready/],
  ['it is there', { isReady: true }, /^This page opens without a network too\.$/],
  ['it is there, and a newer one could not be installed', { isReady: true, hasFailed: true }, /^This page opens/],
  [
    'plain http on an address of the local network',
    { isSecure: false, hasWorkers: false },
    /does not open without a network: that needs https/,
  ],
  ['a private window', { hasWorkers: false }, /does not open without a network: this browser, or a private window/],
  ['the browser refused it', { hasFailed: true }, /does not open without a network: it could not be stored/],
])('K11: the page does not promise an offline start that will not come: %s', (_title, some, said) => {
  expect(offlineSentence(offlineFactOf({ ...signs, ...some }))).toMatch(said);
});
