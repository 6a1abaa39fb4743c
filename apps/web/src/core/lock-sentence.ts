/** Says how many elements were unlocked. */
export function unlockedSentence(count: number): string {
  if (count === 0) return 'Nothing is locked.';
  return count === 1 ? 'Unlocked 1 element.' : `Unlocked ${count.toLocaleString('en')} elements.`;
}
