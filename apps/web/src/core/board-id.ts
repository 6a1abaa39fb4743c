/**
 * Board ids: the `<id>` of `/b/<id>`, and the name of the room on the wire.
 *
 * An id is also the only key to a board that nobody has locked, so a new one is 128 random bits: not guessable.
 * Ids made elsewhere are accepted as long as they are plain: 8 to 64 of `A-Z a-z 0-9 _ -`.
 */
export type BoardId = string & { readonly __boardId: unique symbol };

const BOARD_ID = /^[A-Za-z0-9_-]{8,64}$/;
const ID_BYTES = 16; // 128 bits.
/** Characters of an id that was made here: 16 bytes as base64url. */
export const MINTED_ID_LENGTH = 22;

export function isBoardId(value: string): value is BoardId {
  return BOARD_ID.test(value);
}

/**
 * A fresh, unguessable board id of 22 characters.
 *
 * @param fillRandom Fills the given bytes with cryptographic randomness. `crypto.getRandomValues` and not `randomUUID`:
 *   the latter does not exist on plain http.
 */
export function createBoardId(fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void): BoardId {
  return randomBase64Url(ID_BYTES, fillRandom) as BoardId;
}

/** `byteCount` random bytes as base64url without padding. */
export function randomBase64Url(byteCount: number, fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void): string {
  const bytes = new Uint8Array(byteCount);
  fillRandom(bytes);
  return bytesToBase64Url(bytes);
}

/** Without padding. @param bytes At most some thousands: they are passed as arguments. */
export function bytesToBase64Url(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
