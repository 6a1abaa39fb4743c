/** Copies refused changes back onto the board: the elements of a kept copy that the board lacks or shows otherwise. */
import { exportBoard, importBoard, type Board, type BoardElement, type ChatMessage, type ElementId } from '@wetink/board';

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

/** Chat messages of `kept` that the board does not have. A message of mine that was sent again has another id. */
export function unsentIn(current: Board, kept: Board): ChatMessage[] {
  const there = current.chat.messages();
  const ids = new Set(there.map(({ id }) => id));
  const wasRepeated = ({ userId, text, at }: ChatMessage): boolean =>
    there.some((other) => other.userId === userId && other.text === text && other.at >= at);
  return kept.chat.messages().filter((message) => !ids.has(message.id) && !wasRepeated(message));
}

/**
 * Sends my own messages again: nobody can write in another person's name.
 *
 * @returns Number of messages sent.
 * @throws {BoardError} `TOO_NEW`.
 */
export function sendAgain(current: Board, kept: Board, me: { id: string; name: string }): number {
  const mine = unsentIn(current, kept).filter(({ userId }) => userId === me.id);
  for (const { text } of mine) current.chat.send(text, me.name);
  return mine.length;
}

function lookOf({ kind, geometry, style, text, isLocked, image, alt }: BoardElement): string {
  return JSON.stringify([kind, geometry, style, text, isLocked, image?.hash, alt]);
}
