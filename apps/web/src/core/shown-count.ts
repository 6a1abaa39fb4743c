/** '3', '99+': a longer number does not fit into the corner of a button. */
export function shownCount(count: number): string {
  return count > 99 ? '99+' : String(count);
}
