/**
 * The rows of the help: what mouse, fingers and pen do on the board, and the shortcuts. The dialog shows them. Pure.
 */
import { folded } from './folded.ts';
import { shortcutLabels } from './shortcut-labels.ts';
import { chordLabel, chordWords, firstKeys, shortcuts, type Keys, type Platform } from './shortcuts.ts';

/** One way to do something: as shown, and as read out and searched. */
export interface HelpWay {
  shown: string;
  words: string;
}
export interface HelpRow {
  label: string;
  ways: readonly HelpWay[];
}
export interface HelpGroup {
  name: string;
  rows: readonly HelpRow[];
}

/** Names `Mod`, `Shift` and `Alt` as the person's machine does. */
const manners: readonly { name: string; rows: readonly (readonly [label: string, ...ways: string[]])[] }[] = [
  {
    name: 'Mouse and trackpad',
    rows: [
      ['Move around', 'Wheel', 'Two fingers on a trackpad', 'Space + drag', 'Middle or right button + drag'],
      ['Move sideways', 'Shift + wheel'],
      ['Zoom', 'Mod + wheel', 'Pinch'],
      ['Zoom in, or out', 'Hold Z and click', 'Hold Z and drag a box', 'Hold Z and Alt + click'],
      ['Scroll while dragging', 'Hold it at an edge'],
      ['Select, and one more', 'Click', 'Shift + click'],
      ['Select all that a box touches', 'Drag on the paper'],
      ['Select only what lies in the box or the lasso', 'Alt + drag on the paper'],
      ['Select with a lasso', 'Menu: Select with a lasso'],
      ['Go into a group', 'Double click', 'Mod + click'],
      ['Name a frame', 'Double click its title'],
      ['Put something into a frame, or take it out', 'Drag it in, or out'],
      ['Show one frame after the other, row by row', 'Menu: Present frames'],
      ['What can be done with it', 'Right click'],
      ['Write in a text, or begin one', 'Double click'],
      ['Square, circle, or a line in steps of 15°', 'Shift + draw'],
      ['A straight piece of a stroke', 'Shift + pen'],
      ['A line or arrow with bends', 'Click each point, double click the last'],
      ['Bend a selected line', 'Drag one of its points, or a middle'],
      ['Take a bend out', 'Double click it'],
      ['Shape from its centre', 'Alt + draw'],
      ['Keep the proportions', 'Shift + drag a corner'],
      ['Move straight up, down or sideways', 'Shift + drag'],
      ['Snap, or not, for one drag', 'Mod + drag'],
      ['Copy what is dragged', 'Alt + drag'],
      ['Put pictures on the board', 'Drop them on the board', 'Mod + V'],
      ['Mirror a picture', 'Drag a corner past the other side'],
      ['See a picture without its look', 'Hold \\ while its panel is open'],
      ['Set a slider of a picture back to 0', 'Double click', 'Type 0 in its field'],
      ['Add a .wetink file to the board', 'Drop it on the board'],
    ],
  },
  {
    name: 'Touch',
    rows: [
      ['Draw, select, erase: what the tool does', 'One finger'],
      ['Move around', 'Two fingers'],
      ['Zoom', 'Pinch'],
      ['Undo', 'Tap with two fingers'],
      ['Redo', 'Tap with three fingers'],
      ['Turn a stroke into a neat shape', 'Hold still at its end'],
      ['Write in a text, or begin one', 'Double tap'],
      ['Go into a group', 'Double tap'],
      ['A line or arrow with bends', 'Tap each point, tap the last one again'],
      ['What can be done with it', 'Hold a finger still, with Select'],
      ['Deselect, or finish a text', 'Tap on the paper'],
      ['Any other action', 'All actions, in the menu'],
      ['Copy, order or delete what is selected', 'The row above the tools'],
      ['Align, flip or tidy up what is selected', 'Arrange, in the row above the tools'],
    ],
  },
  {
    name: 'Pen',
    rows: [
      ['Thicker or thinner', 'Press harder or softer'],
      ['Erase', 'The other end of the pen', 'Hold the button at its side'],
      ['Turn a stroke into a neat shape', 'Hold still at its end'],
      ['Steady the hand, or draw one width', 'The style of the pen'],
      ['Move around', 'One finger'],
      ['Let fingers draw again', 'The switch beside the tools'],
    ],
  },
];

/** Keys that the browser turns into events of the clipboard, and that are therefore in no table. */
const clipboardKeys: readonly (readonly [label: string, chord: string])[] = [
  ['Copy', 'Mod+c'],
  ['Cut', 'Mod+x'],
  ['Paste at the mouse', 'Mod+v'],
];

const arrowKeys: HelpWay = { shown: '← ↑ → ↓', words: 'Arrow keys' };

/** @param isTouch The main pointer of this device is a finger: rows about fingers and pens come first. */
export function helpGroups({ platform, isTouch, keys = firstKeys }: { platform: Platform; isTouch: boolean; keys?: Keys }): HelpGroup[] {
  const pointing = manners.map(({ name, rows }) => ({
    name,
    rows: rows.map(([label, ...ways]) => ({ label, ways: ways.map((way) => wayOf(way, platform)) })),
  }));
  const rowOf = (label: string, chords: readonly string[]): HelpRow => ({
    label,
    ways: chords.map((chord) => ({ shown: chordLabel(chord, platform), words: chordWords(chord, platform) })),
  });
  const byKey = (['Tools', 'View', 'Edit'] as const).map((name) => ({
    name,
    rows: [
      ...(name === 'Edit' ? clipboardKeys.map(([label, chord]) => rowOf(label, [chord])) : []),
      ...shortcuts.flatMap(({ action }) => {
        const named = shortcutLabels[action];
        const chords = keys.chordsFor(action);
        // A key that was switched off is no help.
        if (named?.group !== name || chords.length === 0) return [];
        // One row for all four arrows.
        return [action === 'nudge-left' ? { label: named.label, ways: [arrowKeys] } : rowOf(named.label, chords)];
      }),
    ],
  }));
  const [mouse, ...others] = pointing;
  if (mouse === undefined) return byKey;
  return isTouch ? [...others, mouse, ...byKey] : [mouse, ...others, ...byKey];
}

/** The rows with every word of the query in their name, their ways or their group's name; empty groups are left out. */
export function searchHelp(groups: readonly HelpGroup[], query: string): HelpGroup[] {
  const words = folded(query)
    .split(' ')
    .filter((word) => word !== '');
  return groups.flatMap((group) => {
    const rows = group.rows.filter((row) => {
      const text = folded([group.name, row.label, ...row.ways.flatMap(({ shown, words }) => [shown, words])].join(' '));
      return words.every((word) => text.includes(word));
    });
    return rows.length === 0 ? [] : [{ name: group.name, rows }];
  });
}

/** '12 found', for screen readers: their users can't see the list get shorter. */
export function foundSentence(groups: readonly HelpGroup[]): string {
  const count = groups.reduce((sum, { rows }) => sum + rows.length, 0);
  return count === 0 ? 'Nothing found. Try another word, such as zoom or erase.' : `${count} found`;
}

function wayOf(way: string, platform: Platform): HelpWay {
  const named = (names: Readonly<Record<string, string>>): string => way.replace(/\b(Mod|Alt|Shift)\b/g, (name) => names[name] ?? name);
  return {
    shown: named(platform === 'mac' ? { Mod: '⌘', Alt: '⌥', Shift: '⇧' } : { Mod: 'Ctrl' }),
    words: named(platform === 'mac' ? { Mod: 'Command', Alt: 'Option' } : { Mod: 'Ctrl' }),
  };
}
