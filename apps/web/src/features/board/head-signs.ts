/** The signs of heads, in a square of 24: the tip is at the right end of a line through its middle. */
import type { ShownHead } from '../../state/style.svelte.ts';

export const signs: Readonly<Record<ShownHead, { readonly stroked: string; readonly filled: string }>> = {
  none: { stroked: '', filled: '' },
  arrow: { stroked: 'M14 7L20 12L14 17', filled: '' },
  triangle: { stroked: '', filled: 'M11 6L21 12L11 18Z' },
  bar: { stroked: 'M20 6L20 18', filled: '' },
  dot: { stroked: '', filled: 'M22 12A4.5 4.5 0 1 1 13 12A4.5 4.5 0 1 1 22 12Z' },
  diamond: { stroked: '', filled: 'M10 12L16 7L22 12L16 17Z' },
};
