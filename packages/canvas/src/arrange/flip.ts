/** Flipping: a mirror of the selection about the middle of the upright box around it. Text goes along, and stays readable. */
import { uniteAll } from '../geometry.ts';
import { itemOf } from '../tools/moved-item.ts';
import { scaleGeometry, type Scaling } from '../transform.ts';
import { withBoxes, type Arrangement, type Axis } from './arrangement.ts';

export function flip(along: Axis): Arrangement {
  return (elements) => {
    const around = uniteAll(withBoxes(elements).map(({ box }) => box));
    if (around === null) return [];
    const mirror: Scaling = {
      anchor: { x: (around.minX + around.maxX) / 2, y: (around.minY + around.maxY) / 2 },
      angle: 0,
      sx: along === 'x' ? -1 : 1,
      sy: along === 'y' ? -1 : 1,
    };
    return elements.map((element) => itemOf(element, scaleGeometry(element.geometry, mirror, { isUpright: element.kind === 'text' })));
  };
}
