import type { RoomStatus, Work } from '@wetink/sync';
import { expect, it } from 'vitest';
import { readAccess } from '../core/board-access.ts';
import type { BoardId } from '../core/board-id.ts';
import type { Role } from '../core/board-info.ts';
import { createKeyValue } from '../core/key-value.ts';
import type { BoardSession } from '../session/board-session.ts';
import type { AppContext } from './context.ts';
import type { Sharing } from './sharing.svelte.ts';
import { watchRole } from './role-watch.ts';

const work: Work = { waiting: 0, copy: 'kept', storage: 'working', hasUnread: false };
const saved: RoomStatus = { kind: 'saved', ...work };
const shut: RoomStatus = { kind: 'error', code: 'FORBIDDEN', reason: '', refused: null, ...work, waiting: 3 };
const boardId = 'abcdefgh' as BoardId;

/** A room with the role that a test sets, and toasts that stay until dismissed. */
function setup() {
  let look = (): void => undefined;
  const room = {
    role: null as Role | null,
    link: 'open' as BoardSession['room']['link'],
    status: saved,
    onStatus: (callback: () => void) => {
      look = callback;
      return () => undefined;
    },
  };
  const shown = new Map<number, string>();
  const toasts = {
    say(text: string) {
      shown.set(shown.size, text);
      return shown.size - 1;
    },
    dismiss: (id: number) => void shown.delete(id),
  };
  const facts = createKeyValue(() => {
    throw new DOMException('no storage here', 'SecurityError');
  });
  const answers: (() => void)[] = [];
  const refresh = () => new Promise<{ owner: { name: string } }>((resolve) => answers.push(() => resolve({ owner: { name: 'Ana' } })));
  watchRole({ boardId, room } as unknown as BoardSession, { refresh } as unknown as Sharing, { facts, toasts } as unknown as AppContext);
  const become = (change: Partial<typeof room>): void => {
    Object.assign(room, change);
    look();
  };
  const answer = async (): Promise<void> => {
    answers.splice(0).forEach((resolve) => resolve());
    await Promise.resolve();
    await Promise.resolve();
  };
  return { become, answer, said: () => [...shown.values()], access: () => readAccess(facts, boardId) };
}

it('a toast says that the person can only view, and goes when they can draw again', async () => {
  const { become, answer, said } = setup();
  become({ role: 'editor' });
  become({ role: 'viewer' });
  await answer();
  expect(said()).toEqual(['You can only view this board now. Ana changed it.']);
  become({ role: 'editor' });
  await answer();
  expect(said()).toEqual(['You can draw on this board now.']);
});

it('K10: when access ends, the toast about the role is dismissed', async () => {
  const { become, answer, said, access } = setup();
  become({ role: 'viewer' });
  become({ role: 'editor' });
  await answer();
  expect(said()).toEqual(['You can draw on this board now.']);
  become({ link: 'closed', status: shut });
  expect(said()).toEqual([]);
  expect(access()).toMatchObject({ isShut: true });
});

it('K10: when access ends before the owner’s name is known, no toast about the earlier role appears', async () => {
  const { become, answer, said } = setup();
  become({ role: 'editor' });
  become({ role: 'viewer' });
  become({ link: 'closed', status: shut });
  await answer();
  expect(said()).toEqual([]);
});
