import { expect, it } from 'vitest';
import type { BoardLink, Everyone, GivenRole } from './board-info.ts';
import type { LinkKey } from './fragment.ts';
import { offeredLink, otherLink } from './share-link.ts';

const link = (id: string, role: GivenRole): BoardLink => ({ id, role, key: `${id}.AAAAAAAAAAAAAAAAAAAAAA` as LinkKey });
const links = [link('old1', 'editor'), link('look', 'viewer'), link('new1', 'editor')];

it.each<[Everyone, GivenRole, string]>([
  ['none', 'editor', 'key new1'],
  ['none', 'viewer', 'key look'],
  ['viewer', 'viewer', 'address viewer'],
  ['viewer', 'editor', 'key new1'],
  ['editor', 'editor', 'address editor'],
  ['editor', 'viewer', 'address editor'],
])('T6: where the address gives %s, a link that should give %s is: %s', (everyone, wanted, expected) => {
  const offered = offeredLink({ everyone, links }, wanted);
  expect(`${offered.kind} ${offered.kind === 'key' ? offered.link?.id : offered.role}`).toBe(expected);
});

it('the dialog offers to make a link that was never made', () => {
  expect(offeredLink({ everyone: 'none', links: [] }, 'editor')).toEqual({ kind: 'key', role: 'editor', link: null });
});

it('the dialog names a second link that works beside the offered one', () => {
  const offered = offeredLink({ everyone: 'none', links }, 'editor');
  expect(otherLink({ links }, offered)).toBe('viewer');
  expect(otherLink({ links: [link('new1', 'editor')] }, offered)).toBeNull();
});
