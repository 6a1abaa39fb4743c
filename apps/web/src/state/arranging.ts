/** The arrangements of the canvas by the names of their actions. Fetched late: nobody needs one for the first stroke. */
import { align, distribute, flip, resize, stack, tidyUp, type Arrangement } from '@wetink/canvas';
import type { Arranging } from '../core/arrangings.ts';

export const arrangements: Readonly<Record<Arranging, Arrangement>> = {
  left: align('left'),
  'centre-x': align('centre-x'),
  right: align('right'),
  top: align('top'),
  'centre-y': align('centre-y'),
  bottom: align('bottom'),
  'distribute-x': distribute('x'),
  'distribute-y': distribute('y'),
  'stack-x': stack('x'),
  'stack-y': stack('y'),
  'tidy-up': tidyUp,
  'flip-x': flip('x'),
  'flip-y': flip('y'),
  wider: resize('x', 1),
  narrower: resize('x', -1),
  taller: resize('y', 1),
  shorter: resize('y', -1),
};
