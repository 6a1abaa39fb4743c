/** Files in which a pattern may stand, for a written reason. */
export const allowed: readonly string[];
export function hasProse(file: string): boolean;
/** @returns `file:line: name: text` of each place where a pattern stands. */
export function stumblesOf(file: string, text: string): string[];
