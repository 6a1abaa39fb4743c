/**
 * Counts concurrent uploads, so that one user who sends slowly, or one machine that poses as many guests, leaves slots for
 * others: one user, or one address without a token, gets an eighth of the slots; all users of one address get half.
 */

export interface UploadSlots {
  /** @returns Gives the slots back; null when there is none for this sender. */
  take(sender: { userId: string; address: string | null }): (() => void) | null;
}

/** @param max Slots for all uploads together. */
export function createUploadSlots(max: number): UploadSlots {
  let uploads = 0;
  const uploadsBySender = new Map<string, number>();
  const eighth = Math.max(1, Math.floor(max / 8));
  const half = Math.max(1, Math.floor(max / 2));
  const giveBack = (name: string): void => {
    const left = (uploadsBySender.get(name) ?? 1) - 1;
    if (left > 0) uploadsBySender.set(name, left);
    else uploadsBySender.delete(name);
  };
  return {
    take({ userId, address }) {
      const shares: [name: string, max: number][] =
        userId === ''
          ? [[`from ${address ?? ''}`, eighth]]
          : [[`user ${userId}`, eighth], ...(address === null ? [] : [[`people from ${address}`, half] as [string, number]])];
      if (uploads >= max || shares.some(([name, share]) => (uploadsBySender.get(name) ?? 0) >= share)) return null;
      uploads += 1;
      for (const [name] of shares) uploadsBySender.set(name, (uploadsBySender.get(name) ?? 0) + 1);
      return () => {
        uploads -= 1;
        for (const [name] of shares) giveBack(name);
      };
    },
  };
}
