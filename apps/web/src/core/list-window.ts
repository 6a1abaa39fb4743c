/**
 * The part of a long list that is on the page: a span of rows that moves with the scroll position, so that a list of any
 * length costs the same. `end` is the span that follows the newest row.
 */
export interface Span {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** Rows on the page: several screens of short messages. */
export const SPAN_ROWS = 120;
/** Rows by which the span moves. */
const STEP_ROWS = 40;

export function endSpan(total: number): Span {
  return { from: Math.max(0, total - SPAN_ROWS), to: total };
}

export function earlierSpan({ from }: Span, total: number): Span {
  return whole(from - STEP_ROWS, total);
}

export function laterSpan({ to }: Span, total: number): Span {
  return whole(Math.min(total, to + STEP_ROWS) - SPAN_ROWS, total);
}

/** A span with the row in its middle. */
export function spanAround(row: number, total: number): Span {
  return whole(row - SPAN_ROWS / 2, total);
}

/** The span within a list that has become shorter. */
export function clampSpan({ from, to }: Span, total: number): Span {
  return to <= total ? { from, to } : whole(total - (to - from), total);
}

function whole(from: number, total: number): Span {
  const start = Math.max(0, Math.min(from, total - SPAN_ROWS));
  return { from: start, to: Math.min(total, start + SPAN_ROWS) };
}
