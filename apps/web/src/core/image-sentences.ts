/** Sentences about images that come and go: why one was not put on the board, became smaller, or was refused. Pure. */
import { quotedName } from './dropped-file.ts';
import { MAX_FILE_BYTES, MAX_PIXELS, type ImageProblem } from './image-limits.ts';

export function problemSentence(name: string, problem: ImageProblem): string {
  const file = quotedName(name);
  switch (problem.kind) {
    case 'not-an-image':
      return `${file} is not a picture that a board can show. PNG, JPEG, WebP, GIF and AVIF can be used.`;
    case 'cut-off':
      return `${file} is incomplete: its end is missing. Copy or download it again.`;
    case 'unreadable':
      return `${file} is damaged, or this browser can’t read its kind.`;
    case 'too-large-a-file':
      return `${file} is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB. Make it smaller first.`;
    case 'too-many-pixels':
      return `${file} has ${Math.ceil(problem.pixels / 1e6).toLocaleString('en')} megapixels, and a board takes pictures of up to ${MAX_PIXELS / 1e6}. Make it smaller first.`;
    case 'no-memory':
      return `${file} could not be prepared: this browser is short of memory.`;
    case 'device-full':
      return `${file} was not put on the board: this device has no room left. Free some space and try again.`;
  }
}

/** Null when no image was made smaller. */
export function scaledSentence(scaled: readonly { name: string; width: number; height: number }[]): string | null {
  const [first, ...more] = scaled;
  if (first === undefined) return null;
  const size = `${first.width.toLocaleString('en')} by ${first.height.toLocaleString('en')} pixels`;
  if (more.length === 0) return `${quotedName(first.name)} was too large to share, and is now ${size}.`;
  return `${scaled.length} pictures were too large to share, and were made smaller.`;
}

/** Why the server does not take an image that is on the board. @param place.isAtRisk It ends with the tab. */
export function refusedSentence(name: string, code: string, place: { isAtRisk: boolean }): string {
  const file = `${quotedName(name)} ${place.isAtRisk ? 'is only in this tab' : 'stays on this device'}`;
  switch (code) {
    case 'blob_quota':
      return `${file}: this board has no room for more pictures, so others can’t see it.`;
    case 'read_only':
      return `${file}: you may no longer change this board, so others can’t see it.`;
    case 'blob_too_large':
    case 'blob_pixels':
      return `${file}: the server takes only smaller pictures, so others can’t see it.`;
    default:
      return `${file}: the server did not take it, so others can’t see it.`;
  }
}
