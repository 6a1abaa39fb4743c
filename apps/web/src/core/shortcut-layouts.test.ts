import { describe, expect, it } from 'vitest';
import { layoutNamed, layouts, pressesOf, pressOf, type Layout } from './fixtures/keyboard-layouts.ts';
import { matchShortcut, type Action, type KeyPress } from './shortcuts.ts';

const pc = { platform: 'other', hasSingleKeys: true } as const;
const mac = { platform: 'mac', hasSingleKeys: true } as const;
const us = layoutNamed('US');
const ctrl = { ctrlKey: true };
const ctrlShift = { ctrlKey: true, shiftKey: true };
const shift = { shiftKey: true };

const latin = layouts.filter((layout) => layout.isLatin).map((layout) => [layout.name, layout] as const);
const foreign = layouts.filter((layout) => !layout.isLatin).map((layout) => [layout.name, layout] as const);

function numpad(key: string, code: string, held: Partial<KeyPress> = {}): KeyPress {
  return { key, code: `Numpad${code}`, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held };
}

describe('shortcuts on real keyboard layouts', () => {
  it.each<[string, string, Partial<KeyPress>, Action | null]>([
    ['Thai', 'KeyZ', ctrl, 'undo'],
    ['Thai', 'KeyZ', ctrlShift, 'redo'],
    ['Thai', 'KeyY', ctrl, 'redo'],
    ['Thai', 'Equal', ctrl, 'zoom-in'],
    ['Thai', 'Equal', ctrlShift, 'zoom-in'],
    ['Thai', 'Minus', ctrl, 'zoom-out'],
    ['Thai', 'Digit0', ctrl, 'zoom-reset'],
    ['Thai', 'Digit0', shift, 'zoom-reset'],
    ['Thai', 'Digit1', {}, 'tool:select'],
    ['Thai', 'KeyP', {}, 'tool:pen'],
    ['Thai', 'BracketRight', ctrl, 'forward'],
    ['Thai', 'BracketRight', {}, 'front'],
    ['Thai', 'Slash', shift, 'help'],
    ['Thai', 'KeyM', shift, 'help'],
    ['Thai', 'KeyD', { altKey: true, shiftKey: true }, 'theme'],
    ['Arabic', 'KeyC', ctrlShift, 'copy-png'],
    ['Arabic', 'KeyZ', ctrlShift, 'redo'],
    ['Arabic', 'KeyB', ctrl, null],
    ['Arabic', 'KeyD', shift, 'tool:highlighter'],
    ['Arabic', 'KeyF', shift, null],
    ['Arabic', 'KeyV', ctrlShift, null],
    ['Arabic', 'KeyP', {}, 'tool:pen'],
    ['Arabic', 'BracketRight', {}, 'front'],
    ['Arabic', 'Slash', shift, 'help'],
    ['Persian', 'Digit1', {}, 'tool:select'],
    ['Persian', 'Digit0', ctrl, 'zoom-reset'],
    ['Persian', 'KeyO', ctrlShift, null],
    ['Hebrew', 'KeyQ', {}, 'keep-tool'],
    ['Hebrew', 'KeyZ', ctrl, 'undo'],
    ['Hebrew', 'Slash', shift, 'help'],
    ['Greek', 'KeyQ', {}, 'keep-tool'],
    ['Greek', 'KeyZ', ctrlShift, 'redo'],
    ['Russian', 'Digit7', shift, 'help'],
    ['Russian', 'BracketRight', ctrl, 'forward'],
    ['Japanese kana', 'KeyZ', ctrl, 'undo'],
    ['Japanese kana', 'Digit0', ctrl, 'zoom-reset'],
    ['Japanese kana', 'Minus', ctrl, 'zoom-out'],
    ['Korean', 'KeyC', ctrlShift, 'copy-png'],
    ['Hindi', 'Digit1', shift, 'zoom-fit'],
    ['Hindi', 'KeyC', ctrlShift, 'copy-png'],
    // Latin layouts: what the key types, wherever it is.
    ['French AZERTY', 'KeyW', ctrl, 'undo'],
    ['French AZERTY', 'KeyZ', ctrl, null],
    ['French AZERTY', 'KeyQ', {}, 'tool:arrow'],
    ['French AZERTY', 'KeyM', shift, 'help'],
    ['French AZERTY', 'Digit1', shift, 'tool:select'],
    ['French AZERTY', 'Digit1', {}, 'tool:select'],
    ['French AZERTY', 'Digit2', {}, 'tool:rectangle'],
    ['French AZERTY', 'Digit0', ctrl, 'zoom-reset'],
    ['French AZERTY', 'Digit0', ctrlShift, 'zoom-reset'],
    ['French AZERTY', 'Digit6', ctrl, 'zoom-out'],
    ['French AZERTY', 'Equal', ctrlShift, 'zoom-in'],
    ['French AZERTY', 'Equal', ctrl, 'zoom-in'],
    ['German QWERTZ', 'KeyY', ctrl, 'undo'],
    ['German QWERTZ', 'KeyZ', ctrl, 'redo'],
    ['German QWERTZ', 'BracketRight', ctrl, 'zoom-in'],
    ['German QWERTZ', 'Slash', ctrl, 'zoom-out'],
    ['German QWERTZ', 'Minus', shift, 'help'],
    ['German QWERTZ', 'Minus', ctrl, null],
    ['German QWERTZ', 'Digit0', shift, 'zoom-reset'],
    ['Spanish', 'Equal', {}, null],
    ['Spanish', 'BracketRight', ctrl, 'zoom-in'],
    ['Dvorak', 'Slash', ctrl, 'undo'],
    ['Dvorak', 'KeyZ', ctrl, null],
    ['Dvorak', 'KeyQ', {}, null],
    ['Dvorak', 'KeyE', {}, null],
    ['Dvorak', 'KeyW', ctrl, null],
    ['Dvorak', 'Equal', {}, 'front'],
    ['Dvorak', 'BracketRight', ctrl, 'zoom-in'],
    ['Colemak', 'KeyP', {}, null],
    ['Colemak', 'KeyR', {}, 'tool:pen'],
    ['Bépo', 'BracketLeft', ctrl, 'undo'],
    ['Bépo', 'KeyZ', ctrl, null],
    ['Bépo', 'KeyV', {}, null],
    ['Bépo', 'KeyY', ctrl, null],
    ['Bépo', 'KeyN', shift, 'help'],
  ])('D14: %s, %s with %j', (name, code, held, action) => {
    expect(matchShortcut(pressOf(layoutNamed(name), code, held), pc)).toBe(action);
  });

  it.each(foreign)(
    'D14: %s: every letter key does what it does on a US keyboard, alone and with Ctrl, Shift and both',
    (_, layout: Layout) => {
      for (const { code } of pressesOf(us)) {
        if (!code.startsWith('Key')) continue;
        for (const held of [{}, ctrl, ctrlShift, shift, { altKey: true, shiftKey: true }]) {
          const press = pressOf(layout, code, held);
          if (press.key === 'Dead' || press.key === '?' || /^[A-Z]$/.test(press.key)) continue;
          expect([code, held, matchShortcut(press, pc)]).toEqual([code, held, matchShortcut(pressOf(us, code, held), pc)]);
        }
      }
    },
  );

  it.each(latin)('D14: %s: a key matches by what it types, wherever it is; only digits also match by their place', (_, layout: Layout) => {
    const meant = new Map([...pressesOf(us, ctrl)].map((press) => [press.key, matchShortcut(press, pc)]));
    for (const press of pressesOf(layout, ctrl)) {
      if (press.code === 'Digit0') continue;
      expect([press.code, press.key, matchShortcut(press, pc)]).toEqual([press.code, press.key, meant.get(press.key) ?? null]);
    }
  });

  it.each<[KeyPress, Action | null]>([
    [numpad('1', '1'), 'tool:select'],
    [numpad('۱', '1'), 'tool:select'],
    [numpad('0', '0', ctrl), 'zoom-reset'],
    [numpad('+', 'Add', ctrl), 'zoom-in'],
    [numpad('-', 'Subtract', ctrl), 'zoom-out'],
    [numpad('+', 'Add'), 'zoom-in'],
    // Without NumLock the same keys are arrows, Insert (Ctrl+Insert copies), Delete.
    [numpad('ArrowLeft', '4'), 'nudge-left'],
    [numpad('Insert', '0', ctrl), null],
    [numpad('End', '1'), null],
    [numpad('Clear', '5'), null],
    [numpad('Delete', 'Decimal'), 'delete'],
    [numpad('Enter', 'Enter'), 'enter'],
    // Windows types characters by number with Alt held.
    [numpad('1', '1', { altKey: true }), null],
  ])('D14: the number pad, with and without NumLock: %j', (press, action) => {
    expect(matchShortcut(press, pc)).toBe(action);
  });

  it('D14: a character typed with AltGr or a dead key is never a shortcut, however the browser reports it', () => {
    const typed: [string, string][] = [
      ['ż', 'KeyZ'],
      ['[', 'Digit8'],
      [']', 'Digit9'],
      ['@', 'KeyQ'],
      ['€', 'KeyE'],
      ['Dead', 'KeyY'],
    ];
    for (const [key, code] of typed) {
      const press: KeyPress = { key, code, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
      expect(matchShortcut({ ...press, getModifierState: (name) => name === 'AltGraph' }, pc)).toBeNull();
      expect(matchShortcut({ ...press, ctrlKey: true, altKey: true }, pc)).toBeNull();
      if (key === 'Dead') expect(matchShortcut({ ...press, ctrlKey: true }, pc)).toBeNull();
    }
  });

  it('D14: a character typed with Option on a Mac is no shortcut, except for the one shortcut with Option', () => {
    const option = (key: string, code: string, held: Partial<KeyPress> = {}): KeyPress => ({
      key,
      code,
      ctrlKey: false,
      metaKey: false,
      shiftKey: false,
      altKey: true,
      // Firefox calls Option AltGraph.
      getModifierState: (name) => name === 'AltGraph',
      ...held,
    });
    expect(matchShortcut(option('π', 'KeyP'), mac)).toBeNull();
    expect(matchShortcut(option('[', 'Digit5'), mac)).toBeNull();
    expect(matchShortcut(option('Dead', 'KeyE'), mac)).toBeNull();
    expect(matchShortcut(option('Î', 'KeyD', shift), mac)).toBe('theme');
    expect(matchShortcut(option('В', 'KeyD', shift), mac)).toBe('theme');
    expect(matchShortcut({ ...pressOf(layoutNamed('Russian'), 'KeyZ'), metaKey: true }, mac)).toBe('undo');
  });

  it('D14: a key that reports neither a character nor a place does nothing', () => {
    for (const key of ['Unidentified', 'Process', 'Dead', 'я'])
      expect(matchShortcut({ key, code: '', ctrlKey: true, metaKey: false, shiftKey: false, altKey: false }, pc)).toBeNull();
  });
});
