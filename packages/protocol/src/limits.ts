/**
 * Every bound of the wire, in one place, each with its unit and its reason. Outside, they are `limits.maxChunkBytes`
 * and so on; each is a constant of its own here, so that an app carries only those it uses.
 *
 * A bound is checked before anything is allocated for the value it bounds. Bounds marked "told" are sent to the
 * other side in `hello`; the rest are fixed by the protocol version.
 */

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * One frame of the base protocol. Stock clients send a whole document as one frame, so this is the largest
 * document they can upload at once; above it the connection is closed with a permanent code, since a stock
 * client that is closed with 1009 sends the same frame again for ever.
 */
export const maxBaseFrameBytes = 16 * MIB;
/** Bytes of one message that may travel unchunked, and of one chunk's content (told). Small enough that a cursor never waits behind it. */
export const maxChunkBytes = 256 * KIB;
/** Least that `hello` may tell: a chunk's own numbers take up to 29 bytes. */
export const minChunkBytes = 64;
/** One message once its chunks are joined (told). Equals the largest document a relay keeps. */
export const maxMessageBytes = 256 * MIB;
/** Chunked messages in flight at once in one direction: one document and one application message. */
export const maxOpenChunkStreams = 2;
/** Messages in one extension frame. A message is at least two bytes, so a frame could otherwise hold eight million. */
export const maxMessagesPerFrame = 1024;
/** States in one awareness message. A late joiner of a room of a thousand people gets them in one. */
export const maxAwarenessEntries = 4096;
/** UTF-8 bytes of one awareness state: a name, a cursor and a selection are below 1 KiB. */
export const maxAwarenessStateBytes = 16 * KIB;
/** Nesting of one awareness state: readers compare states recursively. */
export const maxAwarenessDepth = 32;
/** Awareness clocks count by one from zero, so no honest one comes near; and clock + 1 stays exact. */
export const maxAwarenessClock = 2 ** 32;
/** UTF-8 bytes of a decoded room name. */
export const maxRoomNameBytes = 512;
/** UTF-8 bytes of a token: a JWT with a few claims is below 2 KiB, reverse proxies stop headers at 8. */
export const maxTokenBytes = 8 * KIB;
/** UTF-8 bytes of a user id. */
export const maxUserIdBytes = 512;
/** UTF-8 bytes of a gesture id: a session of 8 characters, a dot and a counter. */
export const maxGestureBytes = 64;
/** Bytes of one piece of wet ink: one flush of a pen at 240 Hz is below 1 KiB, a dragged selection of hundreds below 64. */
export const maxWetBytes = 64 * KIB;
/** UTF-8 bytes of the name of a server extension's channel. */
export const maxChannelBytes = 128;
/** UTF-8 bytes of a sentence for people: of a notice, or of why permission was denied. */
export const maxTextBytes = 1 * KIB;
/** UTF-8 bytes of a WebSocket close reason (RFC 6455, 5.5: a control frame holds 125 bytes, 2 are the code). */
export const maxCloseReasonBytes = 123;
/** Nesting of a value inside a document update; decoders of such values are recursive. Far above documents that people make, far below any stack. */
export const maxUpdateDepth = 256;
/** Largest clock in an update. One client id writes at most this many characters and elements in its life. */
export const maxUpdateClock = 2 ** 31;
