import { describe, expect, it } from 'vitest';
import { allCommands } from './commands.ts';
import { keyRows, searchKeyRows } from './key-rows.ts';
import { assignKey, withOwnKeys } from './own-keys.ts';
import { firstKeys, shortcuts } from './shortcuts.ts';

describe('the list of keys to change', () => {
  it('has every named action once, but those whose keys are the browser’s or the page’s', () => {
    const listed = keyRows(firstKeys, 'other').map(({ action }) => action);
    expect(new Set(listed).size).toBe(listed.length);
    const left = allCommands('other')
      .map(({ action }) => action)
      .filter((action) => !listed.includes(action));
    expect(left.sort()).toEqual(
      ['copy', 'cut', 'paste', 'next-element', 'previous-element', 'nudge-left', 'nudge-right', 'nudge-up', 'nudge-down'].sort(),
    );
    // Only actions of the table are read back from the device.
    for (const action of listed) expect(shortcuts.some((row) => row.action === action)).toBe(true);
  });

  it('shows the keys in use, and finds rows by name and by key', () => {
    const rows = keyRows(withOwnKeys(assignKey({}, 'tool:pen', 'Mod+Shift+b')), 'other');
    expect(rows.find(({ action }) => action === 'tool:pen')?.shown).toBe('Ctrl+Shift+B');
    expect(rows.find(({ action }) => action === 'tool:eraser')?.shown).toBe('E or 0');
    expect(rows.find(({ action }) => action === 'share')?.shown).toBe('');
    expect(searchKeyRows(rows, 'ctrl+shift+b').map(({ action }) => action)).toEqual(['tool:pen']);
    expect(searchKeyRows(rows, 'speech').map(({ action }) => action)).toEqual(['tool:bubble']);
  });
});
