/** Sentences about images that come and go: why one was not put on the board, became smaller, or was refused. Pure. */
import * as m from '$words/image-sentences';
import { quotedName } from './dropped-file.ts';
import { MAX_FILE_BYTES, MAX_PIXELS, type ImageProblem } from './image-limits.ts';

export function problemSentence(name: string, problem: ImageProblem): string {
  const file = quotedName(name);
  switch (problem.kind) {
    case 'not-an-image':
      return m.isNotAPictureThat({ file });
    case 'cut-off':
      return m.isIncompleteItsEndIs({ file });
    case 'unreadable':
      return m.isDamagedOrThisBrowser({ file });
    case 'too-large-a-file':
      return m.isLargerThanMbMake({ file, maxfilebytes: MAX_FILE_BYTES / 1024 / 1024 });
    case 'too-many-pixels':
      return m.hasMegapixelsAndABoard({ file, pixels: Math.ceil(problem.pixels / 1e6), maxpixels: MAX_PIXELS / 1e6 });
    case 'no-memory':
      return m.couldNotBePreparedThis({ file });
    case 'device-full':
      return m.wasNotPutOnThe({ file });
  }
}

/** Null when no image was made smaller. */
export function scaledSentence(scaled: readonly { name: string; width: number; height: number }[]): string | null {
  const [first, ...more] = scaled;
  if (first === undefined) return null;
  const size = m.pixels({ width: first.width, height: first.height });
  if (more.length === 0) return m.wasTooLargeToShare({ name: quotedName(first.name), size });
  return m.tooLargeToShare({ count: scaled.length });
}

/** Why the server does not take an image that is on the board. @param place.isAtRisk It ends with the tab. */
export function refusedSentence(name: string, code: string, place: { isAtRisk: boolean }): string {
  const file = (place.isAtRisk ? m.inTab : m.onDevice)({ file: quotedName(name) });
  switch (code) {
    case 'blob_quota':
      return m.thisBoardHasNoRoom({ file });
    case 'read_only':
      return m.youMayNoLongerChange({ file });
    case 'blob_too_large':
    case 'blob_pixels':
      return m.theServerTakesOnlySmaller({ file });
    default:
      return m.theServerDidNotTake({ file });
  }
}
