/** The tools in the order of the bar, with their names and pictures. */
import * as m from '$words/tools';
import type { ToolName } from '@wetink/canvas';
import ArrowUpRight from '@lucide/svelte/icons/arrow-up-right';
import Circle from '@lucide/svelte/icons/circle';
import Frame from '@lucide/svelte/icons/frame';
import Eraser from '@lucide/svelte/icons/eraser';
import Hand from '@lucide/svelte/icons/hand';
import Highlighter from '@lucide/svelte/icons/highlighter';
import Minus from '@lucide/svelte/icons/minus';
import MousePointer2 from '@lucide/svelte/icons/mouse-pointer-2';
import Pencil from '@lucide/svelte/icons/pencil';
import Square from '@lucide/svelte/icons/square';
import Type from '@lucide/svelte/icons/type';

export interface ToolEntry {
  name: ToolName;
  label: string;
  icon: typeof Pencil;
  /** Shown in the bar on a phone; the other tools are in the sheet. */
  isFirst: boolean;
}

export const tools: readonly ToolEntry[] = [
  { name: 'select', label: m.select(), icon: MousePointer2, isFirst: true },
  { name: 'hand', label: m.moveAround(), icon: Hand, isFirst: false },
  { name: 'pen', label: m.pen(), icon: Pencil, isFirst: true },
  { name: 'highlighter', label: m.highlighter(), icon: Highlighter, isFirst: false },
  { name: 'eraser', label: m.eraser(), icon: Eraser, isFirst: true },
  { name: 'rectangle', label: m.rectangle(), icon: Square, isFirst: true },
  { name: 'ellipse', label: m.ellipse(), icon: Circle, isFirst: false },
  { name: 'line', label: m.line(), icon: Minus, isFirst: false },
  { name: 'arrow', label: m.arrow(), icon: ArrowUpRight, isFirst: false },
  { name: 'text', label: m.text(), icon: Type, isFirst: true },
  { name: 'frame', label: m.frame(), icon: Frame, isFirst: false },
];
