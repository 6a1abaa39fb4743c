import { describe, expect, it } from 'vitest';
import { assignKey, isFreeToGive, parseOwnKeys, restoreKey, withOwnKeys } from './own-keys.ts';
import { chordsOfPress, firstKeys, matchShortcut, type KeyPress } from './shortcuts.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
});
const act = (given: KeyPress, own: Parameters<typeof withOwnKeys>[0], hasSingleKeys = true) =>
  matchShortcut(given, { platform: 'other', hasSingleKeys, keys: withOwnKeys(own) });

describe('the keys of a person', () => {
  it('an action does what its new key says, and its old ones do nothing', () => {
    const own = assignKey({}, 'tool:pen', 'b');
    expect(act(press('b'), own)).toBe('tool:pen');
    for (const old of ['p', 'd', '7'])
      expect(act(press(old, { code: old === '7' ? 'Digit7' : `Key${old.toUpperCase()}` }), own)).toBeNull();
    expect(act(press('e'), own)).toBe('tool:eraser');
    expect(withOwnKeys(own).chordsFor('tool:pen')).toEqual(['b']);
  });

  it('a key that is taken from another action leaves that one its other keys', () => {
    const own = assignKey({}, 'tool:star', 'r');
    expect(act(press('r'), own)).toBe('tool:star');
    expect(withOwnKeys(own).chordsFor('tool:rectangle')).toEqual(['2']);
    const back = restoreKey(own, 'tool:rectangle');
    expect(withOwnKeys(back).chordsFor('tool:rectangle')).toEqual(['2']); // The star has R.
    const all = restoreKey(restoreKey(back, 'tool:star'), 'tool:rectangle');
    expect(all).toEqual({});
    expect(withOwnKeys(all)).toBe(firstKeys);
  });

  it('a key can be switched off and set back', () => {
    const own = assignKey({}, 'raise-hand', null);
    expect(act(press('R', { shiftKey: true }), own)).toBeNull();
    expect(act(press('R', { shiftKey: true }), restoreKey(own, 'raise-hand'))).toBe('raise-hand');
  });

  it('the switch for single keys also holds for keys of one’s own', () => {
    const own = assignKey(assignKey({}, 'tool:pen', 'b'), 'share', 'Mod+Shift+s');
    expect(act(press('b'), own, false)).toBeNull();
    expect(act(press('S', { ctrlKey: true, shiftKey: true }), own, false)).toBe('share');
  });

  it('a press names the chord that it then matches', () => {
    for (const given of [
      press('B', { shiftKey: true }),
      press('k', { altKey: true }),
      press('J', { ctrlKey: true, shiftKey: true }),
      press('F8'),
    ]) {
      const [chord = ''] = chordsOfPress(given, 'other');
      expect(isFreeToGive(chord)).toBe(true);
      expect(act(given, assignKey({}, 'share', chord))).toBe('share');
    }
  });

  it('keys of the browser, of the clipboard and of moving around are not given away', () => {
    for (const chord of ['Escape', 'Tab', 'Mod+w', 'Mod+v', 'Shift+ArrowLeft', ' ', '']) expect(isFreeToGive(chord)).toBe(false);
  });

  it('what the device kept is read as far as it can be used', () => {
    expect(
      parseOwnKeys({
        'tool:pen': ['b'],
        share: [],
        'no-such': ['x'],
        help: 'h',
        copy: [7],
        undo: ['a b'],
        redo: ['1', '2', '3', '4', '5'],
      }),
    ).toEqual({
      'tool:pen': ['b'],
      share: [],
    });
    for (const value of [null, 7, 'x', [], { __proto__: ['x'] }]) expect(parseOwnKeys(value)).toEqual({});
    // Two actions with one key: the person's choice counts, not the table.
    expect(act(press('e'), parseOwnKeys({ share: ['e'] }))).toBe('share');
  });
});
