/** The wheel pans and zooms the board; so does a trackpad, through wheel events and Safari's gesture events. */
import { panBy, wheelZoomFactor, zoomAt } from '../camera.ts';
import type { Point } from '../geometry.ts';
import type { Editor } from '../editor/editor.ts';
import type { BoardArea } from './board-area.ts';
import type { OwnCursor } from './own-cursor.ts';
import { isWheelPinch, noPinch, stepPinch, type GestureInput, type PagePinch } from './page-pinch.ts';
import { followWheel, noWheel, type WheelGesture } from '../pointers/wheel-use.ts';
import { TouchesOnPage } from './touches-on-page.ts';

interface WheelListeners {
  readonly area: BoardArea;
  readonly editor: Editor;
  readonly cursor: OwnCursor;
}

/** CSS pixels of a wheel event that counts lines, as Firefox does with a mouse. */
const LINE_PX = 16;
/** Safari only, in no type library. */
interface GestureEvent extends UIEvent {
  readonly type: GestureInput['type'];
  readonly scale: number;
  readonly clientX: number;
  readonly clientY: number;
}

export function listenToWheel({ area, editor, cursor }: WheelListeners, window: Window, signal: AbortSignal): void {
  const touches = new TouchesOnPage(window, signal);
  let pagePinch: PagePinch = noPinch;
  let wheel: WheelGesture = noWheel;

  const zoom = (at: Point, factor: number): void => {
    const { camera } = editor.state;
    editor.setCamera(zoomAt(camera, at, camera.zoom * factor));
  };

  const onWheel = (event: WheelEvent): void => {
    const isBoard = area.isOnBoard(event.target);
    // With Ctrl the browser would zoom the page, wherever the pointer is.
    if (isBoard || event.ctrlKey) event.preventDefault();
    const unit = event.deltaMode === 1 ? LINE_PX : event.deltaMode === 2 ? area.host.clientHeight : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    if (event.ctrlKey ? area.isAround(event.target) : event.metaKey && isBoard) {
      if (isWheelPinch(pagePinch, event.timeStamp)) zoom(area.place(event), wheelZoomFactor(dy));
      return;
    }
    if (!isBoard || event.ctrlKey) return;
    wheel = followWheel(wheel, { dx, dy, isByLine: event.deltaMode === 1, time: event.timeStamp });
    const { wheelUse } = editor.pointers;
    // With Shift it moves the view sideways, whatever it does without.
    if (!event.shiftKey && (wheelUse === 'zoom' || (wheelUse === 'auto' && wheel.isMouse)))
      return zoom(area.place(event), wheelZoomFactor(dy));
    const { camera } = editor.state;
    // Shift makes the wheel of a mouse pan sideways, unless the system has already swapped the axes.
    const isSideways = event.shiftKey && dx === 0;
    editor.setCamera(isSideways ? panBy(camera, -dy, 0) : panBy(camera, -dx, -dy));
    cursor.moveTo(area.place(event));
  };

  const onGesture = (event: Event): void => {
    event.preventDefault();
    const { type, scale, timeStamp: time, target, clientX, clientY } = event as GestureEvent;
    const { state, factor } = stepPinch(pagePinch, { type, scale, time, hasTouch: touches.isAny });
    pagePinch = state;
    if (factor !== null && area.isAround(target)) zoom(area.place({ clientX, clientY }), factor);
  };

  window.addEventListener('wheel', onWheel, { signal, passive: false });
  for (const name of ['gesturestart', 'gesturechange', 'gestureend']) window.addEventListener(name, onGesture, { signal, passive: false });
}
