/**
 * The rows of the help: what mouse, fingers and pen do on the board, and the shortcuts. The dialog shows them. Pure.
 */
import * as m from '$words/help';
import * as keyWords from '$words/shortcuts';
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
    name: m.mouseAndTrackpad(),
    rows: [
      [m.moveAround(), m.wheel(), m.twoFingersOnATrackpad(), m.spaceDrag(), m.middleOrRightButtonDrag()],
      [m.moveSideways(), m.shiftWheel()],
      [m.zoom(), m.modWheel(), m.pinch()],
      [m.zoomInOrOut(), m.holdZAndClick(), m.holdZAndDragA(), m.holdZAndAltClick()],
      [m.scrollWhileDragging(), m.holdItAtAnEdge()],
      [m.selectAndOneMore(), m.click(), m.shiftClick()],
      [m.selectAllThatABox(), m.dragOnThePaper()],
      [m.selectOnlyWhatLiesIn(), m.altDragOnThePaper()],
      [m.selectWithALasso(), m.menuSelectWithALasso()],
      [m.selectAShapeWithoutFill(), m.clickItsLineOrIts()],
      [m.moveWhatIsSelected(), m.dragItOrAnywhere()],
      [m.goIntoAGroup(), m.doubleClick(), m.modClick()],
      [m.nameAFrame(), m.doubleClickItsTitle()],
      [m.putSomethingIntoAFrame(), m.dragItInOrOut()],
      [m.showOneFrameAfterThe(), m.menuPresentFrames()],
      [m.whatCanBeDoneWith(), m.rightClick()],
      [m.writeInATextOr(), m.doubleClick()],
      [m.squareCircleOrALine(), m.shiftDraw()],
      [m.aStraightPieceOfA(), m.shiftPen()],
      [m.aLineOrArrowWith(), m.clickEachPointDoubleClick()],
      [m.bendASelectedLine(), m.dragOneOfItsPoints()],
      [m.takeABendOut(), m.doubleClickIt()],
      [m.shapeFromItsCentre(), m.altDraw()],
      [m.keepTheProportions(), m.shiftDragACorner()],
      [m.moveStraightUpDownOr(), m.shiftDrag()],
      [m.snapOrNotForOne(), m.modDrag()],
      [m.copyWhatIsDragged(), m.altDrag()],
      [m.putPicturesOnTheBoard(), m.dropThemOnTheBoard(), m.modV()],
      [m.mirrorAPicture(), m.dragACornerPastThe()],
      [m.seeAPictureWithoutIts(), m.holdWhileItsPanelIs()],
      [m.setASliderOfA(), m.doubleClick(), m.type0InItsField()],
      [m.addAWetinkFileTo(), m.dropItOnTheBoard()],
    ],
  },
  {
    name: m.touch(),
    rows: [
      [m.drawSelectEraseWhatThe(), m.oneFinger()],
      [m.moveAround(), m.twoFingers()],
      [m.zoom(), m.pinch()],
      [m.undo(), m.tapWithTwoFingers()],
      [m.redo(), m.tapWithThreeFingers()],
      [m.turnAStrokeIntoA(), m.holdStillAtItsEnd()],
      [m.writeInATextOr(), m.doubleTap()],
      [m.goIntoAGroup(), m.doubleTap()],
      [m.aLineOrArrowWith(), m.tapEachPointTapThe()],
      [m.whatCanBeDoneWith(), m.holdAFingerStillWith()],
      [m.deselectOrFinishAText(), m.tapOnThePaper()],
      [m.anyOtherAction(), m.allActionsInTheMenu()],
      [m.copyOrderOrDeleteWhat(), m.theRowAboveTheTools()],
      [m.alignFlipOrTidyUp(), m.arrangeInTheRowAbove()],
    ],
  },
  {
    name: m.pen(),
    rows: [
      [m.thickerOrThinner(), m.pressHarderOrSofter()],
      [m.erase(), m.theOtherEndOfThe(), m.holdTheButtonAtIts()],
      [m.turnAStrokeIntoA(), m.holdStillAtItsEnd()],
      [m.steadyTheHandOrDraw(), m.theStyleOfThePen()],
      [m.moveAround(), m.oneFinger()],
      [m.letFingersDrawAgain(), m.theSwitchBesideTheTools()],
    ],
  },
];

/** Keys that the browser turns into events of the clipboard, and that are therefore in no table. */
const clipboardKeys: readonly (readonly [label: string, chord: string])[] = [
  [m.copy(), 'Mod+c'],
  [m.cut(), 'Mod+x'],
  [m.pasteAtTheMouse(), 'Mod+v'],
];

const arrowKeys: HelpWay = { shown: '← ↑ → ↓', words: m.arrowKeys() };

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
  const names = { Tools: m.tools(), View: m.view(), Edit: m.edit() } as const;
  const byKey = (['Tools', 'View', 'Edit'] as const).map((name) => ({
    name: names[name],
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
  return count === 0 ? m.nothingFoundTryAnotherWord() : m.found({ count });
}

function wayOf(way: string, platform: Platform): HelpWay {
  const pc = { Mod: keyWords.ctrl(), Alt: keyWords.alt(), Shift: keyWords.shift() };
  const named = (names: Readonly<Record<string, string>>): string => way.replace(/\b(Mod|Alt|Shift)\b/g, (name) => names[name] ?? name);
  return {
    shown: named(platform === 'mac' ? { Mod: '⌘', Alt: '⌥', Shift: '⇧' } : pc),
    words: named(platform === 'mac' ? { Mod: keyWords.command(), Alt: keyWords.option(), Shift: keyWords.shift() } : pc),
  };
}
