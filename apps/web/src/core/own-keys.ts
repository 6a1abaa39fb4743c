/** The keys that a person has given to actions in place of those of the table. Pure. */
import { firstKeys, keysOf, shortcuts, type Action, type Keys } from './shortcuts.ts';

/** All the chords of each action that was changed; none: its key is switched off. */
export type OwnKeys = Readonly<Partial<Record<Action, readonly string[]>>>;

const chordShape = /^(Mod\+)?(Alt\+)?(Shift\+)?(\S|[A-Z][A-Za-z0-9]{1,30})$/u;
/** More than any action of the table has. */
const CHORDS_MAX = 4;

/** The keys that the device kept, without those that can not be used. */
export function parseOwnKeys(value: unknown): OwnKeys {
  if (typeof value !== 'object' || value === null) return {};
  const entries = Object.entries(value).filter(
    (entry): entry is [Action, string[]] =>
      shortcuts.some(({ action }) => action === entry[0]) &&
      Array.isArray(entry[1]) &&
      entry[1].length <= CHORDS_MAX &&
      entry[1].every((chord) => typeof chord === 'string' && chordShape.test(chord)),
  );
  return Object.fromEntries(entries);
}

/** Where a chord is given to two actions, as by an older version of the app, the person's own choice counts. */
export function withOwnKeys(own: OwnKeys): Keys {
  const changed = Object.keys(own);
  if (changed.length === 0) return firstKeys;
  const taken = new Set(Object.values(own).flat());
  return keysOf(shortcuts.map(({ action, chords }) => ({ action, chords: own[action] ?? chords.filter((chord) => !taken.has(chord)) })));
}

/** Gives an action one key, or none, and takes it from the action that had it. */
export function assignKey(own: OwnKeys, action: Action, chord: string | null): OwnKeys {
  const keys = withOwnKeys(own);
  const next: Partial<Record<Action, readonly string[]>> = { ...own, [action]: chord === null ? [] : [chord] };
  const holder = chord === null ? undefined : keys.actions.get(chord);
  if (holder !== undefined && holder !== action) next[holder] = keys.chordsFor(holder).filter((other) => other !== chord);
  return next;
}

/** Gives an action the keys of the table again, but those that another action has now. */
export function restoreKey(own: OwnKeys, action: Action): OwnKeys {
  const { [action]: _, ...others } = own;
  const taken = new Set(Object.values(others).flat());
  const chords = firstKeys.chordsFor(action);
  const free = chords.filter((chord) => !taken.has(chord));
  return free.length === chords.length ? others : { ...others, [action]: free };
}

/** Keys that are no shortcut by themselves. */
const modifiers: ReadonlySet<string> = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Fn', 'OS', 'Dead', 'Process']);
/** Keys that the board, a text or the clipboard needs, and those of which a page learns nothing. */
const kept: ReadonlySet<string> = new Set([
  ...['Escape', 'Enter', 'Tab', 'Shift+Tab', ' ', 'Shift+ ', 'ContextMenu', 'Shift+F10', 'F5', 'F11', 'F12', 'Mod+c', 'Mod+x', 'Mod+v'],
  ...['Mod+w', 'Mod+t', 'Mod+n', 'Mod+q', 'Mod+r', 'Mod+Shift+r', 'Mod+Shift+t', 'Mod+Shift+n', 'Mod+Shift+v', 'Mod+l', 'Mod+p'],
  ...['ArrowLeft', 'ArrowUp', 'ArrowRight', 'ArrowDown'].flatMap((key) => [key, `Shift+${key}`]),
]);

export function isModifier(key: string): boolean {
  return modifiers.has(key);
}

/** Whether a chord can be given to an action. */
export function isFreeToGive(chord: string): boolean {
  return chordShape.test(chord) && !kept.has(chord);
}
