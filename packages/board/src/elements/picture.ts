/** The parts of a shown element that only images have, and its box, which a crop makes smaller. */
import { type Field, fieldList, fields, isLookField } from '../document/fields.ts';
import { readImage } from '../document/image-record.ts';
import { cropGeometry, fittedGeometry, valueToCrop } from '../document/look.ts';
import type { BaseRecord } from '../document/records.ts';
import type { BoardElement, Geometry, Look } from '../types.ts';

const lookFields = fieldList.filter(isLookField);

/**
 * @param stored The box in the document; of an image, that of all of the first one.
 * @param shownValue The shown override of a field, undefined where there is none.
 */
export function pictureOf(
  base: BaseRecord,
  stored: Geometry,
  shownValue: (field: Field) => unknown,
): Pick<BoardElement, 'image' | 'look' | 'crop' | 'geometry'> {
  const { image, look, crop } = base;
  if (image === null) return { image, look, crop, geometry: stored };
  const cut = shownValue(fields.crop);
  const shownCrop = cut === undefined ? crop : valueToCrop(cut);
  const picture = shownValue(fields.picture);
  const other = picture === undefined ? null : readImage(picture);
  const whole = other === null ? stored : fittedGeometry(stored, image, other);
  return {
    image: other ?? image,
    look: shownLook(look, shownValue),
    crop: shownCrop,
    geometry: cropGeometry(whole, shownCrop),
  };
}

function shownLook(base: Look, shownValue: (field: Field) => unknown): Look {
  let look: Look | null = null;
  for (const field of lookFields) {
    const value = shownValue(field);
    if (value !== undefined) look = { ...(look ?? base), [field.prop]: value };
  }
  return look ?? base;
}
