/**
 * Walks every combination of what can be known of a room: link, role, every code, with and without a time, changes that
 * wait, where they are, storage, what could not be read, and kept copies. Left out is only what a link can't be: a closed
 * one that is synced, say.
 */
import { errors, type ErrorName, type Role } from '@wetink/protocol';
import { NO_LINK, type CopyFact, type Facts, type LinkFacts, type Refused, type StorageFact, type Trouble, type Work } from '../status.ts';

export const errorNames = Object.keys(errors) as ErrorName[];

const RETRY_AT_MS = 12_000;
/** Null: the relay has not said. */
export const everyRole: readonly (Role | null)[] = [null, 'viewer', 'editor', 'owner'];
const counts = [0, 1, 3];
const copies: readonly CopyFact[] = ['kept', 'writing', 'none'];
/** Nothing is kept where there is no storage; what was kept before it failed still is. */
const places: readonly (readonly [CopyFact, StorageFact])[] = [
  ['kept', 'working'],
  ['kept', 'full'],
  ['kept', 'failing'],
  ['writing', 'working'],
  ['none', 'unused'],
  ['none', 'blocked'],
  ['none', 'full'],
  ['none', 'failing'],
];
function* everyTrouble(codes: readonly ErrorName[], hasTimes: boolean): Generator<Trouble> {
  for (const code of codes) {
    yield { code, reason: '', retryAtMs: null, isHinted: false };
    if (hasTimes) yield { code, reason: '', retryAtMs: RETRY_AT_MS, isHinted: code !== 'CONNECTION_LOST' };
  }
  yield { code: 'FORBIDDEN', reason: 'suspended', retryAtMs: null, isHinted: false };
  yield { code: 'RATE_LIMITED', reason: 'user_boards', retryAtMs: hasTimes ? RETRY_AT_MS : null, isHinted: hasTimes };
}

function* everyLink(): Generator<Omit<LinkFacts, 'role'>> {
  const { role: _, ...none } = NO_LINK;
  for (const trouble of [null, ...everyTrouble(errorNames, false)]) {
    yield { ...none, trouble };
    yield { ...none, link: 'closed', trouble };
  }
  for (const trouble of [null, ...everyTrouble(errorNames, true)]) yield { ...none, link: 'waiting', trouble };
  // Relays send these on an open link; the rest is raised on a device and never sent.
  const sent = errorNames.filter((name) => errors[name].code < 4600);
  for (const trouble of [null, ...everyTrouble(sent, true)])
    for (const [isSynced, isUploaded, isExtension] of [
      [false, false, true],
      [true, false, true],
      [true, true, true],
      [false, false, false],
      [true, false, false],
    ] as const)
      yield { link: 'open', isSynced, isUploaded, isExtension, trouble };
}

function* everyWork(): Generator<Work> {
  for (const waiting of counts)
    for (const [copy, storage] of places) for (const hasUnread of [false, true]) yield { waiting, copy, storage, hasUnread };
}

function* everyRefusal(): Generator<Refused | null> {
  yield null;
  for (const where of copies) yield { count: 1, code: 'READ_ONLY', where };
  yield { count: 2, code: 'DOCUMENT_TOO_LARGE', where: 'kept' };
}

/** @param roles Roles in the facts; all of them by default. */
export function* everyFacts(roles = everyRole): Generator<Facts> {
  const works = [...everyWork()];
  const kept = [...everyRefusal()];
  for (const link of everyLink())
    for (const role of roles)
      for (const work of works)
        for (const refused of kept) {
          yield { ...link, role, ...work, refused, isLoaded: true };
          // A room connects once it is loaded, and may be closed before.
          if (link.link === 'connecting' && link.trouble === null) yield { ...link, role, ...work, refused, isLoaded: false };
        }
}
