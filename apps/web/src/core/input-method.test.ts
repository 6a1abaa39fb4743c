import { describe, expect, it } from 'vitest';
import { keepInputMethodKeys } from './input-method.ts';

interface Press {
  key: string;
  isComposing: boolean;
  keyCode: number;
}

/**
 * The keydown events of one word of Japanese, from its first letter to the Enter that picks a candidate, and the Enter
 * after it that is meant. `end` is where the browser ends the composition.
 *
 * UI Events 5.5 has the key before `compositionend`; so do Chromium and Firefox. Safari has it after (WebKit bug 165004).
 */
const orders: Readonly<Record<string, readonly (Press | 'start' | 'end')[]>> = {
  Chromium: [
    { key: 'Process', isComposing: false, keyCode: 229 },
    'start',
    { key: 'Process', isComposing: true, keyCode: 229 },
    { key: 'Enter', isComposing: true, keyCode: 229 },
    'end',
  ],
  Firefox: [
    { key: 'Process', isComposing: false, keyCode: 229 },
    'start',
    { key: 'Process', isComposing: true, keyCode: 229 },
    { key: 'Process', isComposing: true, keyCode: 229 },
    'end',
  ],
  Safari: [
    { key: 'n', isComposing: false, keyCode: 229 },
    'start',
    { key: 'i', isComposing: true, keyCode: 229 },
    'end',
    { key: 'Enter', isComposing: false, keyCode: 229 },
  ],
};

/** The presses that reach a listener of the page. */
function heard(presses: readonly Press[], type = 'keydown'): string[] {
  const page = new EventTarget();
  const keys: string[] = [];
  keepInputMethodKeys(page);
  page.addEventListener(type, (event) => keys.push((event as Event & Press).key));
  for (const press of presses) page.dispatchEvent(Object.assign(new Event(type), press));
  return keys;
}

describe('keys of an input method', () => {
  it.each(Object.entries(orders))(
    'D12: in the event order of %s no key of a composition reaches the page, and the Enter after it does',
    (_, order) => {
      const presses = order.filter((step) => typeof step !== 'string');
      expect(heard([...presses, { key: 'Enter', isComposing: false, keyCode: 13 }])).toEqual(['Enter']);
    },
  );

  it('D12: an Escape that dismisses a candidate does not reach the page, before or after the composition has ended', () => {
    expect(
      heard([
        { key: 'Escape', isComposing: true, keyCode: 229 },
        { key: 'Escape', isComposing: false, keyCode: 229 },
        { key: 'Escape', isComposing: false, keyCode: 27 },
      ]),
    ).toEqual(['Escape']);
  });

  it('D12: keyup events reach the page, so that no key seems to stay held', () => {
    expect(heard([{ key: ' ', isComposing: true, keyCode: 32 }], 'keyup')).toEqual([' ']);
  });
});
