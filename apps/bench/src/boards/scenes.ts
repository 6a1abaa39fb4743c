/** Boards to open: how many strokes, how close, and what is measured on them. */

export type Act = 'pan' | 'zoom' | 'pen' | 'drag';

export interface Scene {
  readonly name: string;
  readonly strokes: number;
  /** Strokes on top of each other, in each direction: 1 gives each stroke a place of its own. */
  readonly density: number;
  readonly acts: readonly Act[];
}

const SPARSE = 1;
/** A hundred strokes lie on any place, as on a page full of writing seen from far away. */
const DENSE = 10;
/** A scene with more strokes is measured in one round only. */
export const MANY_STROKES = 20_000;

export const scenes: readonly Scene[] = [
  { name: '1000', strokes: 1_000, density: SPARSE, acts: ['pan', 'zoom'] },
  { name: '10000', strokes: 10_000, density: SPARSE, acts: ['pan', 'zoom'] },
  { name: '10000-dense', strokes: 10_000, density: DENSE, acts: ['pan', 'zoom', 'pen'] },
  { name: '5000-dense', strokes: 5_000, density: DENSE, acts: ['drag'] },
  { name: '100000', strokes: 100_000, density: SPARSE, acts: ['pan', 'zoom'] },
  { name: '100000-dense', strokes: 100_000, density: DENSE, acts: ['pan', 'zoom'] },
];

export function titleOf({ strokes, density }: Scene): string {
  return `${strokes.toLocaleString('en')} ${density === SPARSE ? 'sparse' : 'dense'}`;
}
