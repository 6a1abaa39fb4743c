/** Says how many elements were unlocked. */
import * as m from '$words/lock-sentence';
export function unlockedSentence(count: number): string {
  return count === 0 ? m.nothingIsLocked() : m.unlocked({ count });
}
