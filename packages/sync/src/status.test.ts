import { isErrorName } from '@wetink/protocol';
import { describe, expect, it } from 'vitest';
import { linkFactsOf, type Known } from './link-facts.ts';
import { deriveStatus, NO_LINK, type Facts, type DocumentStatus, type Trouble, type Work } from './status.ts';

const work: Work = { waiting: 0, copy: 'kept', storage: 'working', hasUnread: false };
const quiet: Facts = { ...NO_LINK, ...work, isLoaded: true, refused: null };
const refused = { count: 3, code: 'DOCUMENT_TOO_LARGE', where: 'kept' } as const;

describe('the status', () => {
  const busy: Trouble = { code: 'STORAGE_UNAVAILABLE', reason: '', retryAtMs: 5_000, isHinted: true };
  const lost: Trouble = { code: 'CONNECTION_LOST', reason: '', retryAtMs: 900, isHinted: false };
  const synced = { link: 'open', isSynced: true, isUploaded: true, isExtension: true } as const;
  it.each<[Partial<Facts>, object]>([
    [{ isLoaded: false }, { kind: 'loading' }],
    [{}, { kind: 'connecting', waiting: 0, copy: 'kept' }],
    [{ waiting: 2 }, { kind: 'connecting', waiting: 2 }],
    [
      { waiting: 2, copy: 'none', storage: 'unused' },
      { kind: 'connecting', waiting: 2, copy: 'none' },
    ],
    [
      { link: 'open', waiting: 2 },
      { kind: 'sending', waiting: 2 },
    ],
    [
      { link: 'waiting', trouble: lost, waiting: 1, copy: 'writing' },
      { kind: 'offline', waiting: 1, copy: 'writing', retryAtMs: 900 },
    ],
    [{ trouble: lost }, { kind: 'offline' }],
    [
      { link: 'waiting', trouble: busy },
      { kind: 'trouble', code: 'STORAGE_UNAVAILABLE', isConnected: false, retryAtMs: 5_000 },
    ],
    [
      { ...synced, trouble: busy },
      { kind: 'trouble', isConnected: true, waiting: 0 },
    ],
    [{ link: 'open', isSynced: true, isExtension: true }, { kind: 'connecting' }],
    [synced, { kind: 'saved' }],
    [{ ...synced, hasUnread: true }, { kind: 'unread' }],
    [
      { ...synced, copy: 'none', storage: 'full' },
      { kind: 'saved', storage: 'full' },
    ],
    [{ link: 'open', isSynced: true, isExtension: false }, { kind: 'sent' }],
    [
      { role: 'viewer', link: 'open', waiting: 3 },
      { kind: 'read-only', waiting: 3 },
    ],
    [
      { link: 'closed', trouble: { ...lost, code: 'FORBIDDEN', reason: 'suspended' }, waiting: 3 },
      { kind: 'error', reason: 'suspended' },
    ],
  ])('[T1] %j is %j', (change, expected) => {
    expect(deriveStatus({ ...quiet, ...change })).toMatchObject(expected);
  });

  it('[T2] T2: a viewer whose relay is dead is offline like everybody else', () => {
    for (const role of ['viewer', 'editor', 'owner', null] as const)
      expect(deriveStatus({ ...quiet, role, link: 'waiting', trouble: lost })).toMatchObject({ kind: 'offline' });
  });

  it('[F1] T5: while changes are refused, the status says what holds of those made since', () => {
    const since = (change: Partial<Facts>): DocumentStatus['kind'] | undefined => {
      const status = deriveStatus({ ...quiet, ...change, refused });
      return status.kind === 'refused' ? status.since.kind : undefined;
    };
    expect(deriveStatus({ ...quiet, ...synced, refused })).toMatchObject({ kind: 'refused', count: 3, code: 'DOCUMENT_TOO_LARGE' });
    expect(since(synced)).toBe('saved');
    expect(since({ ...synced, waiting: 2 })).toBe('sending');
    expect(since({ link: 'waiting', trouble: lost })).toBe('offline');
    expect(since({ link: 'open', role: 'viewer' })).toBe('read-only');
    const shut = deriveStatus({ ...quiet, link: 'closed', trouble: { ...lost, code: 'FORBIDDEN' }, waiting: 1, refused });
    expect(shut).toMatchObject({ kind: 'error', waiting: 1, refused: { count: 3 } });
  });
});

describe('what a state of the connection means', () => {
  const known: Known = { role: null, isUploaded: false, retryAtMs: 700, notice: null };
  const cause = { code: 'CONNECTION_LOST', reason: '' } as const;
  const tries = { failures: 1, hasReauthed: false, cause };

  it('[T2] a lost link is offline from its first failure until it is usable again, and says when it is tried next', () => {
    expect(linkFactsOf({ name: 'connecting', tries: { ...tries, failures: 0, cause: null } }, known).trouble).toBeNull();
    expect(linkFactsOf({ name: 'waiting', tries, delayMs: 700, isHinted: false }, known).trouble).toMatchObject({
      ...cause,
      retryAtMs: 700,
    });
    expect(linkFactsOf({ name: 'greeting', tries }, known).trouble).toMatchObject({ ...cause, retryAtMs: null });
    expect(linkFactsOf({ name: 'syncing', tries, isExtension: true }, known).trouble).toBeNull();
    expect(linkFactsOf({ name: 'failed', cause: { code: 'FORBIDDEN', reason: 'suspended' } }, known)).toMatchObject({
      link: 'closed',
      trouble: { code: 'FORBIDDEN', reason: 'suspended' },
    });
  });

  it('[T2] a link that was given up on purpose is not offline', () => {
    expect(linkFactsOf({ name: 'waiting', tries: { ...tries, cause: null }, delayMs: 700, isHinted: false }, known).trouble).toBeNull();
  });

  it('[T3] what a relay says on an open link is the trouble of it', () => {
    const notice: Trouble = { code: 'RATE_LIMITED', reason: '', retryAtMs: 9_000, isHinted: true };
    expect(linkFactsOf({ name: 'synced', isExtension: true }, { ...known, notice }).trouble).toEqual(notice);
    expect(linkFactsOf({ name: 'waiting', tries, delayMs: 700, isHinted: false }, { ...known, notice }).trouble).toMatchObject(cause);
    expect(isErrorName(notice.code)).toBe(true);
  });
});
