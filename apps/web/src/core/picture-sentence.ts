/** The sentence for a picture that could only be made at a smaller size than usual. */
export interface MadePicture {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Size relative to the usual one; 1 when it is not smaller. */
  readonly share: number;
}

/** Null when there is nothing to say. */
export function smallerSentence({ widthPx, heightPx, share }: MadePicture): string | null {
  if (share >= 1) return null;
  const percent = share < 0.01 ? 'less than 1 %' : `${Math.floor(share * 100)} %`;
  const size = `${widthPx.toLocaleString('en')} by ${heightPx.toLocaleString('en')} pixels`;
  return `At its usual size this picture would be larger than a browser can make. It is ${size}, ${percent} of that. An SVG has no such limit.`;
}
