/**
 * Finds a person's work on this page that a reload would lose or interrupt right now. Works on every page of the app.
 *
 * A field with a draft has `data-draft`, whose value is the field's initial text. Drafts survive a reload (see
 * core/drafts.ts), except where the browser stores nothing.
 * A dialog has the class `dialog`.
 */
import type { Hold } from '../core/update-sentence.ts';
import { isTextField } from './field.ts';

export interface PageUse {
  holds(): Hold[];
  /** Milliseconds since the person last touched the page; Infinity while the page is hidden. */
  idleMs(): number;
}

/**
 * Listens from now on, for as long as the page lives.
 *
 * @param keepsDrafts Whether the text of a field survives a reload.
 * @param now Milliseconds that only grow.
 */
export function watchPageUse(page: Document, keepsDrafts: () => boolean, now: () => number = () => performance.now()): PageUse {
  const pointersDown = new Set<number>();
  let touchedAtMs = now();
  const touch = (): void => void (touchedAtMs = now());
  const view = page.defaultView;

  const onPointer = (event: PointerEvent): void => {
    // Moving a mouse with no button down is only looking. A button released outside the window also comes back as this.
    if (event.buttons === 0) pointersDown.delete(event.pointerId);
    else pointersDown.add(event.pointerId);
    if (event.buttons !== 0 || event.type !== 'pointermove') touch();
  };
  for (const type of ['pointerdown', 'pointermove', 'pointerup', 'pointercancel'] as const)
    view?.addEventListener(type, onPointer, { capture: true, passive: true });
  for (const type of ['keydown', 'keyup', 'wheel', 'input'] as const) view?.addEventListener(type, touch, { capture: true, passive: true });

  return {
    holds() {
      const present: Hold[] = [];
      if (pointersDown.size > 0) present.push('gesture');
      if (!keepsDrafts() && [...page.querySelectorAll('[data-draft]')].some(hasDraft)) present.push('draft');
      if (isTypedIn(page.activeElement)) present.push('typing');
      if (page.querySelector('.dialog') !== null) present.push('dialog');
      return present;
    },
    idleMs: () => (page.visibilityState === 'visible' ? now() - touchedAtMs : Infinity),
  };
}

function hasDraft(node: Element): boolean {
  return isTextField(node) && node.value.trim() !== (node.getAttribute('data-draft') ?? '').trim();
}

/** An empty field has nothing to lose. */
function isTypedIn(node: Element | null): boolean {
  return isTextField(node) && !node.readOnly && !node.disabled && node.value !== '';
}
