import { describe, expect, it } from 'vitest';
import { foundSentence, helpGroups, searchHelp } from './help.ts';
import { shortcutLabels } from './shortcut-labels.ts';
import { shortcuts } from './shortcuts.ts';

const pc = helpGroups({ platform: 'other', isTouch: false });
const mac = helpGroups({ platform: 'mac', isTouch: false });
const labels = (query: string, groups = pc) => searchHelp(groups, query).flatMap(({ rows }) => rows.map(({ label }) => label));

describe('M9: the help', () => {
  it('the help lists mouse, fingers and pen beside the shortcuts, this device’s main pointer first', () => {
    expect(pc.map(({ name }) => name)).toEqual(['Mouse and trackpad', 'Touch', 'Pen', 'Tools', 'View', 'Edit']);
    expect(helpGroups({ platform: 'other', isTouch: true }).map(({ name }) => name)[0]).toBe('Touch');
    const clipboardRows = 3; // Copy, cut and paste are keys of the browser.
    const listed = shortcuts.filter(({ action }) => shortcutLabels[action] !== undefined).length;
    expect(listed).toBe(Object.keys(shortcutLabels).length);
    expect(pc.slice(3).reduce((sum, { rows }) => sum + rows.length, 0)).toBe(listed + clipboardRows);
    expect(pc.every(({ rows }) => rows.every(({ label, ways }) => label !== '' && ways.length > 0))).toBe(true);
  });

  it('the help names the keys as the machine does, on screen and in words', () => {
    const waysOf = (groups: typeof pc, label: string) => searchHelp(groups, label).flatMap(({ rows }) => rows.flatMap(({ ways }) => ways));
    expect(waysOf(pc, 'Mouse Zoom')[0]).toEqual({ shown: 'Ctrl + wheel', words: 'Ctrl + wheel' });
    expect(waysOf(mac, 'Mouse Zoom')[0]).toEqual({ shown: '⌘ + wheel', words: 'Command + wheel' });
    expect(waysOf(mac, 'Redo')).toContainEqual({ shown: '⇧⌘Z', words: 'Shift+Command+Z' });
    expect(JSON.stringify(mac)).not.toMatch(/Ctrl|"(Alt|Del|Backspace)"/);
  });

  it('the search finds rows by purpose, key or group, in any order and case', () => {
    expect(labels('ZOOM')).toEqual(expect.arrayContaining(['Zoom', 'Zoom in', 'Zoom to fit']));
    expect(labels('zoom')).not.toContain('Undo');
    expect(labels('ctrl z')).toContain('Undo');
    expect(labels('command z', mac)).toContain('Undo');
    expect(labels('⌘Z', mac)).toContain('Undo');
    expect(labels('pen finger')).toEqual(expect.arrayContaining(['Move around', 'Let fingers draw again']));
    expect(labels('  text   double ')).toContain('Write in a text, or begin one');
    expect(labels('')).toHaveLength(pc.reduce((sum, { rows }) => sum + rows.length, 0));
  });

  it('the search announces how many rows were found, or that none were', () => {
    expect(foundSentence(searchHelp(pc, 'undo'))).toBe('2 found');
    expect(searchHelp(pc, 'quantum')).toEqual([]);
    expect(foundSentence([])).toContain('Nothing found');
  });
});
