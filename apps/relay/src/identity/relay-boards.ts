/** Users, boards and their API, as this relay's configuration has them. */

import type { Relay } from '@wetink/relay';
import type { Users } from '@wetink/relay/access';
import {
  createBoardService,
  createUserlessService,
  type ApiListener,
  type BoardService,
  type Identity,
  type UserlessService,
  type UserlessServiceOptions,
} from '@wetink/relay/http';
import type { IdentityConfig } from '../config/identity-config.ts';

export interface RelayBoards extends UserlessService {
  /** Null: this relay has no users. */
  users: Users | null;
  /** Null: anyone may enter any room. */
  authorize: BoardService['authorize'] | null;
  api(relay: Relay): ApiListener;
}

/** @param identity Null: this relay has no users. */
export function createRelayBoards(config: IdentityConfig, identity: Identity | null, options: UserlessServiceOptions): RelayBoards {
  if (identity !== null) return createBoardService({ ...options, identity, ...(config.mode === 'tokens' ? { tokenPages: config } : {}) });
  const { api, ...service } = createUserlessService({ ...options, noUsersMessage: 'this relay has no users: set WETINK_SECRET' });
  return { ...service, users: null, authorize: null, api: () => api };
}
