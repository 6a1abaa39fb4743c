/** Opens the identity of users from the configuration and the data folder. */

import { createIdentity, type Identity } from '@wetink/relay/http';
import type { TicketOffice } from '@wetink/relay/identity';
import type { IdentityConfig } from '../config/identity-config.ts';
import { keptSecret } from './kept-secret.ts';

export interface IdentityPorts {
  /** Null: no data folder, so a secret must be configured. */
  folder: string | null;
  tickets: TicketOffice;
}

/**
 * @returns null in open mode without a secret: there are no users.
 * @throws {Error} The secret can be neither read nor kept.
 */
export async function openIdentity(config: IdentityConfig, { folder, tickets }: IdentityPorts): Promise<Identity | null> {
  const secret = config.secret ?? (folder === null ? null : await keptSecret(folder));
  if (secret !== null) return createIdentity({ ...config, secret, tickets });
  if (config.mode === 'open') return null;
  throw new TypeError('a mode with users needs a secret, or a folder to keep one in');
}
