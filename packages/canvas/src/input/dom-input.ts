/**
 * Listeners on the page: pointer, wheel, gesture and key events become calls to the editor. No decisions here.
 */
import { wheelZoomFactor, zoomAt, panBy, toBoard } from '../camera.ts';
import type { Point } from '../geometry.ts';
import type { Editor } from '../stage/editor.ts';
import type { ViewSample } from '../stage/editor-options.ts';
import type { Modifiers, PointerType } from '../tools/tool.ts';
import { isButtonUsed } from './buttons.ts';
import { cursorStyle } from './cursor-style.ts';
import { isWheelPinch, noPinch, stepPinch, type GestureInput, type PagePinch } from './page-pinch.ts';
import type { PointerInput } from './pointers.ts';
import { TouchesOnPage } from './touches-on-page.ts';

export interface InputOptions {
  readonly host: HTMLElement;
  /** Holds the host and the panels around it: pinching over a panel zooms the board. */
  readonly surroundings: HTMLElement;
  readonly window: Window & typeof globalThis;
  readonly editor: Editor;
  readonly onCursor: (cursor: Point | null) => void;
  readonly requestFrame: (callback: () => void) => () => void;
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

/** Listens until the returned function is called. */
export function attachInput({ host, surroundings, window, editor, onCursor, requestFrame }: InputOptions): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  const { document } = window;
  const isMac = /^(Mac|iP)/.test(window.navigator.platform);
  const touches = new TouchesOnPage(window, signal);
  let cancelCursor: (() => void) | null = null;
  let cursorAt: Point | null = null;
  let pagePinch: PagePinch = noPinch;

  host.style.touchAction = 'none';
  host.style.userSelect = 'none';
  host.style.setProperty('-webkit-user-select', 'none');

  const place = (event: { clientX: number; clientY: number }): Point => {
    const box = host.getBoundingClientRect();
    return { x: event.clientX - box.left - host.clientLeft, y: event.clientY - box.top - host.clientTop };
  };
  const isOnBoard = (target: EventTarget | null): boolean =>
    target === host || (target instanceof window.HTMLCanvasElement && host.contains(target));
  const isAround = (target: EventTarget | null): boolean => target instanceof window.Node && surroundings.contains(target);

  const tellCursor = (): void => {
    cancelCursor?.();
    cancelCursor = null;
    onCursor(cursorAt === null ? null : toBoard(editor.state.camera, cursorAt));
  };

  const sendCursor = (at: Point | null): void => {
    cursorAt = at;
    cancelCursor ??= requestFrame(tellCursor);
  };

  const showCursor = (at: Point | null): void => {
    host.style.cursor = cursorStyle(editor, at);
  };

  const zoom = (at: Point, factor: number): void => {
    const { camera } = editor.state;
    editor.setCamera(zoomAt(camera, at, camera.zoom * factor));
  };

  const feed = (type: PointerInput['type'], event: PointerEvent): void => {
    const at = place(event);
    const { pointerId, timeStamp: time } = event;
    const input = { type, pointerId, pointerType: pointerTypeOf(event), ...buttonsOf(event, isMac), at, time };
    editor.pointers.take(input, type === 'move' ? samplesOf(event, place) : [sampleOf(event, place)], modifiersOf(event));
    if (event.pointerType !== 'touch') showCursor(at);
  };

  const onDown = (event: PointerEvent): void => {
    // Text areas and buttons that the page lays over the board keep their presses, and the browser its back and forward.
    if (!isOnBoard(event.target) || !isButtonUsed(event.button)) return;
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
    sendCursor(place(event));
  };

  const onLeave = (event: PointerEvent): void => {
    if (event.pointerType === 'pen') feed('leave', event);
    sendCursor(null);
  };

  const onWheel = (event: WheelEvent): void => {
    const isBoard = isOnBoard(event.target);
    // With Ctrl the browser would zoom its page, whatever lies under the pointer.
    if (isBoard || event.ctrlKey) event.preventDefault();
    const unit = event.deltaMode === 1 ? LINE_PX : event.deltaMode === 2 ? host.clientHeight : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    if (event.ctrlKey ? isAround(event.target) : event.metaKey && isBoard) {
      if (isWheelPinch(pagePinch, event.timeStamp)) zoom(place(event), wheelZoomFactor(dy));
      return;
    }
    if (!isBoard || event.ctrlKey) return;
    const { camera } = editor.state;
    // A mouse has one wheel: Shift turns it sideways, where the system has not done so already.
    const isSideways = event.shiftKey && dx === 0;
    editor.setCamera(isSideways ? panBy(camera, -dy, 0) : panBy(camera, -dx, -dy));
    sendCursor(place(event));
  };

  const onGesture = (event: Event): void => {
    event.preventDefault();
    const { type, scale, timeStamp: time, target, clientX, clientY } = event as GestureEvent;
    const { state, factor } = stepPinch(pagePinch, { type, scale, time, hasTouch: touches.isAny });
    pagePinch = state;
    if (factor !== null && isAround(target)) zoom(place({ clientX, clientY }), factor);
  };

  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Shift' || event.key === 'Alt' || event.key === 'Control' || event.key === 'Meta')
      editor.modifiers(modifiersOf(event));
    if (event.key !== ' ' || isTyping(event.target)) return;
    if (event.type === 'keydown') event.preventDefault();
    editor.pointers.setSpaceHeld(event.type === 'keydown');
    showCursor(cursorAt);
  };

  /** A hidden page gets no more frames, and a person on another tab points at nothing here. */
  const onVisibility = (): void => {
    if (document.visibilityState !== 'hidden' || cursorAt === null) return;
    if (!editor.state.isBusy) cursorAt = null;
    tellCursor();
  };

  host.addEventListener('pointerdown', onDown, { signal });
  host.addEventListener('pointermove', onMove, { signal });
  host.addEventListener('pointerup', (event) => feed('up', event), { signal });
  host.addEventListener('pointercancel', (event) => feed('cancel', event), { signal });
  // Capture that ends without an up or cancel (an element was removed under it) must not leave a gesture open.
  host.addEventListener('lostpointercapture', (event) => feed('cancel', event), { signal });
  host.addEventListener('pointerleave', onLeave, { signal });
  host.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  host.addEventListener('dragstart', (event) => event.preventDefault(), { signal });
  window.addEventListener('wheel', onWheel, { signal, passive: false });
  for (const name of ['gesturestart', 'gesturechange', 'gestureend']) window.addEventListener(name, onGesture, { signal, passive: false });
  window.addEventListener('keydown', onKey, { signal });
  window.addEventListener('keyup', onKey, { signal });
  // The key up of a space that was held while the window lost focus never comes.
  window.addEventListener('blur', () => editor.pointers.setSpaceHeld(false), { signal });
  document.addEventListener('visibilitychange', onVisibility, { signal });
  showCursor(null);

  return () => {
    stopping.abort();
    cancelCursor?.();
  };
}

function pointerTypeOf(event: PointerEvent): PointerType {
  return event.pointerType === 'pen' || event.pointerType === 'touch' ? event.pointerType : 'mouse';
}

/** On a Mac the first button with Ctrl is the second button. */
function buttonsOf({ button, buttons, pointerType, ctrlKey }: PointerEvent, isMac: boolean): { button: number; buttons: number } {
  const isSecond = isMac && pointerType === 'mouse' && ctrlKey && (buttons & 1) !== 0;
  return isSecond ? { button: button === 0 ? 2 : button, buttons: buttons | 2 } : { button, buttons };
}

function modifiersOf(event: MouseEvent | KeyboardEvent): Modifiers {
  return { shift: event.shiftKey, alt: event.altKey, mod: event.ctrlKey || event.metaKey };
}

/** All positions since the last event: a pen reports several per frame. */
function samplesOf(event: PointerEvent, place: (event: PointerEvent) => Point): ViewSample[] {
  const coalesced = typeof event.getCoalescedEvents === 'function' ? event.getCoalescedEvents() : [];
  return (coalesced.length > 0 ? coalesced : [event]).map((sample) => sampleOf(sample, place));
}

function sampleOf(event: PointerEvent, place: (event: PointerEvent) => Point): ViewSample {
  return { ...place(event), pressure: event.pointerType === 'pen' ? event.pressure : 0.5 };
}

/** The board gets the keys; whatever had them (a text area) is left, which closes it. */
function takeFocus(host: HTMLElement): void {
  const active = host.ownerDocument.activeElement;
  if (host.tabIndex >= 0) host.focus({ preventScroll: true });
  else if (active instanceof HTMLElement) active.blur();
}

/** The space bar belongs to whatever is written in or pressed with it; a slider has no use for it. */
function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement && target.type === 'range') return false;
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT|BUTTON|A)$/.test(target.tagName));
}
