/** Copies refused changes back onto the board: the elements of a kept copy that the board lacks or shows otherwise. */
import { openChat, exportBoard, importBoard, type Board, type BoardElement, type ChatMessage, type ElementId } from '@wetink/board';
import { unsentMessages, type SentMessages } from './unsent-messages.ts';

/** Elements of `kept` that `current` lacks, or shows otherwise: refused changes, and elements that others deleted since. */
export function missingFrom(current: Board, kept: Board): ElementId[] {
  return kept
    .elements()
    .filter((element) => {
      const twin = current.get(element.id);
      return twin === undefined || lookOf(twin) !== lookOf(element);
    })
    .map((element) => element.id);
}

/**
 * Adds them to the board as new elements, one step. Nothing on the board is changed or replaced.
 *
 * @returns The new elements; none when the board shows all of the copy already.
 * @throws {BoardError} `TOO_NEW`, `TOO_LARGE`; then nothing has changed.
 */
export function copyOnto(current: Board, kept: Board): ElementId[] {
  const ids = missingFrom(current, kept);
  return ids.length === 0 ? [] : importBoard(current, exportBoard(kept, ids));
}

/** Chat messages of `kept` that the server does not have. */
export function unsentIn(kept: Board, sent: SentMessages): ChatMessage[] {
  return unsentMessages(sent, kept.doc);
}

/**
 * Sends my own messages again: nobody can write in another person's name.
 *
 * @returns Number of messages sent.
 * @throws {BoardError} `TOO_NEW`.
 */
export function sendAgain(current: Board, kept: Board, { me, sent }: { me: { id: string; name: string }; sent: SentMessages }): number {
  const mine = unsentIn(kept, sent).filter(({ userId }) => userId === me.id);
  const chat = openChat(current);
  for (const message of mine) chat.sendAgain(message, me.name);
  chat.close();
  return mine.length;
}

function lookOf({ kind, geometry, style, text, isLocked, image, alt }: BoardElement): string {
  return JSON.stringify([kind, geometry, style, text, isLocked, image?.hash, alt]);
}
