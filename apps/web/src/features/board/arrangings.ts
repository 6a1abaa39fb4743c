/** The arrangements as buttons. `least` elements that are not locked have to be selected. */
import AlignCenterHorizontal from '@lucide/svelte/icons/align-center-horizontal';
import AlignCenterVertical from '@lucide/svelte/icons/align-center-vertical';
import AlignEndHorizontal from '@lucide/svelte/icons/align-end-horizontal';
import AlignEndVertical from '@lucide/svelte/icons/align-end-vertical';
import AlignHorizontalDistributeCenter from '@lucide/svelte/icons/align-horizontal-distribute-center';
import AlignStartHorizontal from '@lucide/svelte/icons/align-start-horizontal';
import AlignStartVertical from '@lucide/svelte/icons/align-start-vertical';
import AlignVerticalDistributeCenter from '@lucide/svelte/icons/align-vertical-distribute-center';
import Columns3 from '@lucide/svelte/icons/columns-3';
import FlipHorizontal2 from '@lucide/svelte/icons/flip-horizontal-2';
import FlipVertical2 from '@lucide/svelte/icons/flip-vertical-2';
import LayoutGrid from '@lucide/svelte/icons/layout-grid';
import Rows3 from '@lucide/svelte/icons/rows-3';
import type { Arranging } from '../../core/arrangings.ts';

export interface ArrangingEntry {
  readonly how: Arranging;
  readonly label: string;
  readonly icon: typeof Rows3;
  readonly least: 1 | 2 | 3;
}

export const arrangingEntries: readonly ArrangingEntry[] = [
  { how: 'left', label: 'Align left', icon: AlignStartVertical, least: 2 },
  { how: 'centre-x', label: 'Centre across', icon: AlignCenterVertical, least: 2 },
  { how: 'right', label: 'Align right', icon: AlignEndVertical, least: 2 },
  { how: 'distribute-x', label: 'Equal gaps across', icon: AlignHorizontalDistributeCenter, least: 3 },
  { how: 'top', label: 'Align at the top', icon: AlignStartHorizontal, least: 2 },
  { how: 'centre-y', label: 'Centre up and down', icon: AlignCenterHorizontal, least: 2 },
  { how: 'bottom', label: 'Align at the bottom', icon: AlignEndHorizontal, least: 2 },
  { how: 'distribute-y', label: 'Equal gaps up and down', icon: AlignVerticalDistributeCenter, least: 3 },
  { how: 'stack-x', label: 'Side by side', icon: Columns3, least: 2 },
  { how: 'stack-y', label: 'One below the other', icon: Rows3, least: 2 },
  { how: 'tidy-up', label: 'Tidy up into a grid', icon: LayoutGrid, least: 2 },
  { how: 'flip-x', label: 'Flip left to right', icon: FlipHorizontal2, least: 1 },
  { how: 'flip-y', label: 'Flip upside down', icon: FlipVertical2, least: 1 },
];
