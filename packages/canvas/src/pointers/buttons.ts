/** The buttons of a mouse and of a pen: whether the board uses one, and whether it is still held. */
import type { PointerType } from '../tools/tool.ts';

/** Bits of `PointerEvent.buttons`, by the number in `PointerEvent.button`. */
const BIT_OF_BUTTON: readonly number[] = [1, 4, 2, 8, 16, 32];
/** First, middle, second, and the eraser end of a pen. Back and forward belong to the browser. */
const USED: ReadonlySet<number> = new Set([0, 1, 2, 5]);

export function isButtonUsed(button: number): boolean {
  return USED.has(button);
}

/**
 * Whether the button that began a gesture is still down.
 *
 * @param buttons Bits of the buttons held now; undefined when unknown.
 */
export function isButtonHeld(press: { pointerType: PointerType; button: number }, buttons: number | undefined): boolean {
  if (buttons === undefined || press.pointerType === 'touch') return true;
  // Systems differ in whether a pressed barrel button adds to the tip's bit or replaces it, so any bit counts.
  if (press.pointerType === 'pen') return buttons !== 0;
  return (buttons & (BIT_OF_BUTTON[press.button] ?? 0)) !== 0;
}

/** Whether a pen erases: with its other end, or with the button at its side held. Systems tell so by the button, the bits, or both. */
export function isErasing(button: number, buttons: number | undefined): boolean {
  return button === 5 || button === 2 || ((buttons ?? 0) & (32 | 2)) !== 0;
}
