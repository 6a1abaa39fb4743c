/** Bounds of a `.wetink` file, each with its reason. A file beyond one is refused before anything is allocated for it. */
const MIB = 1024 * 1024;

export const fileLimits = {
  /** A board of 100,000 strokes of 180 points is 90 MiB. Half of the largest document a relay keeps. */
  maxBytes: 128 * MIB,
  /** One element. Parsing a hostile line of this size takes about 250 MB for a moment; the ink of the longest stroke is 1.4. */
  maxLineBytes: 16 * MIB,
  /** Bytes of an image in a file: as base64 they fit in a line. A relay takes 8 MiB by default. */
  maxImageBytes: 11 * MIB,
  /** The shortest element is some 60 bytes, so more would not fit anyway. */
  maxElements: 1_000_000,
  /** Nesting levels in the record of an unknown element. Records of this version have two. */
  maxDepth: 32,
  /** Groups that an element is in, one in the other: nobody nests as many. */
  maxGroups: 100,
  /** UTF-16 units of the name of a kind. */
  maxKindLength: 64,
} as const;
