/** Names of the colours that can be drawn with. Pure. */
import * as m from '$words/color-names';
import type { ColorToken } from '@wetink/board';

const names: Readonly<Record<ColorToken, () => string>> = {
  ink: m.ink,
  grey: m.grey,
  red: m.red,
  orange: m.orange,
  yellow: m.yellow,
  green: m.green,
  teal: m.teal,
  blue: m.blue,
  violet: m.violet,
  pink: m.pink,
  white: m.white,
};

/** In lower case, as within a sentence. */
export function colorName(token: ColorToken): string {
  return names[token]();
}
