/**
 * Keyboard shortcuts: one table, matched against a key press, and listed by the help dialog.
 *
 * Keys match by the character they type, not by their place, or AZERTY and Dvorak would break. A key whose character no
 * chord could name matches by its place, see `key-readings.ts`. Typing is never a shortcut: AltGr, dead keys, Option on a
 * Mac, and the keys of an input method are left alone.
 */
import type { ToolName } from '@wetink/canvas';
import { isOfInputMethod } from './input-method.ts';
import { readingsOf, type KeyPress } from './key-readings.ts';

export type { KeyPress } from './key-readings.ts';

/** Macs have other modifier keys, and other signs for keys. */
export type Platform = 'mac' | 'other';

export type Action =
  | `tool:${ToolName}`
  | 'keep-tool'
  | 'undo'
  | 'redo'
  | 'select-all'
  | 'duplicate'
  | 'delete'
  | 'escape'
  | 'enter'
  | 'next-element'
  | 'previous-element'
  | 'forward'
  | 'backward'
  | 'front'
  | 'back'
  | 'nudge-left'
  | 'nudge-right'
  | 'nudge-up'
  | 'nudge-down'
  | 'nudge-far-left'
  | 'nudge-far-right'
  | 'nudge-far-up'
  | 'nudge-far-down'
  | 'zoom-in'
  | 'zoom-out'
  | 'zoom-reset'
  | 'zoom-fit'
  | 'theme'
  | 'save-file'
  | 'copy-png'
  | 'add-pictures'
  | 'help'
  | 'chat';

/** Actions that a held key repeats. Every other action happens once per press. */
const repeating: ReadonlySet<Action> = new Set<Action>([
  'undo',
  'redo',
  'next-element',
  'previous-element',
  'forward',
  'backward',
  'nudge-left',
  'nudge-right',
  'nudge-up',
  'nudge-down',
  'nudge-far-left',
  'nudge-far-right',
  'nudge-far-up',
  'nudge-far-down',
  'zoom-in',
  'zoom-out',
]);

export function doesRepeat(action: Action): boolean {
  return repeating.has(action);
}

export interface Shortcut {
  action: Action;
  label: string;
  group: 'Tools' | 'Edit' | 'View';
  /** Chords such as 'Mod+Shift+z', 'v', 'Shift+Digit1'. Mod is Command on a Mac, Control elsewhere. */
  chords: readonly string[];
  /** Not listed in the help dialog: a twin of another row. */
  isHidden?: boolean;
}

export const shortcuts: readonly Shortcut[] = [
  { action: 'tool:select', label: 'Select', group: 'Tools', chords: ['v', '1'] },
  { action: 'tool:hand', label: 'Move around (or hold Space)', group: 'Tools', chords: ['h'] },
  { action: 'tool:pen', label: 'Pen', group: 'Tools', chords: ['p', 'd', '7'] },
  { action: 'tool:eraser', label: 'Eraser (again: back)', group: 'Tools', chords: ['e', '0'] },
  { action: 'tool:rectangle', label: 'Rectangle', group: 'Tools', chords: ['r', '2'] },
  { action: 'tool:ellipse', label: 'Ellipse', group: 'Tools', chords: ['o', '4'] },
  { action: 'tool:line', label: 'Line', group: 'Tools', chords: ['l', '6'] },
  { action: 'tool:arrow', label: 'Arrow', group: 'Tools', chords: ['a', '5'] },
  { action: 'tool:text', label: 'Text', group: 'Tools', chords: ['t', '8'] },
  { action: 'add-pictures', label: 'Put pictures on the board', group: 'Tools', chords: ['i', '9'] },
  { action: 'keep-tool', label: 'Keep the tool after drawing', group: 'Tools', chords: ['q'] },
  { action: 'enter', label: 'Place the shape in the middle, or edit the selected text', group: 'Tools', chords: ['Enter'] },
  { action: 'undo', label: 'Undo', group: 'Edit', chords: ['Mod+z'] },
  { action: 'redo', label: 'Redo', group: 'Edit', chords: ['Mod+Shift+z', 'Mod+y'] },
  { action: 'select-all', label: 'Select all', group: 'Edit', chords: ['Mod+a'] },
  { action: 'duplicate', label: 'Duplicate', group: 'Edit', chords: ['Mod+d'] },
  { action: 'delete', label: 'Delete', group: 'Edit', chords: ['Delete', 'Backspace'] },
  { action: 'next-element', label: 'Next element (Shift: the one before)', group: 'Edit', chords: ['Tab'] },
  { action: 'previous-element', label: '', group: 'Edit', chords: ['Shift+Tab'], isHidden: true },
  { action: 'forward', label: 'One forward', group: 'Edit', chords: ['Mod+]'] },
  { action: 'backward', label: 'One backward', group: 'Edit', chords: ['Mod+['] },
  { action: 'front', label: 'To the front', group: 'Edit', chords: [']', 'Mod+Shift+]'] },
  { action: 'back', label: 'To the back', group: 'Edit', chords: ['[', 'Mod+Shift+['] },
  { action: 'nudge-left', label: 'Nudge (Shift: 10 times as far)', group: 'Edit', chords: ['ArrowLeft'] },
  { action: 'nudge-right', label: '', group: 'Edit', chords: ['ArrowRight'], isHidden: true },
  { action: 'nudge-up', label: '', group: 'Edit', chords: ['ArrowUp'], isHidden: true },
  { action: 'nudge-down', label: '', group: 'Edit', chords: ['ArrowDown'], isHidden: true },
  { action: 'nudge-far-left', label: '', group: 'Edit', chords: ['Shift+ArrowLeft'], isHidden: true },
  { action: 'nudge-far-right', label: '', group: 'Edit', chords: ['Shift+ArrowRight'], isHidden: true },
  { action: 'nudge-far-up', label: '', group: 'Edit', chords: ['Shift+ArrowUp'], isHidden: true },
  { action: 'nudge-far-down', label: '', group: 'Edit', chords: ['Shift+ArrowDown'], isHidden: true },
  { action: 'escape', label: 'Finish, deselect, back to select', group: 'Edit', chords: ['Escape'] },
  { action: 'zoom-in', label: 'Zoom in', group: 'View', chords: ['Mod+=', '='] },
  { action: 'zoom-out', label: 'Zoom out', group: 'View', chords: ['Mod+-', '-'] },
  { action: 'zoom-reset', label: 'Zoom to 100 %', group: 'View', chords: ['Mod+0', 'Shift+Digit0'] },
  { action: 'zoom-fit', label: 'Zoom to fit', group: 'View', chords: ['Shift+Digit1'] },
  { action: 'theme', label: 'Light or dark', group: 'View', chords: ['Alt+Shift+d'] },
  { action: 'save-file', label: 'Save as a file', group: 'View', chords: ['Mod+s'] },
  { action: 'copy-png', label: 'Copy as PNG', group: 'View', chords: ['Mod+Shift+c'] },
  { action: 'chat', label: 'Chat', group: 'View', chords: ['c'] },
  { action: 'help', label: 'This help', group: 'View', chords: ['?'] },
];

const actionByChord: ReadonlyMap<string, Action> = new Map(
  shortcuts.flatMap((shortcut) => shortcut.chords.map((chord) => [chord, shortcut.action] as const)),
);

/** Single characters without Mod or Alt: what the switch "single keys" turns off (WCAG 2.1.4). */
const isSingleCharacter = (chord: string): boolean => /^(Shift\+Digit\d|.)$/u.test(chord);

/**
 * The action of a key press, or null.
 *
 * @param options.hasSingleKeys False when the person has switched single-character shortcuts off.
 */
export function matchShortcut(press: KeyPress, options: { platform: Platform; hasSingleKeys: boolean }): Action | null {
  if (isOfInputMethod(press) || isTypedByAltGr(press, options.platform)) return null;
  const isMod = options.platform === 'mac' ? press.metaKey && !press.ctrlKey : press.ctrlKey && !press.metaKey;
  if (!isMod && (press.metaKey || press.ctrlKey)) return null;
  const mod = isMod ? 'Mod+' : '';
  for (const chord of readingsOf(press).flatMap((key) => chordsOf(press, key, mod))) {
    const action = actionByChord.get(chord);
    if (action === undefined) continue;
    if (!options.hasSingleKeys && isSingleCharacter(chord)) return null;
    return action;
  }
  return null;
}

/** Windows reports AltGr as AltGr, or as Control and Alt. Firefox on a Mac reports Option as AltGraph. */
function isTypedByAltGr(press: KeyPress, platform: Platform): boolean {
  return platform !== 'mac' && ((press.ctrlKey && press.altKey) || press.getModifierState?.('AltGraph') === true);
}

/** The chords that a press read as `key` can match, best first. */
function chordsOf(press: KeyPress, key: string, mod: 'Mod+' | ''): string[] {
  const isMod = mod !== '';
  const alt = press.altKey ? 'Alt+' : '';
  if (key.length > 1) return [`${mod}${alt}${press.shiftKey ? 'Shift+' : ''}${key}`];
  const isLetter = /^[a-z]$/.test(key);
  const shifted = press.shiftKey && (isLetter || isMod || press.altKey) ? 'Shift+' : '';
  const chords = [`${mod}${alt}${shifted}${key}`];
  // A punctuation mark already carries its Shift: '?' and, on many layouts, ']' or '='.
  if (press.shiftKey && !isLetter && isMod)
    chords.push(`Mod+${alt}${key === '+' ? '=' : key}`, `Mod+${alt}Shift+${{ '}': ']', '{': '[' }[key] ?? key}`);
  // The characters of Shift and a digit differ by layout, and only '?' of them is in the table.
  if (press.shiftKey && /^Digit\d$/.test(press.code) && !/^[\d?]$/.test(key) && !isMod && !press.altKey)
    chords.unshift(`Shift+${press.code}`);
  if (key === '+') chords.push(`${mod}${alt}=`);
  return chords;
}

/** A chord as people read it: '⇧⌘Z' on a Mac, in the order of its menus, 'Ctrl+Shift+Z' elsewhere. */
export function chordLabel(chord: string, platform: Platform): string {
  const names = partsOf(chord, platform).map((part) => nameOf(part, keyNames, platform));
  return names.join(platform === 'mac' ? '' : '+');
}

/** A chord in words, as it is read out: 'Shift+Command+Z' on a Mac. */
export function chordWords(chord: string, platform: Platform): string {
  return partsOf(chord, platform)
    .map((part) => nameOf(part, keyWords, platform))
    .join('+');
}

function partsOf(chord: string, platform: Platform): string[] {
  const parts = chord.split(/\+(?=.)/);
  const place = (part: string): number => ['Alt', 'Shift', 'Mod'].indexOf(part) + 1 || 4;
  return platform === 'mac' ? parts.toSorted((a, b) => place(a) - place(b)) : parts;
}

type KeyNames = Readonly<Record<string, string | Readonly<Record<Platform, string>>>>;

function nameOf(part: string, names: KeyNames, platform: Platform): string {
  const name = names[part] ?? (/^Digit\d$/.test(part) ? part.slice(5) : part.length === 1 ? part.toUpperCase() : part);
  return typeof name === 'string' ? name : name[platform];
}

/** For `aria-keyshortcuts`. */
export function chordAria(chord: string, platform: Platform): string {
  return chord.replace('Mod', platform === 'mac' ? 'Meta' : 'Control').replace(/Digit(\d)/, '$1');
}

const keyNames: KeyNames = {
  Mod: { mac: '⌘', other: 'Ctrl' },
  Shift: { mac: '⇧', other: 'Shift' },
  Alt: { mac: '⌥', other: 'Alt' },
  ArrowLeft: '← ↑ → ↓',
  Escape: 'Esc',
  Enter: { mac: '↩', other: 'Enter' },
  Tab: { mac: '⇥', other: 'Tab' },
  Delete: { mac: '⌦', other: 'Del' },
  Backspace: { mac: '⌫', other: 'Backspace' },
};

/** On Mac keyboards the Backspace key is named Delete. */
const keyWords: KeyNames = {
  Mod: { mac: 'Command', other: 'Ctrl' },
  Alt: { mac: 'Option', other: 'Alt' },
  ArrowLeft: 'Arrow keys',
  Enter: { mac: 'Return', other: 'Enter' },
  Delete: { mac: 'Forward Delete', other: 'Delete' },
  Backspace: { mac: 'Delete', other: 'Backspace' },
  ']': 'Right bracket',
  '[': 'Left bracket',
  '=': 'Equals',
  '-': 'Minus',
  '?': 'Question mark',
};

/** The chords of an action, for tooltips. */
export function chordsFor(action: Action): readonly string[] {
  return shortcuts.find((shortcut) => shortcut.action === action)?.chords ?? [];
}
