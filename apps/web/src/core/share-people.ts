/** People in the share dialog of a board's owner: members, and people who are here now. Pure. */
import type { BoardInfo, Everyone, Person } from './board-info.ts';

export interface SharedPerson extends Person {
  /** `none`: removed by the owner. */
  role: Everyone;
  isHere: boolean;
}

/**
 * @param here People on the board now, with ids that the relay vouches for.
 * @param ownId My id: the list leaves me out.
 * @returns People who are here first, then by name; removed people last.
 */
export function sharedPeople(
  info: Pick<BoardInfo, 'members' | 'everyone' | 'owner'>,
  here: readonly { userId: string; name: string }[],
  ownId: string,
): SharedPerson[] {
  const hereIds = new Set(here.map(({ userId }) => userId));
  const people = new Map<string, SharedPerson>();
  for (const { userId, name } of here) people.set(userId, { id: userId, name, role: info.everyone, isHere: true });
  for (const { user, role } of info.members) people.set(user.id, { ...user, role, isHere: hereIds.has(user.id) });
  people.delete(ownId);
  people.delete(info.owner.id);
  return [...people.values()].sort(
    (a, b) =>
      Number(a.role === 'none') - Number(b.role === 'none') ||
      Number(b.isHere) - Number(a.isHere) ||
      a.name.localeCompare(b.name) ||
      (a.id < b.id ? -1 : 1),
  );
}
