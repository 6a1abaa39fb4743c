/** Which users are online, by the boards that they were on lately: of one relay, or of all that share Redis. */

export interface OnlineIndex {
  /** Never rejects. */
  add(userId: string, groups: readonly string[]): Promise<void>;
  remove(userId: string, groups: readonly string[]): Promise<void>;
  /** Users of these groups, each once, at most `limit` of each group. Of this relay alone while Redis is away. */
  of(groups: readonly string[], limit: number): Promise<{ ids: Set<string>; isWhole: boolean }>;
}

export function createMemoryOnlineIndex(): OnlineIndex {
  const usersByGroup = new Map<string, Set<string>>();
  return {
    async add(userId, groups) {
      for (const group of groups) usersByGroup.set(group, (usersByGroup.get(group) ?? new Set()).add(userId));
    },
    async remove(userId, groups) {
      for (const group of groups) {
        const users = usersByGroup.get(group);
        users?.delete(userId);
        if (users?.size === 0) usersByGroup.delete(group);
      }
    },
    async of(groups, limit) {
      const ids = new Set<string>();
      for (const group of groups) {
        let left = limit;
        for (const id of usersByGroup.get(group) ?? []) {
          if (left === 0) break;
          left -= 1;
          ids.add(id);
        }
      }
      return { ids, isWhole: true };
    },
  };
}

/** Entries are written again this often by the relay that has the connection. */
export const ONLINE_AGAIN_MS = 4 * 60_000;
/** Entries of a shared index that were not written again for this long are forgotten. */
export const ONLINE_KEPT_MS = 10 * 60_000;
