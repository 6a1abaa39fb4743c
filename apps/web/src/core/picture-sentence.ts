/** The sentence for a picture that could only be made at a smaller size than usual. */
export interface MadePicture {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Size relative to the usual one; 1 when it is not smaller. */
  readonly share: number;
}

/** For the people who have one picture open to edit it. */
export function editorsSentence(count: number): string {
  return count === 1 ? '1 person editing' : `${count} people editing`;
}

/** Beside the avatars at an element: 'Ana is writing', '3 people editing'. */
export function atElementSentence(act: 'edit' | 'write', people: readonly { readonly name: string }[]): string {
  const doing = act === 'edit' ? 'editing' : 'writing';
  return people.length === 1 ? `${people[0]?.name ?? ''} is ${doing}` : `${people.length} people ${doing}`;
}

/** Null when there is nothing to say. */
export function smallerSentence({ widthPx, heightPx, share }: MadePicture): string | null {
  if (share >= 1) return null;
  const percent = share < 0.01 ? 'less than 1 %' : `${Math.floor(share * 100)} %`;
  const size = `${widthPx.toLocaleString('en')} by ${heightPx.toLocaleString('en')} pixels`;
  return `At its usual size this picture would be larger than a browser can make. It is ${size}, ${percent} of that. An SVG has no such limit.`;
}
