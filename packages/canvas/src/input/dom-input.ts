/**
 * Listeners on the page: pointer, wheel and key events become calls to the editor. No decisions here.
 */
import { wheelZoomFactor, zoomAt, panBy, toBoard } from '../camera.ts';
import type { Point } from '../geometry.ts';
import type { Editor } from '../stage/editor.ts';
import type { ViewSample } from '../stage/editor-options.ts';
import type { Modifiers, PointerType } from '../tools/tool.ts';
import { cursorStyle } from './cursor-style.ts';
import type { PointerInput } from './pointers.ts';

export interface InputOptions {
  readonly host: HTMLElement;
  readonly window: Window & typeof globalThis;
  readonly editor: Editor;
  readonly onCursor: (cursor: Point | null) => void;
  readonly requestFrame: (callback: () => void) => () => void;
}

/** CSS pixels of a wheel event that counts lines, as Firefox does with a mouse. */
const LINE_PX = 16;
/** The gesture events of Safari on a Mac; elsewhere a trackpad pinch is a wheel event with Ctrl. */
interface GestureEvent extends UIEvent {
  readonly scale: number;
  readonly clientX: number;
  readonly clientY: number;
}

/** Listens until the returned function is called. */
export function attachInput({ host, window, editor, onCursor, requestFrame }: InputOptions): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  let cancelCursor: (() => void) | null = null;
  let cursorAt: Point | null = null;
  let gestureScale = 1;

  host.style.touchAction = 'none';
  host.style.userSelect = 'none';
  host.style.setProperty('-webkit-user-select', 'none');

  const place = (event: { clientX: number; clientY: number }): Point => {
    const box = host.getBoundingClientRect();
    return { x: event.clientX - box.left - host.clientLeft, y: event.clientY - box.top - host.clientTop };
  };

  const sendCursor = (at: Point | null): void => {
    cursorAt = at;
    cancelCursor ??= requestFrame(() => {
      cancelCursor = null;
      onCursor(cursorAt === null ? null : toBoard(editor.state.camera, cursorAt));
    });
  };

  const showCursor = (at: Point | null): void => {
    host.style.cursor = cursorStyle(editor, at);
  };

  const feed = (type: PointerInput['type'], event: PointerEvent): void => {
    const at = place(event);
    const input = { type, pointerId: event.pointerId, pointerType: pointerTypeOf(event), button: event.button, at, time: event.timeStamp };
    editor.pointers.take(input, type === 'move' ? samplesOf(event, place) : [sampleOf(event, place)], modifiersOf(event));
    if (event.pointerType !== 'touch') showCursor(at);
  };

  const onDown = (event: PointerEvent): void => {
    // Text areas and buttons that the page lays over the board keep their presses.
    if (event.target !== host && !(event.target instanceof window.HTMLCanvasElement && host.contains(event.target))) return;
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

  const onWheel = (event: WheelEvent): void => {
    if (event.target !== host && !(event.target instanceof window.HTMLCanvasElement)) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? LINE_PX : event.deltaMode === 2 ? host.clientHeight : 1;
    const { camera } = editor.state;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    if (event.ctrlKey || event.metaKey) return editor.setCamera(zoomAt(camera, place(event), camera.zoom * wheelZoomFactor(dy)));
    // A mouse has one wheel: Shift turns it sideways, where the system has not done so already.
    const isSideways = event.shiftKey && dx === 0;
    editor.setCamera(isSideways ? panBy(camera, -dy, 0) : panBy(camera, -dx, -dy));
    sendCursor(place(event));
  };

  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Shift' || event.key === 'Alt' || event.key === 'Control' || event.key === 'Meta')
      editor.modifiers(modifiersOf(event));
    if (event.key !== ' ' || isTyping(event.target)) return;
    if (event.type === 'keydown') event.preventDefault();
    editor.pointers.setSpaceHeld(event.type === 'keydown');
    showCursor(cursorAt);
  };

  const onGesture = (event: Event): void => {
    event.preventDefault();
    const { scale, clientX, clientY } = event as GestureEvent;
    const { camera } = editor.state;
    if (event.type === 'gesturechange') editor.setCamera(zoomAt(camera, place({ clientX, clientY }), (camera.zoom * scale) / gestureScale));
    gestureScale = event.type === 'gesturechange' ? scale : 1;
  };

  host.addEventListener('pointerdown', onDown, { signal });
  host.addEventListener('pointermove', onMove, { signal });
  host.addEventListener('pointerup', (event) => feed('up', event), { signal });
  host.addEventListener('pointercancel', (event) => feed('cancel', event), { signal });
  // Capture that ends without an up or cancel (an element was removed under it) must not leave a gesture open.
  host.addEventListener('lostpointercapture', (event) => feed('cancel', event), { signal });
  host.addEventListener('pointerleave', () => sendCursor(null), { signal });
  host.addEventListener('wheel', onWheel, { signal, passive: false });
  host.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  host.addEventListener('dragstart', (event) => event.preventDefault(), { signal });
  for (const name of ['gesturestart', 'gesturechange', 'gestureend']) host.addEventListener(name, onGesture, { signal });
  window.addEventListener('keydown', onKey, { signal });
  window.addEventListener('keyup', onKey, { signal });
  // The key up of a space that was held while the window lost focus never comes.
  window.addEventListener('blur', () => editor.pointers.setSpaceHeld(false), { signal });
  showCursor(null);

  return () => {
    stopping.abort();
    cancelCursor?.();
  };
}

function pointerTypeOf(event: PointerEvent): PointerType {
  return event.pointerType === 'pen' || event.pointerType === 'touch' ? event.pointerType : 'mouse';
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
  // A pen without a pressure sensor reports 0 while it touches; the middle is what such a pen means.
  const pressure = event.pointerType === 'pen' && event.pressure > 0 ? event.pressure : 0.5;
  return { ...place(event), pressure };
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
