/**
 * The rows of the help: what mouse, fingers and pen do on the board, and the shortcuts. The dialog shows them. Pure.
 */
import { chordLabel, chordWords, shortcuts, type Platform } from './shortcuts.ts';

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
      ['Select, and one more', 'Click', 'Shift + click'],
      ['Select all that a box touches', 'Drag on the paper'],
      ['Select only what lies in the box', 'Alt + drag on the paper'],
      ['Write in a text, or begin one', 'Double click'],
      ['Square, circle, or a line in steps of 15°', 'Shift + draw'],
      ['A straight piece of a stroke', 'Shift + pen'],
      ['Shape from its centre', 'Alt + draw'],
      ['Keep the proportions', 'Shift + drag a corner'],
      ['Move straight up, down or sideways', 'Shift + drag'],
      ['Put pictures on the board', 'Drop them on the board', 'Mod + V'],
      ['Mirror a picture', 'Drag a corner past the other side'],
      ['Add a .wetink file to the board', 'Drop it on the board'],
    ],
  },
  {
    name: 'Touch',
    rows: [
      ['Draw, select, erase: what the tool does', 'One finger'],
      ['Move around', 'Two fingers'],
      ['Zoom', 'Pinch'],
      ['Write in a text, or begin one', 'Double tap'],
      ['Copy, order or delete what is selected', 'The row above the tools'],
    ],
  },
  {
    name: 'Pen',
    rows: [
      ['Thicker or thinner', 'Press harder or softer'],
      ['Erase', 'The other end of the pen'],
      ['Move around', 'One finger'],
      ['Let fingers draw again', 'The switch beside the tools'],
    ],
  },
];

/** @param isTouch The main pointer of this device is a finger: rows about fingers and pens come first. */
export function helpGroups({ platform, isTouch }: { platform: Platform; isTouch: boolean }): HelpGroup[] {
  const pointing = manners.map(({ name, rows }) => ({
    name,
    rows: rows.map(([label, ...ways]) => ({ label, ways: ways.map((way) => wayOf(way, platform)) })),
  }));
  const keys = (['Tools', 'View', 'Edit'] as const).map((name) => ({
    name,
    rows: shortcuts
      .filter((shortcut) => shortcut.group === name && shortcut.isHidden !== true)
      .map(({ label, chords }) => ({
        label,
        ways: chords.map((chord) => ({ shown: chordLabel(chord, platform), words: chordWords(chord, platform) })),
      })),
  }));
  const [mouse, ...others] = pointing;
  if (mouse === undefined) return keys;
  return isTouch ? [...others, mouse, ...keys] : [mouse, ...others, ...keys];
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

/** Removes case and accents, and leaves one space between words. */
function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}
