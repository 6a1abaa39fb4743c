/** The sentence for a picture that could only be made at a smaller size than usual. */
import * as m from '$words/picture-sentence';
export interface MadePicture {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Size relative to the usual one; 1 when it is not smaller. */
  readonly share: number;
}

/** For the people who have one picture open to edit it. */
export function editorsSentence(count: number): string {
  return m.editing({ count });
}

/** Beside the avatars at an element: 'Ana is writing', '3 people editing'. */
export function atElementSentence(act: 'edit' | 'write', people: readonly { readonly name: string }[]): string {
  const [{ name } = { name: '' }] = people;
  if (people.length === 1) return act === 'edit' ? m.isEditing({ name }) : m.isWriting({ name });
  return (act === 'edit' ? m.editing : m.writing)({ count: people.length });
}

/** For pages that show nothing when all of them are exported; null for none. */
export function emptyPagesSentence(count: number): string | null {
  return count === 0 ? null : m.emptyPages({ count });
}

/** Null when there is nothing to say. */
export function smallerSentence({ widthPx, heightPx, share }: MadePicture): string | null {
  if (share >= 1) return null;
  const percent = share < 0.01 ? m.lessThan1() : m.percent({ percent: Math.floor(share * 100) });
  const size = m.size({ width: widthPx, height: heightPx });
  return m.atItsUsualSizeThis({ size, percent });
}
