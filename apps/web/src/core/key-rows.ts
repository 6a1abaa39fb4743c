/** The list in which a person changes the keys of actions. Pure. */
import * as m from '$words/key-rows';
import { allCommands } from './commands.ts';
import { folded } from './folded.ts';
import { shortcutLabels } from './shortcut-labels.ts';
import { chordLabel, chordWords, shortcuts, type Action, type Keys, type Platform } from './shortcuts.ts';

export interface KeyRow {
  readonly action: Action;
  readonly label: string;
  /** As shown, and as read out; '' for none. */
  readonly shown: string;
  readonly words: string;
}

/** Keys of the clipboard come as events of the browser; those that go from element to element are the page's. */
const fixed: ReadonlySet<Action> = new Set<Action>([
  ...(['copy', 'cut', 'paste', 'next-element', 'previous-element'] as const),
  ...(['nudge-left', 'nudge-right', 'nudge-up', 'nudge-down'] as const),
]);

/** In the order of their names. */
export function keyRows(keys: Keys, platform: Platform): KeyRow[] {
  const palette = { action: 'palette', label: shortcutLabels.palette?.label ?? '' } as const;
  const known = new Set(shortcuts.map(({ action }) => action));
  return [...allCommands(platform, keys), palette]
    .filter(({ action }) => known.has(action) && !fixed.has(action))
    .map(({ action, label }) => {
      const chords = keys.chordsFor(action);
      const all = (name: typeof chordLabel): string => chords.map((chord) => name(chord, platform)).join(' or ');
      return { action, label, shown: all(chordLabel), words: all(chordWords) };
    })
    .sort((a, b) => a.label.localeCompare(b.label, 'en'));
}

/** The rows with every word of the query in their name or keys. */
export function searchKeyRows(rows: readonly KeyRow[], query: string): KeyRow[] {
  const words = folded(query)
    .split(' ')
    .filter((word) => word !== '');
  return rows.filter(({ label, shown, words: named }) => {
    const text = folded(`${label} ${shown} ${named}`);
    return words.every((word) => text.includes(word));
  });
}

export function labelOf(action: Action, platform: Platform): string {
  if (action in shortcutLabels) return shortcutLabels[action]?.label ?? '';
  return allCommands(platform).find((command) => command.action === action)?.label ?? m.anotherAction();
}
