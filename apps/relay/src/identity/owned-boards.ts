/** Guards boards with owners from a relay that could not recognise them. */

import type { Store } from '@wetink/storage';

/** @throws {Error} The store has boards with owners, and without an identity the relay cannot recognise an owner. */
export async function refuseOwnedBoards(records: Store['records']): Promise<void> {
  const [board] = await records.list({ prefix: 'board/', limit: 1 });
  if (board !== undefined)
    throw new Error(
      'the store has boards with owners, and without WETINK_SECRET anyone could enter them: set the secret they were made with',
    );
}
