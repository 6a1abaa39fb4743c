/**
 * Makes relays' documents throw after an update with all of these marks has changed them, until `vi.restoreAllMocks()`. No bytes are
 * known that pass every check and make Yjs throw: of 49,923 mutated updates that `checkUpdate` let through, none did.
 */

import { vi } from 'vitest';
import * as Y from 'yjs';
import { RoomDocument } from '../document/room-document.ts';

export function breakApplying(...marks: readonly string[]): void {
  const emit = Y.Doc.prototype.emit;
  vi.spyOn(Y.Doc.prototype, 'emit').mockImplementation(function (this: Y.Doc, ...args: Parameters<typeof emit>) {
    const [event, [update, origin]] = args as unknown as [string, [Uint8Array, unknown]];
    if (event === 'update' && origin instanceof RoomDocument && marks.every((mark) => Buffer.from(update).includes(mark)))
      throw new Error('half applied');
    emit.apply(this, args);
  });
}
