/** The ways to arrange selected elements. Their code comes late, see `state/arranging.ts`. */
export const arrangings = [
  'left',
  'centre-x',
  'right',
  'top',
  'centre-y',
  'bottom',
  'distribute-x',
  'distribute-y',
  'stack-x',
  'stack-y',
  'tidy-up',
  'flip-x',
  'flip-y',
  'wider',
  'narrower',
  'taller',
  'shorter',
] as const;
export type Arranging = (typeof arrangings)[number];
