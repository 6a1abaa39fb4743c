/** File names come from other people's devices: one visible line that cannot turn the text around it. */
import { MAX_FILE_NAME_LENGTH } from '../limits.ts';
import { shownLine } from './shown-line.ts';
import { clipText } from './surrogates.ts';

/** @returns '' when nothing visible is left. */
export function cleanFileName(name: string): string {
  return clipText(shownLine(clipText(name, 4 * MAX_FILE_NAME_LENGTH)).trim(), MAX_FILE_NAME_LENGTH);
}
