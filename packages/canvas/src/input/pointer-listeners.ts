/** Pointer events on the board become input of the editor's pointers. */
import type { Editor } from '../editor/editor.ts';
import type { ViewSample } from '../editor/editor-options.ts';
import type { PointerType } from '../tools/tool.ts';
import type { BoardArea } from './board-area.ts';
import { isButtonUsed } from '../pointers/buttons.ts';
import { modifiersOf } from './modifiers.ts';
import type { OwnCursor } from './own-cursor.ts';
import type { PointerInput } from '../pointers/pointers.ts';

interface PointerListeners {
  readonly area: BoardArea;
  readonly editor: Editor;
  readonly cursor: OwnCursor;
  readonly isMac: boolean;
}

export function listenToPointers({ area, editor, cursor, isMac }: PointerListeners, signal: AbortSignal): void {
  const { host } = area;

  const feed = (type: PointerInput['type'], event: PointerEvent): void => {
    const at = area.place(event);
    const { pointerId, timeStamp: time } = event;
    const input = { type, pointerId, pointerType: pointerTypeOf(event), ...buttonsOf(event, { isMac }), at, time };
    editor.pointers.take(input, type === 'move' ? samplesOf(event, area) : [sampleOf(event, area)], modifiersOf(event));
    if (event.pointerType !== 'touch') cursor.show(at);
  };

  const onDown = (event: PointerEvent): void => {
    // Text areas and buttons over the board keep their presses, and the back and forward buttons belong to the browser.
    if (!area.isOnBoard(event.target) || !isButtonUsed(event.button)) return;
    event.preventDefault();
    takeFocus(host);
    try {
      host.setPointerCapture(event.pointerId);
    } catch {
      // The pointer may be gone already (a pen lifted within the same task): its cancel event follows.
    }
    feed('down', event);
  };

  const onMove = (event: PointerEvent): void => {
    feed('move', event);
    cursor.moveTo(area.place(event));
  };

  const onLeave = (event: PointerEvent): void => {
    if (event.pointerType === 'pen') feed('leave', event);
    cursor.moveTo(null);
  };

  host.addEventListener('pointerdown', onDown, { signal });
  host.addEventListener('pointermove', onMove, { signal });
  host.addEventListener('pointerup', (event) => feed('up', event), { signal });
  host.addEventListener('pointercancel', (event) => feed('cancel', event), { signal });
  // Capture that ends without an up or cancel (an element was removed under it) must not leave a gesture open.
  host.addEventListener('lostpointercapture', (event) => feed('cancel', event), { signal });
  host.addEventListener('pointerleave', onLeave, { signal });
}

function pointerTypeOf(event: PointerEvent): PointerType {
  return event.pointerType === 'pen' || event.pointerType === 'touch' ? event.pointerType : 'mouse';
}

/** On a Mac the first button with Ctrl is the second button. */
function buttonsOf(
  { button, buttons, pointerType, ctrlKey }: PointerEvent,
  { isMac }: { isMac: boolean },
): { button: number; buttons: number } {
  const isSecond = isMac && pointerType === 'mouse' && ctrlKey && (buttons & 1) !== 0;
  return isSecond ? { button: button === 0 ? 2 : button, buttons: buttons | 2 } : { button, buttons };
}

/** All positions since the last event: a pen reports several in one frame. */
function samplesOf(event: PointerEvent, area: BoardArea): ViewSample[] {
  const coalesced = typeof event.getCoalescedEvents === 'function' ? event.getCoalescedEvents() : [];
  return (coalesced.length > 0 ? coalesced : [event]).map((sample) => sampleOf(sample, area));
}

function sampleOf(event: PointerEvent, area: BoardArea): ViewSample {
  return { ...area.place(event), pressure: event.pointerType === 'pen' ? event.pressure : 0.5 };
}

/** The board gets the keys; an open text area loses the focus, which closes it. */
function takeFocus(host: HTMLElement): void {
  const active = host.ownerDocument.activeElement;
  if (host.tabIndex >= 0) host.focus({ preventScroll: true });
  else if (active instanceof HTMLElement) active.blur();
}
