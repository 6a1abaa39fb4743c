/**
 * Base64 of the bytes in a file (RFC 4648, section 4). Uses the engine's own conversion where there is one (Chrome 140,
 * Firefox 133, Safari 18.2): it takes about a millisecond for a megabyte. A file of pictures may hold 84 MiB of them.
 */
import { fromBase64, toBase64 } from 'lib0/buffer';

/** As of ES2026. Whether TypeScript declares them depends on the program's `lib`. */
interface NativeBytes {
  toBase64?(): string;
}
interface NativeConstructor {
  fromBase64?(text: string, options: { lastChunkHandling: 'strict' }): Uint8Array;
}

export function encodeBase64(bytes: Uint8Array): string {
  return (bytes as unknown as NativeBytes).toBase64?.() ?? toBase64(bytes);
}

/** Decodes strict base64: no characters outside the alphabet, padded, unused bits zero. @returns Null when `text` is anything else. */
export function decodeBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const decode = (Uint8Array as unknown as NativeConstructor).fromBase64;
  if (decode === undefined) return decodeInScript(text);
  try {
    const bytes = decode.call(Uint8Array, text, { lastChunkHandling: 'strict' });
    // It skips spaces and line ends, which a file never has.
    return encodedLength(bytes.length) === text.length ? bytes : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function decodeInScript(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const bytes = fromBase64(text);
  return toBase64(bytes) === text ? bytes : null;
}

function encodedLength(byteCount: number): number {
  return 4 * Math.ceil(byteCount / 3);
}
