/** The part of http_ece that is used here; the package has no types. */
declare module 'http_ece' {
  import type { ECDH } from 'node:crypto';

  /** Encrypts as in RFC 8188, with keys as in RFC 8291. Without `salt` it makes one. @throws {Error} For a key that is none. */
  export function encrypt(
    plain: Uint8Array,
    params: { version: 'aes128gcm'; dh: string; privateKey: ECDH; authSecret: string; salt?: string },
  ): Buffer;
}
