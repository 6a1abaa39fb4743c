import { createMemoryKeyWindow } from '@wetink/relay';
import { expect, it } from 'vitest';
import { createRoleNotices, roleNotice } from './role-notices.ts';

it('roles and invitations reach people whom the relay has seen, within limits by pair and by person', async () => {
  const written: string[] = [];
  let limited = 0;
  const notices = createRoleNotices({
    relay: () => ({ edit: () => Promise.resolve('Plans' as never) }),
    notifier: {
      async notify(userId, notifications) {
        written.push(userId);
        return notifications;
      },
    },
    isUser: async (userId) => userId !== 'nobody',
    perPair: createMemoryKeyWindow(2, 60_000),
    perPerson: createMemoryKeyWindow(3, 60_000),
    wallClock: () => 1_000,
    onError: (error) => {
      throw error;
    },
    onLimited: () => void (limited += 1),
  });
  const give = (by: string, member: string): Promise<void> =>
    notices.onRole({ board: 'b', by: { id: by }, member, before: null, role: 'editor' });
  await give('ana', 'nobody');
  await notices.onAdded({ conversation: 'c', by: { id: 'ana' }, person: 'nobody' });
  expect(written).toEqual([]);
  for (let i = 0; i < 4; i++) await give('ana', 'ben');
  expect([written.length, limited]).toEqual([2, 2]);
  await notices.onAdded({ conversation: 'c', by: { id: 'cleo' }, person: 'ben' });
  await give('dan', 'ben');
  expect([written.length, limited]).toEqual([3, 3]);
});

it.each([
  [null, 'viewer', 'invitation', 'invited you to view'],
  [null, 'editor', 'invitation', 'invited you to draw'],
  [null, 'owner', 'invitation', 'made you the owner'],
  ['editor', 'viewer', 'role', 'changed your access to “Can view”'],
  ['viewer', 'editor', 'role', 'changed your access to “Can draw”'],
  ['editor', 'owner', 'role', 'made you the owner'],
  ['viewer', null, 'role', 'removed you from the board'],
] as const)('a change from the role %s to %s reads as a sentence in the words of the share dialog', (before, role, kind, text) => {
  const change = { board: 'b', by: { id: 'ana', name: 'Ana' }, member: 'ben', before, role };
  expect(roleNotice(change, { id: 'r.1', title: 'Plans', at: 1 })).toMatchObject({ kind, text, from: { id: 'ana', name: 'Ana' } });
});
