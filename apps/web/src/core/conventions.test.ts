/** The keys that people know from other whiteboards: each row of the table is a convention, with the chords that keep it. */
import { expect, it } from 'vitest';
import { shortcuts, type Action } from './shortcuts.ts';

/** Chords that the browser and the clipboard handle are in no table of shortcuts, and not in this one. */
const conventions: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
  select: { v: 'tool:select', 1: 'tool:select' },
  hand: { h: 'tool:hand' },
  pen: { p: 'tool:pen', d: 'tool:pen', 7: 'tool:pen', x: 'tool:pen', b: 'tool:pen' },
  highlighter: { 'Shift+d': 'tool:highlighter' },
  eraser: { e: 'tool:eraser', 0: 'tool:eraser' },
  'rectangle, ellipse, diamond': {
    r: 'tool:rectangle',
    2: 'tool:rectangle',
    o: 'tool:ellipse',
    4: 'tool:ellipse',
    g: 'tool:diamond',
    3: 'tool:diamond',
  },
  'line, arrow': { l: 'tool:line', 6: 'tool:line', a: 'tool:arrow', 5: 'tool:arrow' },
  text: { t: 'tool:text', 8: 'tool:text' },
  'sticky note': { n: 'tool:note' as Action, s: 'tool:note' as Action },
  frame: { f: 'tool:frame' },
  image: { 9: 'add-pictures', 'Mod+u': 'add-pictures' },
  laser: { k: 'tool:laser' },
  'cursor chat, conversation': { '/': 'say', c: 'chat' },
  'keep the tool': { q: 'keep-tool' },
  'undo, redo': { 'Mod+z': 'undo', 'Mod+Shift+z': 'redo', 'Mod+y': 'redo' },
  'paste in place, or the style': { 'Mod+Alt+v': 'paste-style' },
  duplicate: { 'Mod+d': 'duplicate' },
  'select all': { 'Mod+a': 'select-all' },
  'group, ungroup': { 'Mod+g': 'group', 'Mod+Shift+g': 'ungroup' },
  'forward, backward': { 'Mod+]': 'forward', 'Mod+[': 'backward' },
  'front, back': { ']': 'front', '[': 'back', 'Mod+Shift+]': 'front', 'Mod+Shift+[': 'back' },
  align: {
    'Alt+a': 'arrange:left',
    'Alt+d': 'arrange:right',
    'Alt+w': 'arrange:top',
    'Alt+s': 'arrange:bottom',
    'Mod+Shift+ArrowLeft': 'arrange:left',
    'Mod+Shift+ArrowRight': 'arrange:right',
    'Mod+Shift+ArrowUp': 'arrange:top',
    'Mod+Shift+ArrowDown': 'arrange:bottom',
  },
  'centre, distribute': {
    'Alt+h': 'arrange:centre-x',
    'Alt+v': 'arrange:centre-y',
    'Alt+Shift+h': 'arrange:distribute-x',
    'Alt+Shift+v': 'arrange:distribute-y',
  },
  flip: { 'Shift+h': 'arrange:flip-x', 'Shift+v': 'arrange:flip-y' },
  lock: { 'Mod+Shift+l': 'lock' },
  zoom: { 'Mod+=': 'zoom-in', '=': 'zoom-in', 'Mod+-': 'zoom-out', '-': 'zoom-out' },
  '100 %, fit, selection': {
    'Mod+0': 'zoom-reset',
    'Shift+Digit0': 'zoom-reset',
    'Shift+Digit1': 'zoom-fit',
    'Shift+Digit2': 'zoom-selection',
  },
  'zoom tool': { z: 'hold-zoom' },
  grid: { "Mod+'": 'grid' },
  'dark mode, focus mode': { 'Alt+Shift+d': 'theme', 'Mod+.': 'focus' },
  'command palette, find': { 'Mod+k': 'palette', 'Mod+f': 'find' },
  help: { '?': 'help' },
  'copy as PNG': { 'Mod+Shift+c': 'copy-png' },
  'copy the style': { 'Mod+Alt+c': 'copy-style' },
  'nudge, big nudge': {
    ArrowLeft: 'nudge-left',
    ArrowRight: 'nudge-right',
    ArrowUp: 'nudge-up',
    ArrowDown: 'nudge-down',
    'Shift+ArrowLeft': 'nudge-far-left',
    'Shift+ArrowRight': 'nudge-far-right',
    'Shift+ArrowUp': 'nudge-far-up',
    'Shift+ArrowDown': 'nudge-far-down',
  },
  resize: {
    'Alt+Shift+ArrowRight': 'arrange:wider',
    'Alt+Shift+ArrowLeft': 'arrange:narrower',
    'Alt+Shift+ArrowDown': 'arrange:taller',
    'Alt+Shift+ArrowUp': 'arrange:shorter',
  },
};
/** The board has no such tool yet. */
const awaited = ['sticky note'];

const actionOf = (chord: string): Action | undefined => shortcuts.find(({ chords }) => chords.includes(chord))?.action;

it('every convention of keys holds, 35 of 36, but for the tool that the board does not have', () => {
  const broken = Object.entries(conventions)
    .filter(([, chords]) => Object.entries(chords).some(([chord, action]) => actionOf(chord) !== action))
    .map(([name]) => name);
  expect(broken).toEqual(awaited);
  expect(Object.keys(conventions)).toHaveLength(36);
});

it('no chord stands for two actions', () => {
  const chords = shortcuts.flatMap((shortcut) => shortcut.chords);
  expect(new Set(chords).size).toBe(chords.length);
});
