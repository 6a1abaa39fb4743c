/** The actions in the command palette, and the search in them. Pure. */
import { folded } from './folded.ts';
import { changesBoard, needsFrame, needsSelection } from './action-needs.ts';
import { shortcutLabels } from './shortcut-labels.ts';
import { chordLabel, firstKeys, shortcuts, type Action, type Keys, type Platform } from './shortcuts.ts';

export interface Command {
  readonly action: Action;
  readonly label: string;
  /** Its key as people read it; '' for none. */
  readonly keys: string;
}

/** Labels that differ from those of the help, where one row stands for several keys, and those of actions without a row. */
const ownLabels: Readonly<Partial<Record<Action, string>>> = {
  'tool:hand': 'Move around',
  'tool:eraser': 'Eraser',
  'tool:eyedropper': 'Eyedropper',
  'tool:triangle': 'Triangle',
  'tool:hexagon': 'Hexagon',
  'tool:star': 'Star',
  'tool:cloud': 'Cloud',
  'tool:bubble': 'Speech bubble',
  'tool:cylinder': 'Cylinder',
  'tool:checkbox': 'Check box',
  'arrange:stack-x': 'Side by side',
  'arrange:stack-y': 'One below the other',
  'arrange:tidy-up': 'Tidy up into a grid',
  copy: 'Copy',
  duplicate: 'Duplicate',
  cut: 'Cut',
  paste: 'Paste',
  'paste-in-place': 'Paste where it was',
  'paste-style': 'Paste the style',
  'select-in-frame': 'Select what lies in the frame',
  'remove-frame': 'Remove the frame only',
  'frame-png': 'Save the frame as PNG',
  'present-frames': 'Present frames',
  'next-element': 'Next element',
  'previous-element': 'Previous element',
  'nudge-left': 'Nudge left',
  'nudge-right': 'Nudge right',
  'nudge-up': 'Nudge up',
  'nudge-down': 'Nudge down',
  'back-to-content': 'Back to content',
  pages: 'All pages',
  trash: 'Trash',
  'add-page': 'Add a page',
  help: 'Help',
  preferences: 'Preferences',
  share: 'Share',
  people: 'People here',
  'export-png': 'Export PNG',
  'export-svg': 'Export SVG',
  'copy-svg': 'Copy as SVG',
  'clear-board': 'Clear the board',
};
/** Actions that are of no use in a list: they act on the list itself, or do the same as another row, further. */
const left: ReadonlySet<Action> = new Set<Action>([
  'escape',
  'enter',
  'palette',
  'hold-zoom',
  'nudge-far-left',
  'nudge-far-right',
  'nudge-far-up',
  'nudge-far-down',
]);

/** The state of the board when the palette opens. */
export interface CommandFacts {
  readonly isReadOnly: boolean;
  readonly hasSelection: boolean;
  /** One frame is all that is selected. */
  readonly hasFrame: boolean;
}

/** Those that would do something. */
export function commandsFor(commands: readonly Command[], { isReadOnly, hasSelection, hasFrame }: CommandFacts): Command[] {
  return commands.filter(
    ({ action }) => !(isReadOnly && changesBoard(action)) && (hasSelection || !needsSelection(action)) && (hasFrame || !needsFrame(action)),
  );
}

export function allCommands(platform: Platform, keys: Keys = firstKeys): Command[] {
  const actions = new Set<Action>([...shortcuts.map(({ action }) => action), ...(Object.keys(ownLabels) as Action[])]);
  return [...actions].flatMap((action) => {
    const label = ownLabels[action] ?? shortcutLabels[action]?.label;
    if (label === undefined || left.has(action)) return [];
    const [chord] = keys.chordsFor(action);
    return [{ action, label, keys: chord === undefined ? '' : chordLabel(chord, platform) }];
  });
}

/** Those with every word of the query. One that is the query comes first, then those that begin with its first word. */
export function searchCommands(commands: readonly Command[], query: string): Command[] {
  const words = folded(query)
    .split(' ')
    .filter((word) => word !== '');
  const found = commands.filter(({ label }) => words.every((word) => folded(label).includes(word)));
  const begins = ({ label }: Command): number => (folded(label).startsWith(words[0] ?? '') ? 0 : 1);
  const isWhole = ({ label }: Command): number => (folded(label) === words.join(' ') ? 0 : 1);
  return found.toSorted((a, b) => isWhole(a) - isWhole(b) || begins(a) - begins(b));
}
