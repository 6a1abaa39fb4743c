/** Further shapes and tools, with their names and pictures. */
import * as m from '$words/shapes';
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
  { kind: 'diamond', label: m.diamond(), icon: Diamond },
  { kind: 'triangle', label: m.triangle(), icon: Triangle },
  { kind: 'hexagon', label: m.hexagon(), icon: Hexagon },
  { kind: 'star', label: m.star(), icon: Star },
  { kind: 'cloud', label: m.cloud(), icon: Cloud },
  { kind: 'bubble', label: m.speechBubble(), icon: MessageSquare },
  { kind: 'cylinder', label: m.cylinder(), icon: Cylinder },
  { kind: 'checkbox', label: m.checkBox(), icon: SquareCheck },
];

export const furtherTools: readonly { readonly kind: ToolName; readonly label: string; readonly icon: typeof Cloud }[] = [
  { kind: 'eyedropper', label: m.eyedropper(), icon: Pipette },
  { kind: 'fill', label: m.fill(), icon: PaintBucket },
  { kind: 'laser', label: m.laserPointer(), icon: Flashlight },
];
