/** The arrangements as buttons. `least` groups or elements that move alone have to be selected. */
import * as m from '$words/board-arrangings';
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
import Grip from '@lucide/svelte/icons/grip';
import Rows3 from '@lucide/svelte/icons/rows-3';
import type { Arranging } from '../../core/arrangings.ts';

export interface ArrangingEntry {
  readonly how: Arranging;
  readonly label: string;
  readonly icon: typeof Rows3;
  readonly least: 1 | 2 | 3;
}

/** In rows: across, up and down, gaps and stacks, flips. */
export const arrangingRows: readonly (readonly ArrangingEntry[])[] = [
  [
    { how: 'left', label: m.alignLeft(), icon: AlignStartVertical, least: 2 },
    { how: 'centre-x', label: m.centreAcross(), icon: AlignCenterVertical, least: 2 },
    { how: 'right', label: m.alignRight(), icon: AlignEndVertical, least: 2 },
  ],
  [
    { how: 'top', label: m.alignAtTheTop(), icon: AlignStartHorizontal, least: 2 },
    { how: 'centre-y', label: m.centreUpAndDown(), icon: AlignCenterHorizontal, least: 2 },
    { how: 'bottom', label: m.alignAtTheBottom(), icon: AlignEndHorizontal, least: 2 },
  ],
  [
    { how: 'distribute-x', label: m.equalGapsAcross(), icon: AlignHorizontalDistributeCenter, least: 3 },
    { how: 'distribute-y', label: m.equalGapsUpAndDown(), icon: AlignVerticalDistributeCenter, least: 3 },
    { how: 'stack-x', label: m.sideBySide(), icon: Columns3, least: 2 },
    { how: 'stack-y', label: m.oneBelowTheOther(), icon: Rows3, least: 2 },
    { how: 'tidy-up', label: m.tidyUpIntoAGrid(), icon: Grip, least: 2 },
  ],
  [
    { how: 'flip-x', label: m.flipLeftToRight(), icon: FlipHorizontal2, least: 1 },
    { how: 'flip-y', label: m.flipUpsideDown(), icon: FlipVertical2, least: 1 },
  ],
];
