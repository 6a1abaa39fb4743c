/** Guards boards with owners, and inboxes, from a relay that could not recognise their users. */

import { isInboxRoom } from '@wetink/relay/access';
import type { Store } from '@wetink/storage';

const PER_PAGE = 1_000;

/** @throws {Error} The store has boards with owners, or inboxes, and without an identity the relay cannot recognise their users. */
export async function refuseOwnedBoards(store: Pick<Store, 'records' | 'list'>): Promise<void> {
  const [board] = await store.records.list({ prefix: 'board/', limit: 1 });
  if (board !== undefined || (await hasInbox(store)))
    throw new Error(
      'the store has boards with owners, and without WETINK_SECRET anyone could enter them: set the secret they were made with',
    );
}

async function hasInbox(store: Pick<Store, 'list'>): Promise<boolean> {
  for (let after: string | undefined; ;) {
    const page = await store.list({ prefix: 'inbox-', limit: PER_PAGE, ...(after === undefined ? {} : { after }) });
    if (page.some(({ room }) => isInboxRoom(room))) return true;
    after = page.at(-1)?.room;
    if (page.length < PER_PAGE) return false;
  }
}
