/** Words about the paper of a board. Pure. */
import * as m from '$words/paper-words';
import type { PaperPattern, PaperTone } from '@wetink/board';

export const patternNames: Readonly<Record<PaperPattern, string>> = {
  dots: m.dots(),
  grid: m.squares(),
  ruled: m.lines(),
  plain: m.plain(),
};
export const toneNames: Readonly<Record<PaperTone, string>> = {
  white: m.white(),
  cream: m.cream(),
  mint: m.mint(),
  sky: m.sky(),
  rose: m.rose(),
  grey: m.grey(),
};

export function paperSentence(isReadOnly: boolean): string {
  return isReadOnly ? m.onlyView() : m.everybodySees();
}
