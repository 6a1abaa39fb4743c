/** Elements that grow or shrink with their frame. A text grows by the size of its letters, which has limits. */
import type { BoardElement } from '@wetink/board';
import { scaleGeometry, type Scaling } from '../transform.ts';
import { itemOf } from './moved-item.ts';
import type { MovedItem } from './tool.ts';

const MIN_FONT_SIZE = 4;
const MAX_FONT_SIZE = 400;

/** Factors at which the letters of a text reach a size limit. The whole selection stops there, not just the text. */
export function scaleRange(elements: readonly BoardElement[]): { min: number; max: number } {
  let [min, max] = [0, Infinity];
  for (const { kind, style } of elements) {
    if (kind !== 'text') continue;
    min = Math.max(min, Math.min(1, MIN_FONT_SIZE / style.fontSize));
    max = Math.min(max, Math.max(1, MAX_FONT_SIZE / style.fontSize));
  }
  return { min, max };
}

export function scaledItem(element: BoardElement, scaling: Scaling): MovedItem {
  const isUpright = element.kind === 'text';
  const geometry = scaleGeometry(element.geometry, scaling, { isUpright });
  if (!isUpright) return itemOf(element, geometry);
  const fontSize = Math.min(MAX_FONT_SIZE, Math.max(MIN_FONT_SIZE, element.style.fontSize * Math.abs(scaling.sy)));
  return { id: element.id, geometry, fontSize };
}
