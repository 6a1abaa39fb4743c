/** Actions on the selection as buttons, for people without a keyboard. */
import ArrowDown from '@lucide/svelte/icons/arrow-down';
import ArrowDownToLine from '@lucide/svelte/icons/arrow-down-to-line';
import ArrowUp from '@lucide/svelte/icons/arrow-up';
import ArrowUpToLine from '@lucide/svelte/icons/arrow-up-to-line';
import CopyPlus from '@lucide/svelte/icons/copy-plus';
import Trash2 from '@lucide/svelte/icons/trash-2';
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
  { action: 'delete', label: 'Delete', icon: Trash2 },
];
