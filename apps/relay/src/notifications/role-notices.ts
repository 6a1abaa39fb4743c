/** Tells people that they got a role on a board, another one, or none any more, and that they were added to a conversation. */

import { randomBytes } from 'node:crypto';
import { titleOf, type NewNotification } from '@wetink/board';
import type { KeyWindow, Relay } from '@wetink/relay';
import type { PersonAdded, RoleChange } from '@wetink/relay/http';
import type { User } from '@wetink/relay/identity';
import type { Notifier } from './notifier.ts';

export interface RoleNoticePorts {
  relay(): Pick<Relay, 'edit'>;
  notifier: Notifier;
  /** The relay has seen a user of this id: nobody else has an inbox. */
  isUser(userId: string): Promise<boolean>;
  /** Notifications of roles and invitations by one person to another. */
  perPair: KeyWindow;
  /** To one person. */
  perPerson: KeyWindow;
  /** ms since 1970. */
  wallClock(): number;
  onError(error: unknown): void;
  /** A notification was left out: there were too many. */
  onLimited(): void;
}

/** For the calls that change roles. None rejects: the role is given, even if the person does not hear of it at once. */
export interface RoleNotices {
  onRole(change: RoleChange): Promise<void>;
  onAdded(added: PersonAdded): Promise<void>;
}

type Role = NonNullable<RoleChange['role']>;
/** In the words of the app's share dialog, "Can view" and "Can draw". The name of the owner stands before them. */
const changes: Readonly<Record<Role, string>> = {
  viewer: 'changed your access to “Can view”',
  editor: 'changed your access to “Can draw”',
  owner: 'made you the owner',
};
const invitations: Readonly<Record<Role, string>> = { viewer: 'invited you to view', editor: 'invited you to draw', owner: changes.owner };
const ID_BYTES = 16;
/** The title is a courtesy: a board that cannot be read in this time is named without it. */
const TITLE_MS = 2_000;

export function createRoleNotices(ports: RoleNoticePorts): RoleNotices {
  const { relay, notifier, isUser, perPair, perPerson, wallClock, onError, onLimited } = ports;
  const titleOfBoard = async (board: string): Promise<string> => {
    try {
      return await relay().edit(board, titleOf, { signal: AbortSignal.timeout(TITLE_MS) });
    } catch (error) {
      onError(error);
      return '';
    }
  };
  const newId = (): string => `r.${randomBytes(ID_BYTES).toString('base64url')}`;
  const notify = async (by: User, person: string, notification: () => Promise<NewNotification>): Promise<void> => {
    try {
      if (!(await isUser(person))) return;
      if ((await perPair.take(`${by.id} ${person}`)) > 0 || (await perPerson.take(person)) > 0) return onLimited();
      await notifier.notify(person, [await notification()]);
    } catch (error) {
      onError(error);
    }
  };
  return {
    onRole: (change) =>
      notify(change.by, change.member, async () =>
        roleNotice(change, { id: newId(), title: await titleOfBoard(change.board), at: wallClock() }),
      ),
    onAdded: ({ conversation, by, person }) =>
      notify(by, person, async () => ({
        id: newId(),
        kind: 'invitation',
        from: { id: by.id, name: by.name ?? '' },
        room: conversation,
        title: '',
        message: '',
        text: 'added you to a conversation',
        link: '',
        at: wallClock(),
      })),
  };
}

export function roleNotice({ board, by, before, role }: RoleChange, more: Pick<NewNotification, 'id' | 'title' | 'at'>): NewNotification {
  const text = role === null ? 'removed you from the board' : before === null ? invitations[role] : changes[role];
  const from = { id: by.id, name: by.name ?? '' };
  return { ...more, kind: before === null ? 'invitation' : 'role', from, room: board, message: '', text, link: '' };
}
