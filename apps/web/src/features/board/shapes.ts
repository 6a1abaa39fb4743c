/** Further shapes and tools, with their names and pictures. */
import type { ShapeKind } from '@wetink/board';
import Cloud from '@lucide/svelte/icons/cloud';
import Cylinder from '@lucide/svelte/icons/cylinder';
import Diamond from '@lucide/svelte/icons/diamond';
import Hexagon from '@lucide/svelte/icons/hexagon';
import MessageSquare from '@lucide/svelte/icons/message-square';
import PaintBucket from '@lucide/svelte/icons/paint-bucket';
import Pipette from '@lucide/svelte/icons/pipette';
import SquareCheck from '@lucide/svelte/icons/square-check';
import Star from '@lucide/svelte/icons/star';
import Triangle from '@lucide/svelte/icons/triangle';
import type { ToolName } from '@wetink/canvas';
import Flashlight from '@lucide/svelte/icons/flashlight';

export const shapes: readonly { readonly kind: ShapeKind; readonly label: string; readonly icon: typeof Cloud }[] = [
  { kind: 'diamond', label: 'Diamond', icon: Diamond },
  { kind: 'triangle', label: 'Triangle', icon: Triangle },
  { kind: 'hexagon', label: 'Hexagon', icon: Hexagon },
  { kind: 'star', label: 'Star', icon: Star },
  { kind: 'cloud', label: 'Cloud', icon: Cloud },
  { kind: 'bubble', label: 'Speech bubble', icon: MessageSquare },
  { kind: 'cylinder', label: 'Cylinder', icon: Cylinder },
  { kind: 'checkbox', label: 'Check box', icon: SquareCheck },
];

export const furtherTools: readonly { readonly kind: ToolName; readonly label: string; readonly icon: typeof Cloud }[] = [
  { kind: 'eyedropper', label: 'Eyedropper', icon: Pipette },
  { kind: 'fill', label: 'Fill', icon: PaintBucket },
  { kind: 'laser', label: 'Laser pointer', icon: Flashlight },
];
