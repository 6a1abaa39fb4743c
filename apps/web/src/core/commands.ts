/** The actions in the command palette, and the search in them. Pure. */
import * as m from '$words/commands';
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
  'tool:hand': m.moveAround(),
  'tool:eraser': m.eraser(),
  'tool:eyedropper': m.eyedropper(),
  'tool:triangle': m.triangle(),
  'tool:hexagon': m.hexagon(),
  'tool:star': m.star(),
  'tool:cloud': m.cloud(),
  'tool:bubble': m.speechBubble(),
  'tool:cylinder': m.cylinder(),
  'tool:checkbox': m.checkBox(),
  'arrange:stack-x': m.sideBySide(),
  'arrange:stack-y': m.oneBelowTheOther(),
  'arrange:tidy-up': m.tidyUpIntoAGrid(),
  'arrange:wider': m.wider(),
  'arrange:narrower': m.narrower(),
  'arrange:taller': m.taller(),
  'arrange:shorter': m.shorter(),
  copy: m.copy(),
  duplicate: m.duplicate(),
  cut: m.cut(),
  paste: m.paste(),
  'paste-in-place': m.pasteWhereItWas(),
  'paste-style': m.pasteTheStyle(),
  'select-in-frame': m.selectWhatLiesInThe(),
  'remove-frame': m.removeTheFrameOnly(),
  'frame-png': m.saveTheFrameAsPng(),
  'present-frames': m.presentFrames(),
  'next-element': m.nextElement(),
  'previous-element': m.previousElement(),
  'nudge-left': m.nudgeLeft(),
  'nudge-right': m.nudgeRight(),
  'nudge-up': m.nudgeUp(),
  'nudge-down': m.nudgeDown(),
  'back-to-content': m.backToContent(),
  pages: m.allPages(),
  trash: m.trash(),
  'add-page': m.addAPage(),
  help: m.help(),
  preferences: m.preferences(),
  language: m.language(),
  paper: m.paperOfTheBoard(),
  share: m.share(),
  people: m.peopleHere(),
  'export-png': m.exportPng(),
  'export-svg': m.exportSvg(),
  'copy-svg': m.copyAsSvg(),
  'pages-png': m.exportAllPagesAsPng(),
  'pages-svg': m.exportAllPagesAsSvg(),
  'clear-board': m.clearTheBoard(),
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
