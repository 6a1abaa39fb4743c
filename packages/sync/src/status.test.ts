import { errors } from '@wetink/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkFactsOf } from './link-facts.ts';
import { deriveStatus, NO_LINK, type Facts } from './status.ts';

const facts: fc.Arbitrary<Facts> = fc.record({
  link: fc.constantFrom('connecting', 'open', 'waiting', 'closed'),
  isSynced: fc.boolean(),
  isUploaded: fc.boolean(),
  isExtension: fc.constantFrom(true, false, null),
  hasFailed: fc.boolean(),
  role: fc.constantFrom('viewer', 'editor', 'owner', null),
  error: fc.constantFrom(null, { code: 'FORBIDDEN' as const, sentence: errors.FORBIDDEN.sentence }),
  isLoaded: fc.boolean(),
  device: fc.constantFrom('unused', 'writing', 'written', 'memory-only'),
  waiting: fc.nat(5),
  refused: fc.constantFrom(null, { count: 3, code: 'DOCUMENT_TOO_LARGE' as const }),
});
const quiet: Facts = { ...NO_LINK, isLoaded: true, device: 'written', waiting: 0, refused: null };

describe('the status', () => {
  test('[T1] saved only when a relay holds every change, sent only for a stock server', () => {
    fc.assert(
      fc.property(facts, (known) => {
        const { kind } = deriveStatus(known);
        if (kind === 'saved') {
          expect(known).toMatchObject({
            waiting: 0,
            link: 'open',
            isSynced: true,
            isUploaded: true,
            isExtension: true,
            error: null,
            refused: null,
            isLoaded: true,
          });
          expect(known.device).not.toBe('memory-only');
        }
        if (kind === 'sent') expect(known).toMatchObject({ waiting: 0, link: 'open', isExtension: false });
        if (kind === 'sending') expect(known.link).toBe('open');
      }),
      { numRuns: 2_000 },
    );
  });

  test('[T1] nothing bad is ever hidden behind something better', () => {
    fc.assert(
      fc.property(facts, (known) => {
        const status = deriveStatus(known);
        if (known.error !== null) expect(status.kind).toBe('error');
        else if (known.isLoaded && known.refused !== null)
          expect(status).toEqual({ kind: 'refused', count: 3, code: 'DOCUMENT_TOO_LARGE' });
        if ('copy' in status) expect(status.copy === 'kept').toBe(known.device === 'written');
        if ('copy' in status) expect(status.copy === 'writing').toBe(known.device === 'writing');
        if ('waiting' in status) expect(status.waiting).toBe(known.waiting);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    [{ isLoaded: false }, { kind: 'loading' }],
    [{}, { kind: 'device', waiting: 0, copy: 'kept' }],
    [{ waiting: 2 }, { kind: 'device', waiting: 2, copy: 'kept' }],
    [
      { waiting: 2, device: 'writing' },
      { kind: 'device', waiting: 2, copy: 'writing' },
    ],
    [
      { waiting: 2, device: 'unused' },
      { kind: 'memory-only', waiting: 2 },
    ],
    [
      { link: 'open', waiting: 2 },
      { kind: 'sending', count: 2 },
    ],
    [
      { link: 'waiting', waiting: 1, device: 'writing' },
      { kind: 'offline', waiting: 1, copy: 'writing' },
    ],
    [{ device: 'unused' }, { kind: 'loading' }],
    [
      { device: 'memory-only', waiting: 1 },
      { kind: 'memory-only', waiting: 1 },
    ],
    [
      { link: 'waiting', waiting: 2 },
      { kind: 'offline', waiting: 2, copy: 'kept' },
    ],
    [
      { link: 'connecting', hasFailed: true },
      { kind: 'offline', waiting: 0, copy: 'kept' },
    ],
    [
      { link: 'waiting', device: 'memory-only' },
      { kind: 'offline', waiting: 0, copy: 'none' },
    ],
    [
      { link: 'open', isSynced: true, isExtension: true },
      { kind: 'device', waiting: 0, copy: 'kept' },
    ],
    [{ link: 'open', isSynced: true, isUploaded: true, isExtension: true }, { kind: 'saved' }],
    [{ link: 'open', isSynced: true, isExtension: false }, { kind: 'sent' }],
    [
      { role: 'viewer', link: 'open', waiting: 3 },
      { kind: 'read-only', waiting: 3 },
    ],
  ] as const)('[T1] %j is %j', (change, expected) => {
    expect(deriveStatus({ ...quiet, ...change })).toEqual(expected);
  });

  test('[T2] a lost link is offline from the first failure until it is usable again', () => {
    const known = { role: null, isUploaded: false };
    const tries = { failures: 1, hasReauthed: false };
    expect(linkFactsOf({ name: 'connecting', tries: { ...tries, failures: 0 } }, known).hasFailed).toBe(false);
    expect(linkFactsOf({ name: 'greeting', tries }, known).hasFailed).toBe(true);
    expect(linkFactsOf({ name: 'failed', code: 'FORBIDDEN' }, known)).toMatchObject({ link: 'closed', error: { code: 'FORBIDDEN' } });
  });
});
