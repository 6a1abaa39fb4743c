/** The heads of lines and arrows, one field for each end. */
import type { Head, Style } from '../types.ts';

/** `auto` is what the kind has of its own: an arrow an open head at its end, a line none. The order is part of the format of wet ink. */
export const heads = ['auto', 'none', 'arrow', 'triangle', 'bar', 'dot', 'diamond'] as const satisfies readonly Head[];

export function isHead(value: unknown): value is Head {
  return (heads as readonly unknown[]).includes(value);
}

/** The heads that a line or an arrow shows. */
export function headsOf(
  kind: string,
  { startHead, endHead }: Pick<Style, 'startHead' | 'endHead'>,
): { readonly start: Exclude<Head, 'auto'>; readonly end: Exclude<Head, 'auto'> } {
  const own = kind === 'arrow' ? 'arrow' : 'none';
  return { start: startHead === 'auto' ? 'none' : startHead, end: endHead === 'auto' ? own : endHead };
}
