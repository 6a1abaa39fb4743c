/** Code that is fetched after the first paint. */
export interface LatePart<Part> {
  /** Null until it is there. */
  opened(): Part | null;
  /** Resolves once `opened` has it. Null when it can't be fetched now: what waits for it is forgotten. The host has told the person why. */
  get(): Promise<Part | null>;
}

/** @param load Called again after it failed. */
export function latePart<Part>(load: () => Promise<Part>): LatePart<Part> {
  let part: Part | null = null;
  return {
    opened: () => part,
    async get() {
      // A part that can't be fetched now is asked for again with the next press that needs it.
      part ??= await load().catch(() => null);
      return part;
    },
  };
}
