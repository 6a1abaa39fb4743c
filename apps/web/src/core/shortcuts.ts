/**
 * Keyboard shortcuts: one table, matched against a key press. The help dialog lists it with the names of `shortcut-labels.ts`.
 *
 * Keys match by the character they type, not by their place, or AZERTY and Dvorak would break. A key whose character no
 * chord could name matches by its place, see `key-readings.ts`. Typing is never a shortcut: AltGr, dead keys, Option on a
 * Mac, and the keys of an input method are left alone.
 */
import * as m from '$words/shortcuts';
import type { ToolName } from '@wetink/canvas';
import type { Arranging } from './arrangings.ts';
import { isOfInputMethod } from './input-method.ts';
import { readingsOf, type KeyPress } from './key-readings.ts';

export type { KeyPress } from './key-readings.ts';

/** Macs have other modifier keys, and other signs for keys. */
export type Platform = 'mac' | 'other';

export type Action =
  | `tool:${ToolName}`
  | `arrange:${Arranging}`
  | 'keep-tool'
  | 'undo'
  | 'redo'
  | 'select-all'
  | 'duplicate'
  | 'delete'
  | 'escape'
  | 'enter'
  | 'to-style'
  | 'next-element'
  | 'previous-element'
  | 'forward'
  | 'backward'
  | 'front'
  | 'back'
  | 'lock'
  | 'group'
  | 'ungroup'
  | 'rename-frame'
  | 'select-in-frame'
  | 'remove-frame'
  | 'frame-png'
  | 'present-frames'
  | 'copy'
  | 'cut'
  | 'paste'
  | 'copy-style'
  | 'paste-style'
  | 'paste-in-place'
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
  | 'zoom-selection'
  | 'hold-zoom'
  | 'back-to-content'
  | 'map'
  | 'next-page'
  | 'previous-page'
  | 'add-page'
  | 'pages'
  | 'trash'
  | 'focus'
  | 'grid'
  | 'theme'
  | 'save-file'
  | 'copy-png'
  | 'copy-svg'
  | 'add-pictures'
  | 'help'
  | 'preferences'
  | 'language'
  | 'paper'
  | 'palette'
  | 'find'
  | 'outline'
  | 'share'
  | 'people'
  | 'export-png'
  | 'export-svg'
  | 'pages-png'
  | 'pages-svg'
  | 'clear-board'
  | 'say'
  | 'raise-hand'
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
  'arrange:wider',
  'arrange:narrower',
  'arrange:taller',
  'arrange:shorter',
  'zoom-in',
  'zoom-out',
]);

export function doesRepeat(action: Action): boolean {
  return repeating.has(action);
}

export interface Shortcut {
  action: Action;
  /** Chords such as 'Mod+Shift+z', 'v', 'Shift+Digit1'. Mod is Command on a Mac, Control elsewhere. */
  chords: readonly string[];
}

export const shortcuts: readonly Shortcut[] = [
  { action: 'tool:select', chords: ['v', '1'] },
  { action: 'tool:hand', chords: ['h'] },
  { action: 'tool:pen', chords: ['p', 'd', '7', 'x', 'b'] },
  { action: 'tool:highlighter', chords: ['Shift+d'] },
  { action: 'tool:eraser', chords: ['e', '0'] },
  { action: 'tool:rectangle', chords: ['r', '2'] },
  { action: 'tool:ellipse', chords: ['o', '4'] },
  { action: 'tool:diamond', chords: ['g', '3'] },
  { action: 'tool:line', chords: ['l', '6'] },
  { action: 'tool:arrow', chords: ['a', '5'] },
  { action: 'tool:text', chords: ['t', '8'] },
  { action: 'tool:laser', chords: ['k'] },
  { action: 'tool:eyedropper', chords: ['i'] },
  { action: 'tool:fill', chords: ['Shift+b'] },
  { action: 'add-pictures', chords: ['9', 'Mod+u'] },
  { action: 'tool:frame', chords: ['f'] },
  { action: 'keep-tool', chords: ['q'] },
  { action: 'enter', chords: ['Enter'] },
  { action: 'undo', chords: ['Mod+z'] },
  { action: 'redo', chords: ['Mod+Shift+z', 'Mod+y'] },
  { action: 'select-all', chords: ['Mod+a'] },
  { action: 'duplicate', chords: ['Mod+d'] },
  { action: 'delete', chords: ['Delete', 'Backspace'] },
  { action: 'to-style', chords: ['Mod+Enter'] },
  { action: 'next-element', chords: ['Tab'] },
  { action: 'previous-element', chords: ['Shift+Tab'] },
  { action: 'forward', chords: ['Mod+]'] },
  { action: 'backward', chords: ['Mod+['] },
  { action: 'front', chords: [']', 'Mod+Shift+]'] },
  { action: 'back', chords: ['[', 'Mod+Shift+['] },
  { action: 'lock', chords: ['Mod+Shift+l'] },
  { action: 'group', chords: ['Mod+g'] },
  { action: 'ungroup', chords: ['Mod+Shift+g'] },
  { action: 'arrange:left', chords: ['Alt+a', 'Mod+Shift+ArrowLeft'] },
  { action: 'arrange:right', chords: ['Alt+d', 'Mod+Shift+ArrowRight'] },
  { action: 'arrange:top', chords: ['Alt+w', 'Mod+Shift+ArrowUp'] },
  { action: 'arrange:bottom', chords: ['Alt+s', 'Mod+Shift+ArrowDown'] },
  { action: 'arrange:centre-x', chords: ['Alt+h'] },
  { action: 'arrange:centre-y', chords: ['Alt+v'] },
  { action: 'arrange:distribute-x', chords: ['Alt+Shift+h'] },
  { action: 'arrange:distribute-y', chords: ['Alt+Shift+v'] },
  { action: 'arrange:flip-x', chords: ['Shift+h'] },
  { action: 'arrange:flip-y', chords: ['Shift+v'] },
  { action: 'arrange:wider', chords: ['Alt+Shift+ArrowRight'] },
  { action: 'arrange:narrower', chords: ['Alt+Shift+ArrowLeft'] },
  { action: 'arrange:taller', chords: ['Alt+Shift+ArrowDown'] },
  { action: 'arrange:shorter', chords: ['Alt+Shift+ArrowUp'] },
  { action: 'copy-style', chords: ['Mod+Alt+c'] },
  { action: 'paste-style', chords: ['Mod+Alt+v'] },
  { action: 'nudge-left', chords: ['ArrowLeft'] },
  { action: 'nudge-right', chords: ['ArrowRight'] },
  { action: 'nudge-up', chords: ['ArrowUp'] },
  { action: 'nudge-down', chords: ['ArrowDown'] },
  { action: 'nudge-far-left', chords: ['Shift+ArrowLeft'] },
  { action: 'nudge-far-right', chords: ['Shift+ArrowRight'] },
  { action: 'nudge-far-up', chords: ['Shift+ArrowUp'] },
  { action: 'nudge-far-down', chords: ['Shift+ArrowDown'] },
  { action: 'escape', chords: ['Escape'] },
  { action: 'zoom-in', chords: ['Mod+=', '='] },
  { action: 'zoom-out', chords: ['Mod+-', '-'] },
  { action: 'zoom-reset', chords: ['Mod+0', 'Shift+Digit0'] },
  { action: 'zoom-fit', chords: ['Shift+Digit1'] },
  { action: 'zoom-selection', chords: ['Shift+Digit2'] },
  { action: 'hold-zoom', chords: ['z'] },
  { action: 'map', chords: ['m'] },
  { action: 'next-page', chords: ['PageDown'] },
  { action: 'previous-page', chords: ['PageUp'] },
  { action: 'grid', chords: ["Mod+'"] },
  { action: 'focus', chords: ['Mod+.'] },
  { action: 'theme', chords: ['Alt+Shift+d'] },
  { action: 'save-file', chords: ['Mod+s'] },
  { action: 'copy-png', chords: ['Mod+Shift+c'] },
  { action: 'copy-svg', chords: [] },
  { action: 'pages-png', chords: [] },
  { action: 'pages-svg', chords: [] },
  { action: 'say', chords: ['/'] },
  { action: 'raise-hand', chords: ['Shift+r'] },
  { action: 'chat', chords: ['c'] },
  { action: 'find', chords: ['Mod+f'] },
  { action: 'outline', chords: ['Shift+o'] },
  { action: 'palette', chords: ['Mod+k'] },
  { action: 'help', chords: ['?'] },
  // Without a key until the person gives them one.
  { action: 'tool:triangle', chords: [] },
  { action: 'tool:hexagon', chords: [] },
  { action: 'tool:star', chords: [] },
  { action: 'tool:cloud', chords: [] },
  { action: 'tool:bubble', chords: [] },
  { action: 'tool:cylinder', chords: [] },
  { action: 'tool:checkbox', chords: [] },
  { action: 'arrange:stack-x', chords: [] },
  { action: 'arrange:stack-y', chords: [] },
  { action: 'arrange:tidy-up', chords: [] },
  { action: 'paste-in-place', chords: [] },
  { action: 'share', chords: [] },
  { action: 'people', chords: [] },
  { action: 'export-png', chords: [] },
  { action: 'export-svg', chords: [] },
  { action: 'clear-board', chords: [] },
  { action: 'back-to-content', chords: [] },
  { action: 'pages', chords: [] },
  { action: 'add-page', chords: [] },
  { action: 'trash', chords: [] },
  { action: 'present-frames', chords: [] },
  { action: 'frame-png', chords: [] },
  { action: 'select-in-frame', chords: [] },
  { action: 'remove-frame', chords: [] },
  { action: 'preferences', chords: [] },
  { action: 'language', chords: [] },
  { action: 'paper', chords: [] },
];

/** The keys in use: those of the table, or the person's own, see `own-keys.ts`. */
export interface Keys {
  readonly actions: ReadonlyMap<string, Action>;
  chordsFor(action: Action): readonly string[];
}

export function keysOf(table: readonly Shortcut[]): Keys {
  const chords = new Map(table.map((shortcut) => [shortcut.action, shortcut.chords]));
  return {
    actions: new Map(table.flatMap((shortcut) => shortcut.chords.map((chord) => [chord, shortcut.action] as const))),
    chordsFor: (action) => chords.get(action) ?? [],
  };
}

export const firstKeys: Keys = keysOf(shortcuts);

/** Single characters without Mod or Alt: what the switch "single keys" turns off (WCAG 2.1.4). */
const isSingleCharacter = (chord: string): boolean => /^(Shift\+(Digit\d|[a-z])|.)$/u.test(chord);

/**
 * The action of a key press, or null.
 *
 * @param options.hasSingleKeys False when the person has switched single-character shortcuts off.
 */
export function matchShortcut(
  press: KeyPress,
  options: { platform: Platform; hasSingleKeys: boolean; keys?: Keys | undefined },
): Action | null {
  const { actions } = options.keys ?? firstKeys;
  for (const chord of chordsOfPress(press, options.platform)) {
    const action = actions.get(chord);
    if (action === undefined) continue;
    if (!options.hasSingleKeys && isSingleCharacter(chord)) return null;
    return action;
  }
  return null;
}

/** The chords that a press can match, best first; none for a press that is typing. */
export function chordsOfPress(press: KeyPress, platform: Platform): string[] {
  if (isOfInputMethod(press) || isTypedByAltGr(press, platform)) return [];
  const isMod = platform === 'mac' ? press.metaKey && !press.ctrlKey : press.ctrlKey && !press.metaKey;
  if (!isMod && (press.metaKey || press.ctrlKey)) return [];
  const mod = isMod ? 'Mod+' : '';
  return readingsOf(press).flatMap((key) => chordsOf(press, key, mod));
}

/**
 * Windows reports AltGr as AltGr, or as Control and Alt; then a plain letter was not typed with it, since every layout has
 * those without it. Firefox on a Mac reports Option as AltGraph.
 */
function isTypedByAltGr(press: KeyPress, platform: Platform): boolean {
  if (platform === 'mac') return false;
  return (press.ctrlKey && press.altKey && !/^[a-z]$/i.test(press.key)) || press.getModifierState?.('AltGraph') === true;
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
  Mod: { mac: '⌘', other: m.ctrl() },
  Shift: { mac: '⇧', other: m.shift() },
  Alt: { mac: '⌥', other: m.alt() },
  ArrowLeft: '←',
  ArrowUp: '↑',
  ArrowRight: '→',
  ArrowDown: '↓',
  Escape: m.esc(),
  Enter: { mac: '↩', other: m.enter() },
  PageDown: { mac: '⇟', other: m.pgDn() },
  PageUp: { mac: '⇞', other: m.pgUp() },
  Tab: { mac: '⇥', other: m.tab() },
  Delete: { mac: '⌦', other: m.del() },
  Backspace: { mac: '⌫', other: m.backspace() },
};

/** On Mac keyboards the Backspace key is named Delete. */
const keyWords: KeyNames = {
  Mod: { mac: m.command(), other: m.ctrl() },
  Shift: m.shift(),
  Alt: { mac: m.option(), other: m.alt() },
  ArrowLeft: m.leftArrow(),
  ArrowUp: m.upArrow(),
  ArrowRight: m.rightArrow(),
  ArrowDown: m.downArrow(),
  Escape: m.escape(),
  Enter: { mac: m.returnKey(), other: m.enter() },
  Tab: m.tab(),
  PageDown: m.pageDown(),
  PageUp: m.pageUp(),
  Delete: { mac: m.forwardDelete(), other: m.deleteKey() },
  Backspace: { mac: m.deleteKey(), other: m.backspace() },
  ']': m.rightBracket(),
  '[': m.leftBracket(),
  '=': m.equals(),
  '-': m.minus(),
  '?': m.questionMark(),
  '.': m.fullStop(),
  "'": m.apostrophe(),
};
