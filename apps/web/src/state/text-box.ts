/**
 * Opens the text of an element in a textarea over it: binds the two, gives the box the caret and the keys, keeps the caret in
 * view, and closes the text before the page may be gone.
 */
import { BoardError, MAX_TEXT_LENGTH, type ElementId } from '@wetink/board';
import type { Stage } from '@wetink/canvas';
import { platform } from '../browser/platform.ts';
import { mirrorOf } from '../core/caret-mirror.ts';
import { matchShortcut } from '../core/shortcuts.ts';
import { noRoomSentence, refusedTextSentence } from '../core/text-sentence.ts';
import { followCaret } from '../session/caret-follow.ts';
import { bindText } from '../session/text-binding.ts';
import { getBoardContext } from './board-context.ts';
import { getApp } from './context.ts';
import { getSession } from './open-session.ts';

export interface TextBoxOptions {
  /** Shows the same text in the same place, see `caret-mirror.ts`. */
  readonly mirror: HTMLElement;
  readonly id: ElementId;
  readonly stage: Stage;
}

export interface OpenTextBox {
  /** Keeps the caret in view after the box has changed from outside. */
  follow(): void;
  /** The box is about to go. */
  close(): void;
}

/** For a component of the board page, while it is being made. @returns A function that opens a text in a box. */
export function createTextBoxes(): (box: HTMLTextAreaElement, options: TextBoxOptions) => OpenTextBox {
  const session = getSession();
  const { view, room } = getBoardContext();
  const { toasts, ownKeys } = getApp();

  const refuse = (error: BoardError): void => toasts.fail(refusedTextSentence(error));
  const attempt = (write: () => void): void => {
    try {
      write();
    } catch (error) {
      if (!(error instanceof BoardError)) throw error;
      refuse(error);
    }
  };

  return (box, { mirror, id, stage }) => {
    const text = session.board.text(id);
    stage.setEditing(id);
    session.announce({ writes: id });
    const unbind = bindText(box, text, { onShown: () => (mirror.textContent = mirrorOf(box.value)), onRefused: refuse });
    mirror.textContent = mirrorOf(box.value);
    const undo = (): void => attempt(() => text.undo());
    const redo = (): void => attempt(() => text.redo());
    const focus = (): void => box.focus({ preventScroll: true });
    view.openBox({ focus, undo, redo });
    focus();
    const { start, end, direction } = view.caret ?? { start: box.value.length, end: box.value.length, direction: 'none' as const };
    view.caret = null;
    box.setSelectionRange(start, end, direction);

    const onkeydown = (event: KeyboardEvent): void => {
      const action = matchShortcut(event, { platform, hasSingleKeys: false, keys: ownKeys.keys });
      const isDone = event.key === 'Escape' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey));
      if (isDone) view.editing = null;
      else if (action === 'undo') undo();
      else if (action === 'redo') redo();
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    // The page may never come back: its open text would stay behind, and an empty one would be invisible and in the way.
    // Already at `beforeunload`: a write at `pagehide` may reach neither disk nor relay.
    const leave = (): void => {
      const caret = { start: box.selectionStart, end: box.selectionEnd, direction: box.selectionDirection };
      unbind();
      text.close();
      view.editing = null;
      // A person who stays after all, or comes back to the page, goes on typing in the same place.
      setTimeout(() => {
        if (view.editing !== null || room.isReadOnly || session.board.get(id) === undefined) return;
        view.caret = caret;
        view.editing = id;
      });
    };
    const closing = new AbortController();
    const { signal } = closing;
    box.addEventListener('keydown', onkeydown, { signal });
    const fail = (sentence: string): void => toasts.fail(sentence);
    box.addEventListener('paste', (event) => refuseTooLong(box, event, event.clipboardData, fail), { signal });
    box.addEventListener('drop', (event) => refuseTooLong(box, event, event.dataTransfer, fail), { signal });
    const follower = followCaret(box, mirror, stage);
    // Captured, so that it runs before the room stores its rows. Phones may send only the second event.
    for (const name of ['beforeunload', 'pagehide']) window.addEventListener(name, leave, { capture: true, signal });
    return {
      follow: follower.soon,
      close() {
        closing.abort();
        follower.stop();
        unbind();
        stage.setEditing(null);
        session.announce({ writes: undefined });
        text.close();
        view.openBox(null);
        view.focusBoard();
      },
    };
  };
}

/** Refuses what is pasted or dropped into a text and does not fit: the box would lay out millions of characters first. */
function refuseTooLong(box: HTMLTextAreaElement, event: Event, transfer: DataTransfer | null, fail: (sentence: string) => void): void {
  const length = transfer?.getData('text/plain').length ?? 0;
  const left = MAX_TEXT_LENGTH - box.value.length + (box.selectionEnd - box.selectionStart);
  if (length <= left) return;
  event.preventDefault();
  fail(noRoomSentence(length, left));
}
