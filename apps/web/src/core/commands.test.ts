import { describe, expect, it } from 'vitest';
import { allCommands, commandsFor, searchCommands } from './commands.ts';
import { helpGroups } from './help.ts';
import { shortcuts, type Action } from './shortcuts.ts';

const commands = allCommands('other');
const labels = (query: string): string[] => searchCommands(commands, query).map(({ label }) => label);

describe('the command palette', () => {
  it('has every action with a key but those that act on the list itself, and each once', () => {
    const listed = commands.map(({ action }) => action);
    expect(new Set(listed).size).toBe(listed.length);
    const missing = shortcuts.map(({ action }) => action).filter((action) => !listed.includes(action));
    expect(missing.sort()).toEqual(
      ['enter', 'escape', 'hold-zoom', 'nudge-far-down', 'nudge-far-left', 'nudge-far-right', 'nudge-far-up', 'palette'].sort(),
    );
    for (const { label } of commands) expect(label).not.toBe('');
  });

  it('leaves out what would do nothing: changes where the person may only look, and acts on a selection without one', () => {
    const actions = (facts: { isReadOnly: boolean; hasSelection: boolean; hasFrame?: boolean }) =>
      commandsFor(commands, { hasFrame: facts.hasSelection, ...facts }).map(({ action }) => action);
    expect(actions({ isReadOnly: false, hasSelection: true })).toHaveLength(commands.length);
    const withoutFrame = actions({ isReadOnly: false, hasSelection: true, hasFrame: false });
    for (const action of ['remove-frame', 'select-in-frame', 'frame-png'] as const) expect(withoutFrame).not.toContain(action);
    const none = actions({ isReadOnly: false, hasSelection: false });
    for (const action of ['duplicate', 'arrange:left', 'zoom-selection', 'remove-frame'] as const) expect(none).not.toContain(action);
    expect(none).toEqual(expect.arrayContaining(['tool:star', 'paste', 'undo']));
    const looking = actions({ isReadOnly: true, hasSelection: true });
    for (const action of ['tool:pen', 'paste', 'delete', 'clear-board', 'group', 'arrange:flip-x'] as const)
      expect(looking).not.toContain(action);
    expect(looking).toEqual(
      expect.arrayContaining(['tool:select', 'tool:hand', 'copy', 'find', 'export-png', 'zoom-fit', 'present-frames']),
    );
  });

  it('is the way to every action for a finger, from the menu; the few that it leaves out have a touch that the help names', () => {
    const touches: Readonly<Partial<Record<Action, string>>> = {
      palette: 'Any other action',
      escape: 'Deselect, or finish a text',
      enter: 'Write in a text, or begin one',
      'hold-zoom': 'Zoom',
      'nudge-far-left': 'Draw, select, erase: what the tool does',
      'nudge-far-right': 'Draw, select, erase: what the tool does',
      'nudge-far-up': 'Draw, select, erase: what the tool does',
      'nudge-far-down': 'Draw, select, erase: what the tool does',
    };
    const listed = new Set(commands.map(({ action }) => action));
    const named = helpGroups({ platform: 'other', isTouch: true }).flatMap(({ name, rows }) =>
      name === 'Touch' ? rows.map(({ label }) => label) : [],
    );
    const outOfReach = shortcuts
      .map(({ action }) => action)
      .filter((action) => !listed.has(action) && !named.includes(touches[action] ?? ''));
    expect(outOfReach).toEqual([]);
  });

  it('shows the key of this machine', () => {
    expect(commands.find(({ action }) => action === 'undo')?.keys).toBe('Ctrl+Z');
    expect(allCommands('mac').find(({ action }) => action === 'undo')?.keys).toBe('⌘Z');
    expect(commands.find(({ action }) => action === 'tool:star')?.keys).toBe('');
  });

  it('finds by any words in any order, those that begin with the first one before the others', () => {
    expect(labels('')).toHaveLength(commands.length);
    expect(labels('zoom')).toEqual(expect.arrayContaining(['Zoom in', 'Zoom out', 'Zoom to fit']));
    expect(labels('STYLE the copy')).toEqual(['Copy the style']);
    expect(labels('copy')[0]).toBe('Copy');
    expect(labels('no such thing')).toEqual([]);
  });
});
