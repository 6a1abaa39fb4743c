import { describe, expect, it } from 'vitest';
import { helpGroups } from './help.ts';
import { chordLabel, chordWords, doesRepeat, matchShortcut, shortcuts, type KeyPress } from './shortcuts.ts';

function press(key: string, more: Partial<KeyPress> = {}): KeyPress {
  const code = /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : /^\d$/.test(key) ? `Digit${key}` : key;
  return { key, code, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more };
}
const pc = { platform: 'other', hasSingleKeys: true } as const;
const mac = { platform: 'mac', hasSingleKeys: true } as const;

describe('shortcuts', () => {
  it.each<[KeyPress, string | null]>([
    [press('v'), 'tool:select'],
    [press('1'), 'tool:select'],
    [press('7'), 'tool:pen'],
    [press('P'), 'tool:pen'], // Caps Lock
    [press('0'), 'tool:eraser'],
    [press('z', { ctrlKey: true }), 'undo'],
    [press('Z', { ctrlKey: true, shiftKey: true }), 'redo'],
    [press('y', { ctrlKey: true }), 'redo'],
    [press(']', { code: 'BracketRight' }), 'front'],
    [press('}', { code: 'BracketRight', ctrlKey: true, shiftKey: true }), 'front'],
    [press('[', { code: 'BracketLeft', ctrlKey: true }), 'backward'],
    [press('?', { code: 'Slash', shiftKey: true }), 'help'],
    [press('+', { code: 'Equal', ctrlKey: true, shiftKey: true }), 'zoom-in'],
    [press('=', { code: 'Equal' }), 'zoom-in'],
    [press('-', { code: 'Minus', ctrlKey: true }), 'zoom-out'],
    [press('0', { ctrlKey: true }), 'zoom-reset'],
    [press('!', { code: 'Digit1', shiftKey: true }), 'zoom-fit'],
    [press(')', { code: 'Digit0', shiftKey: true }), 'zoom-reset'],
    [press('D', { altKey: true, shiftKey: true }), 'theme'],
    [press('ArrowLeft'), 'nudge-left'],
    [press('ArrowUp', { shiftKey: true }), 'nudge-far-up'],
    [press('Escape'), 'escape'],
    [press('Tab'), 'next-element'],
    [press('Tab', { shiftKey: true }), 'previous-element'],
    [press('Tab', { altKey: true }), null],
    [press('Backspace'), 'delete'],
    [press('q'), 'keep-tool'],
    [press('j'), null],
    [press('v', { ctrlKey: true }), null],
    [press('z', { metaKey: true }), null],
    [press('F5'), null],
    [press('a', { altKey: true }), 'arrange:left'],
    [press('ArrowDown', { ctrlKey: true, shiftKey: true }), 'arrange:bottom'],
    [press('V', { altKey: true, shiftKey: true }), 'arrange:distribute-y'],
    [press('V', { shiftKey: true }), 'arrange:flip-y'],
    [press('R', { shiftKey: true }), 'raise-hand'],
  ])('%# %j', (given, action) => expect(matchShortcut(given, pc)).toBe(action));

  it('on a Mac, shortcuts use Command, and Option does not hide a key’s letter', () => {
    expect(matchShortcut(press('z', { metaKey: true }), mac)).toBe('undo');
    expect(matchShortcut(press('z', { ctrlKey: true }), mac)).toBeNull();
    expect(matchShortcut(press('Î', { code: 'KeyD', altKey: true, shiftKey: true }), mac)).toBe('theme');
    expect(matchShortcut(press('ß', { code: 'KeyS', altKey: true }), mac)).toBe('arrange:bottom');
  });

  it('a key matches by the character it types, not by its place', () => {
    // AZERTY: the key in the place of Q types a; Dvorak: the key in the place of R types p.
    expect(matchShortcut(press('a', { code: 'KeyQ' }), pc)).toBe('tool:arrow');
    expect(matchShortcut(press('p', { code: 'KeyR' }), pc)).toBe('tool:pen');
    // AZERTY types digits with Shift: the person means the digit.
    expect(matchShortcut(press('1', { code: 'Digit1', shiftKey: true }), pc)).toBe('tool:select');
  });

  it('a key with a letter of another script matches by its place', () => {
    expect(matchShortcut(press('я', { code: 'KeyZ', ctrlKey: true }), pc)).toBe('undo');
    expect(matchShortcut(press('м', { code: 'KeyV' }), pc)).toBe('tool:select');
    expect(matchShortcut(press('ö', { code: 'Semicolon' }), pc)).toBeNull();
  });

  it('single keys that are switched off do nothing, and chords still work', () => {
    const off = { platform: 'other', hasSingleKeys: false } as const;
    expect(matchShortcut(press('v'), off)).toBeNull();
    expect(matchShortcut(press('?', { code: 'Slash', shiftKey: true }), off)).toBeNull();
    expect(matchShortcut(press('!', { code: 'Digit1', shiftKey: true }), off)).toBeNull();
    expect(matchShortcut(press('z', { ctrlKey: true }), off)).toBe('undo');
    expect(matchShortcut(press('Escape'), off)).toBe('escape');
  });

  it('D12: a key that an input method uses is no shortcut, in any order of events', () => {
    for (const held of [{ isComposing: true }, { keyCode: 229 }, { isComposing: true, keyCode: 229 }])
      for (const key of ['Escape', 'Enter', 'Delete', 'v', 'Process', 'Tab']) expect(matchShortcut(press(key, held), pc)).toBeNull();
    expect(matchShortcut(press('z', { ctrlKey: true, keyCode: 229 }), pc)).toBeNull();
    expect(matchShortcut(press('Enter', { isComposing: false, keyCode: 13 }), pc)).toBe('enter');
  });

  it('D14: a held key repeats only actions that go step by step', () => {
    for (const action of ['undo', 'redo', 'zoom-in', 'nudge-far-left', 'forward'] as const) expect(doesRepeat(action)).toBe(true);
    for (const action of ['theme', 'chat', 'keep-tool', 'tool:eraser', 'save-file', 'copy-png', 'duplicate', 'front'] as const)
      expect(doesRepeat(action)).toBe(false);
  });

  it('no chord belongs to two actions', () => {
    const chords = shortcuts.flatMap((shortcut) => shortcut.chords);
    expect(new Set(chords).size).toBe(chords.length);
  });

  it('chords are written as on the platform', () => {
    expect(chordLabel('Mod+Shift+z', 'other')).toBe('Ctrl+Shift+Z');
    expect(chordLabel('Mod+Shift+z', 'mac')).toBe('⇧⌘Z');
    expect(chordLabel('Alt+Shift+d', 'mac')).toBe('⌥⇧D');
    expect(['Delete', 'Backspace', 'Enter', 'Tab', 'Mod+['].map((chord) => chordLabel(chord, 'mac'))).toEqual(['⌦', '⌫', '↩', '⇥', '⌘[']);
    expect(chordWords('Mod+Shift+z', 'mac')).toBe('Shift+Command+Z');
    expect(chordWords('Mod+[', 'other')).toBe('Ctrl+Left bracket');
    expect(chordWords('Backspace', 'mac')).toBe('Delete');
    expect(chordLabel('Shift+Digit1', 'other')).toBe('Shift+1');
    expect(chordLabel('Mod+=', 'other')).toBe('Ctrl+=');
  });
});

it('each arrow has a sign and a name of its own, and the help names all four where it means them', () => {
  const arrows = ['ArrowLeft', 'ArrowUp', 'ArrowRight', 'ArrowDown'];
  expect(arrows.map((key) => chordLabel(`Mod+Shift+${key}`, 'other'))).toEqual(['←', '↑', '→', '↓'].map((sign) => `Ctrl+Shift+${sign}`));
  expect(arrows.map((key) => chordWords(key, 'other'))).toEqual(['Left arrow', 'Up arrow', 'Right arrow', 'Down arrow']);
  const rows = helpGroups({ platform: 'other', isTouch: false }).flatMap((group) => group.rows);
  expect(rows.find(({ label }) => label.startsWith('Nudge'))?.ways).toEqual([{ shown: '← ↑ → ↓', words: 'Arrow keys' }]);
});
