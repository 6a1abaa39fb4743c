/** Laws of the status, over every combination of facts. */
import { expect, it } from 'vitest';
import { deriveStatus, type Facts, type RoomStatus } from './status.ts';
import { everyFacts } from './testing/index.ts';

/** Status of the current document. */
const now = (status: RoomStatus): Exclude<RoomStatus, { kind: 'refused' }> => (status.kind === 'refused' ? status.since : status);

/** Laws of every status: the first that a combination breaks, or ''. */
function brokenLaw(facts: Facts, status: RoomStatus): string {
  const current = now(status);
  const { trouble, waiting, link } = facts;
  const isOpen = link === 'open';
  if (status.kind === 'saved' && facts.refused !== null) return 'saved beside changes that were refused';
  if (current.kind === 'saved' && !(waiting === 0 && isOpen && facts.isSynced && facts.isUploaded && facts.isExtension === true))
    return 'saved without an acknowledgement of everything';
  if (current.kind === 'saved' && facts.hasUnread) return 'saved while more may wait in storage that could not be read';
  if (current.kind === 'sent' && !(waiting === 0 && isOpen && facts.isExtension === false)) return 'sent by a relay, or not all of it';
  if (current.kind === 'sending' && !(isOpen && waiting > 0)) return 'sending without a link, or nothing';
  if (current.kind === 'offline' && trouble?.code !== 'CONNECTION_LOST') return 'offline although something answered';
  const isSaid = 'code' in current && current.code === trouble?.code && current.reason === trouble.reason;
  const isIdle = isOpen && waiting === 0 && trouble?.code === 'RATE_LIMITED'; // Slowed down, and nothing to slow.
  if (trouble !== null && facts.isLoaded && current.kind !== 'offline' && !isSaid && !isIdle) return 'a reason that is not said';
  if (current.waiting !== waiting || current.copy !== facts.copy || current.hasUnread !== facts.hasUnread) return 'work that is not said';
  const told = status.kind === 'refused' ? status : status.kind === 'error' ? status.refused : null;
  if (facts.refused !== null && status.kind !== 'loading' && told?.count !== facts.refused.count)
    return 'refused changes that are not said';
  if (link === 'closed' && status.kind !== 'error') return 'an end that is not said';
  return '';
}

it('[T1] whatever is known of a room: saved only if acknowledged, offline only if nothing answers, every reason and count passed on', () => {
  let walked = 0;
  const kinds = new Set<string>();
  for (const facts of everyFacts()) {
    const status = deriveStatus(facts);
    const law = brokenLaw(facts, status);
    if (law !== '') expect({ law, facts, status }).toBeNull();
    kinds.add(status.kind).add(now(status).kind);
    walked++;
  }
  expect(walked).toBeGreaterThan(400_000);
  expect([...kinds].sort()).toEqual(
    ['connecting', 'error', 'loading', 'offline', 'read-only', 'refused', 'saved', 'sending', 'sent', 'trouble', 'unread'].sort(),
  );
});
