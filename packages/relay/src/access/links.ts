/**
 * Links to a board. A link carries `ID.SECRET`; only the id is stored. The secret is derived from the id, the board and
 * the relay's own secret, so a copy of the database opens nothing, and the owner can see the whole link again at any
 * time. Removing the id revokes the link.
 */

import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

export interface LinkKeys {
  /** `ID.SECRET` for the owner to pass on. */
  keyOf(board: string, linkId: string): string;
  /**
   * Takes the same time for a guess with the right beginning as for any other, and for a link that the board does not
   * have.
   * @returns The id when the secret fits it; the caller checks that the board still has such a link.
   */
  linkOf(board: string, key: string): string | null;
}

const ID_BYTES = 8;
/** 132 bits. */
const SECRET_LENGTH = 22;
const KEY = /^([A-Za-z0-9_-]{11})\.([A-Za-z0-9_-]{22})$/;

/** @param secret The relay's own, the same on every relay. */
export function createLinkKeys(secret: string): LinkKeys {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'wetink link v1', 32));
  const secretOf = (board: string, linkId: string): string =>
    createHmac('sha256', key).update(`${board}/${linkId}`).digest('base64url').slice(0, SECRET_LENGTH);
  return {
    keyOf: (board, linkId) => `${linkId}.${secretOf(board, linkId)}`,
    linkOf(board, presented) {
      const [, linkId = '', given = ''] = KEY.exec(presented) ?? [];
      if (linkId === '') return null;
      return timingSafeEqual(Buffer.from(given), Buffer.from(secretOf(board, linkId))) ? linkId : null;
    },
  };
}

/** @param random Unguessable bytes. */
export function mintLinkId(random: (count: number) => Uint8Array): string {
  return Buffer.from(random(ID_BYTES)).toString('base64url');
}
