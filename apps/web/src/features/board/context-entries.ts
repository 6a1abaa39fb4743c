/** The entries of the menu at the pointer, in groups. */
import * as m from '$words/context-entries';
import ArrowDown from '@lucide/svelte/icons/arrow-down';
import ArrowDownToLine from '@lucide/svelte/icons/arrow-down-to-line';
import ArrowUp from '@lucide/svelte/icons/arrow-up';
import ArrowUpToLine from '@lucide/svelte/icons/arrow-up-to-line';
import ClipboardPaste from '@lucide/svelte/icons/clipboard-paste';
import Copy from '@lucide/svelte/icons/copy';
import CopyPlus from '@lucide/svelte/icons/copy-plus';
import ImageDown from '@lucide/svelte/icons/image-down';
import Lock from '@lucide/svelte/icons/lock';
import LockOpen from '@lucide/svelte/icons/lock-open';
import Maximize from '@lucide/svelte/icons/maximize';
import Paintbrush from '@lucide/svelte/icons/paintbrush';
import PaintRoller from '@lucide/svelte/icons/paint-roller';
import PencilLine from '@lucide/svelte/icons/pencil-line';
import Scan from '@lucide/svelte/icons/scan';
import Scissors from '@lucide/svelte/icons/scissors';
import SquareDashedMousePointer from '@lucide/svelte/icons/square-dashed-mouse-pointer';
import Trash2 from '@lucide/svelte/icons/trash-2';
import type { Action } from '../../core/shortcuts.ts';
import { groupingEntries } from './arrange.ts';

export interface ContextEntry {
  readonly action: Action;
  readonly label: string;
  readonly icon: typeof ArrowUp;
  /** Keys that the browser handles, which are in no table of shortcuts. */
  readonly chord?: string;
}

/** The state of the board and the selection when the menu opens. */
export interface ContextFacts {
  readonly hasSelection: boolean;
  /** Something of the selection may be changed. */
  readonly canChange: boolean;
  /** All of it is locked, and could be unlocked. */
  readonly isLocked: boolean;
  readonly isReadOnly: boolean;
  readonly hasCopiedStyle: boolean;
  readonly canGroup: boolean;
  readonly canUngroup: boolean;
  /** One frame is all that is selected. */
  readonly hasFrame: boolean;
}

const cut: ContextEntry = { action: 'cut', label: m.cut(), icon: Scissors, chord: 'Mod+x' };
const copy: ContextEntry = { action: 'copy', label: m.copy(), icon: Copy, chord: 'Mod+c' };
const paste: ContextEntry = { action: 'paste', label: m.paste(), icon: ClipboardPaste, chord: 'Mod+v' };
const pasteInPlace: ContextEntry = { action: 'paste-in-place', label: m.pasteWhereItWas(), icon: ClipboardPaste };
const duplicate: ContextEntry = { action: 'duplicate', label: m.duplicate(), icon: CopyPlus };
const copyStyle: ContextEntry = { action: 'copy-style', label: m.copyTheStyle(), icon: Paintbrush };
const pasteStyle: ContextEntry = { action: 'paste-style', label: m.pasteTheStyle(), icon: PaintRoller };
const copyPng: ContextEntry = { action: 'copy-png', label: m.copyAsPng(), icon: ImageDown };
const copySvg: ContextEntry = { action: 'copy-svg', label: m.copyAsSvg(), icon: ImageDown };
const lock: ContextEntry = { action: 'lock', label: m.lockInPlace(), icon: Lock };
const unlock: ContextEntry = { action: 'lock', label: m.unlock(), icon: LockOpen };
const remove: ContextEntry = { action: 'delete', label: m.deleteIt(), icon: Trash2 };
const rename: ContextEntry = { action: 'rename-frame', label: m.rename(), icon: PencilLine };
const inside: ContextEntry = { action: 'select-in-frame', label: m.selectWhatLiesInIt(), icon: SquareDashedMousePointer };
const framePng: ContextEntry = { action: 'frame-png', label: m.saveAsPng(), icon: ImageDown };
const removeFrame: ContextEntry = { action: 'remove-frame', label: m.removeTheFrameOnly(), icon: Scan };
const orders: readonly ContextEntry[] = [
  { action: 'front', label: m.toTheFront(), icon: ArrowUpToLine },
  { action: 'forward', label: m.oneForward(), icon: ArrowUp },
  { action: 'backward', label: m.oneBackward(), icon: ArrowDown },
  { action: 'back', label: m.toTheBack(), icon: ArrowDownToLine },
];
const board: readonly ContextEntry[] = [
  { action: 'select-all', label: m.selectAll(), icon: SquareDashedMousePointer },
  { action: 'zoom-fit', label: m.zoomToFit(), icon: Maximize },
  copyPng,
  copySvg,
];

/** Only what can be done now. */
export function contextEntries(facts: ContextFacts): readonly (readonly ContextEntry[])[] {
  const { hasSelection, canChange, isLocked, isReadOnly, hasCopiedStyle } = facts;
  const groupings = groupingEntries(facts);
  const ofFrame = facts.hasFrame ? (canChange && !isReadOnly ? [rename, inside, framePng, removeFrame] : [framePng]) : [];
  if (isReadOnly) return hasSelection ? [[copy, copyPng, copySvg, ...ofFrame]] : [board];
  const pastes = [paste, pasteInPlace];
  if (!hasSelection) return [pastes, board];
  // A frame has no style of its own.
  const styles = facts.hasFrame ? [] : canChange && hasCopiedStyle ? [copyStyle, pasteStyle] : [copyStyle];
  if (!canChange) return [[copy, ...pastes], [...styles, copyPng, copySvg, ...ofFrame], isLocked ? [unlock] : []];
  return [[cut, copy, ...pastes, duplicate], ofFrame, orders, groupings, [...styles, copyPng, copySvg], [lock, remove]];
}
