/** Actions on the selection as buttons, for people without a keyboard. */
import ArrowDown from '@lucide/svelte/icons/arrow-down';
import ArrowDownToLine from '@lucide/svelte/icons/arrow-down-to-line';
import ArrowUp from '@lucide/svelte/icons/arrow-up';
import ArrowUpToLine from '@lucide/svelte/icons/arrow-up-to-line';
import Copy from '@lucide/svelte/icons/copy';
import CopyPlus from '@lucide/svelte/icons/copy-plus';
import Group from '@lucide/svelte/icons/group';
import Lock from '@lucide/svelte/icons/lock';
import Paintbrush from '@lucide/svelte/icons/paintbrush';
import PaintRoller from '@lucide/svelte/icons/paint-roller';
import Scissors from '@lucide/svelte/icons/scissors';
import Trash2 from '@lucide/svelte/icons/trash-2';
import Ungroup from '@lucide/svelte/icons/ungroup';
import type { Action } from '../../core/shortcuts.ts';

export interface ArrangeEntry {
  readonly action: Action;
  readonly label: string;
  readonly icon: typeof ArrowUp;
}

export const orders: readonly ArrangeEntry[] = [
  { action: 'front', label: 'To the front', icon: ArrowUpToLine },
  { action: 'forward', label: 'One forward', icon: ArrowUp },
  { action: 'backward', label: 'One backward', icon: ArrowDown },
  { action: 'back', label: 'To the back', icon: ArrowDownToLine },
];
export const deeds: readonly ArrangeEntry[] = [
  { action: 'duplicate', label: 'Duplicate', icon: CopyPlus },
  { action: 'lock', label: 'Lock in place', icon: Lock },
  { action: 'delete', label: 'Delete', icon: Trash2 },
];
/** For a phone, which has no keys for them and no room in its row. */
export const more: readonly ArrangeEntry[] = [
  { action: 'copy', label: 'Copy', icon: Copy },
  { action: 'cut', label: 'Cut', icon: Scissors },
  { action: 'copy-style', label: 'Copy the style', icon: Paintbrush },
];
export const pasteStyle: ArrangeEntry = { action: 'paste-style', label: 'Paste the style', icon: PaintRoller };
const group: ArrangeEntry = { action: 'group', label: 'Group', icon: Group };
const ungroup: ArrangeEntry = { action: 'ungroup', label: 'Ungroup', icon: Ungroup };

/** Only what can be done now. */
export function groupingEntries({ canGroup, canUngroup }: { canGroup: boolean; canUngroup: boolean }): readonly ArrangeEntry[] {
  return [...(canGroup ? [group] : []), ...(canUngroup ? [ungroup] : [])];
}
