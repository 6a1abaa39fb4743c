/** Rights for tests: roles by user that a test changes, and rechecks that wait until the test lets them answer. */

import type { AuthorizeAnswer, AuthorizeRequest, RecheckAnswer, VerifiedUser } from '../ports/authorize.ts';

export interface Rights {
  authorize(request: Pick<AuthorizeRequest, 'token'>): Promise<AuthorizeAnswer>;
  /** By user id, which is the token up to its first `-`; users not listed are editors. */
  byUser: Map<string, RecheckAnswer>;
  users: Map<string, VerifiedUser>;
  /** ms since 1970, by token. */
  expiresAtMsByToken: Map<string, number>;
  /** While true rechecks wait; they are answered with the rights at the moment it becomes false. */
  isHeld: boolean;
  /** Rechecks fail. */
  isBroken: boolean;
  readonly asked: number;
}

export function createRights(): Rights {
  const byUser = new Map<string, RecheckAnswer>();
  const users = new Map<string, VerifiedUser>();
  const expiresAtMsByToken = new Map<string, number>();
  let asked = 0;
  let isHeld = false;
  let waiting: (() => void)[] = [];
  const rights: Rights = {
    byUser,
    users,
    expiresAtMsByToken,
    isBroken: false,
    get asked() {
      return asked;
    },
    get isHeld() {
      return isHeld;
    },
    set isHeld(held) {
      isHeld = held;
      if (held) return;
      for (const go of waiting) go();
      waiting = [];
    },
    async authorize({ token }) {
      const userId = token.split('-', 1)[0] ?? '';
      const now = byUser.get(userId) ?? { ok: true, role: 'editor' };
      if (!now.ok) return now;
      const user = users.get(userId);
      const expiresAtMs = expiresAtMsByToken.get(token);
      return {
        ok: true,
        role: now.role,
        userId,
        ...(user === undefined ? {} : { user }),
        ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
        async recheck() {
          asked += 1;
          if (isHeld) await new Promise<void>((resolve) => waiting.push(resolve));
          if (rights.isBroken) throw new Error('the directory is away');
          return byUser.get(userId) ?? { ok: true, role: 'editor' };
        },
      };
    },
  };
  return rights;
}
