/** The entries of the menu at the pointer, in groups. */
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

const cut: ContextEntry = { action: 'cut', label: 'Cut', icon: Scissors, chord: 'Mod+x' };
const copy: ContextEntry = { action: 'copy', label: 'Copy', icon: Copy, chord: 'Mod+c' };
const paste: ContextEntry = { action: 'paste', label: 'Paste', icon: ClipboardPaste, chord: 'Mod+v' };
const pasteInPlace: ContextEntry = { action: 'paste-in-place', label: 'Paste where it was', icon: ClipboardPaste };
const duplicate: ContextEntry = { action: 'duplicate', label: 'Duplicate', icon: CopyPlus };
const copyStyle: ContextEntry = { action: 'copy-style', label: 'Copy the style', icon: Paintbrush };
const pasteStyle: ContextEntry = { action: 'paste-style', label: 'Paste the style', icon: PaintRoller };
const copyPng: ContextEntry = { action: 'copy-png', label: 'Copy as PNG', icon: ImageDown };
const copySvg: ContextEntry = { action: 'copy-svg', label: 'Copy as SVG', icon: ImageDown };
const lock: ContextEntry = { action: 'lock', label: 'Lock in place', icon: Lock };
const unlock: ContextEntry = { action: 'lock', label: 'Unlock', icon: LockOpen };
const remove: ContextEntry = { action: 'delete', label: 'Delete', icon: Trash2 };
const rename: ContextEntry = { action: 'rename-frame', label: 'Rename', icon: PencilLine };
const inside: ContextEntry = { action: 'select-in-frame', label: 'Select what lies in it', icon: SquareDashedMousePointer };
const framePng: ContextEntry = { action: 'frame-png', label: 'Save as PNG', icon: ImageDown };
const removeFrame: ContextEntry = { action: 'remove-frame', label: 'Remove the frame only', icon: Scan };
const orders: readonly ContextEntry[] = [
  { action: 'front', label: 'To the front', icon: ArrowUpToLine },
  { action: 'forward', label: 'One forward', icon: ArrowUp },
  { action: 'backward', label: 'One backward', icon: ArrowDown },
  { action: 'back', label: 'To the back', icon: ArrowDownToLine },
];
const board: readonly ContextEntry[] = [
  { action: 'select-all', label: 'Select all', icon: SquareDashedMousePointer },
  { action: 'zoom-fit', label: 'Zoom to fit', icon: Maximize },
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
