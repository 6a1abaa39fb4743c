/** Actions on the selection as buttons, for people without a keyboard. */
import * as m from '$words/arrange';
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
  { action: 'front', label: m.toTheFront(), icon: ArrowUpToLine },
  { action: 'forward', label: m.oneForward(), icon: ArrowUp },
  { action: 'backward', label: m.oneBackward(), icon: ArrowDown },
  { action: 'back', label: m.toTheBack(), icon: ArrowDownToLine },
];
export const deeds: readonly ArrangeEntry[] = [
  { action: 'duplicate', label: m.duplicate(), icon: CopyPlus },
  { action: 'lock', label: m.lockInPlace(), icon: Lock },
  { action: 'delete', label: m.deleteIt(), icon: Trash2 },
];
/** For a phone, which has no keys for them and no room in its row. */
export const more: readonly ArrangeEntry[] = [
  { action: 'copy', label: m.copy(), icon: Copy },
  { action: 'cut', label: m.cut(), icon: Scissors },
  { action: 'copy-style', label: m.copyTheStyle(), icon: Paintbrush },
];
export const pasteStyle: ArrangeEntry = { action: 'paste-style', label: m.pasteTheStyle(), icon: PaintRoller };
const group: ArrangeEntry = { action: 'group', label: m.group(), icon: Group };
const ungroup: ArrangeEntry = { action: 'ungroup', label: m.ungroup(), icon: Ungroup };

/** Only what can be done now. */
export function groupingEntries({ canGroup, canUngroup }: { canGroup: boolean; canUngroup: boolean }): readonly ArrangeEntry[] {
  return [...(canGroup ? [group] : []), ...(canUngroup ? [ungroup] : [])];
}
