/** Has the cards of files painted again when their bytes come or go. */
import type { BoardElement } from '@wetink/board';
import type { ShownFiles } from './shown-files.ts';

/** @returns How to stop. */
export function followFiles(
  files: ShownFiles | undefined,
  { elements, repaint }: { elements(): readonly BoardElement[]; repaint(elements: readonly BoardElement[]): void },
): () => void {
  if (files === undefined) return () => undefined;
  return files.onChange((hashes) => {
    const changed = elements().filter(({ file }) => file !== null && hashes.has(file.hash));
    if (changed.length > 0) repaint(changed);
  });
}
