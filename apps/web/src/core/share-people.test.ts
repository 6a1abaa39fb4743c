import { expect, it } from 'vitest';
import { sharedPeople } from './share-people.ts';

const member = (id: string, role: 'none' | 'viewer' | 'editor') => ({ user: { id, name: id }, role });
const me = { id: 'me', name: 'Me' };

it('lists members and people who are here, each once, without me', () => {
  const info = {
    owner: me,
    everyone: 'viewer',
    members: [member('zoe', 'editor'), member('ben', 'viewer'), member('eve', 'none')],
  } as const;
  const here = [me, { id: 'zoe', name: 'Zoë now' }, { id: 'ana', name: 'Ana' }].map(({ id, name }) => ({ userId: id, name }));
  expect(sharedPeople(info, here, 'me')).toEqual([
    { id: 'ana', name: 'Ana', role: 'viewer', isHere: true },
    { id: 'zoe', name: 'zoe', role: 'editor', isHere: true },
    { id: 'ben', name: 'ben', role: 'viewer', isHere: false },
    { id: 'eve', name: 'eve', role: 'none', isHere: false },
  ]);
});
