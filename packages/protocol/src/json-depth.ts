/** How deep a JSON text is nested, before anything parses it: parsers and readers of such values recurse. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Deepest nesting of brackets outside strings, 0 for a plain value. For text that is not JSON the figure means nothing. */
export function depthOfJson(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (isInString) {
      if (unit === BACKSLASH) i++;
      else if (unit === QUOTE) isInString = false;
    } else if (unit === QUOTE) {
      isInString = true;
    } else if (unit === OPEN_OBJECT || unit === OPEN_LIST) {
      depth++;
      if (depth > deepest) deepest = depth;
    } else if (unit === CLOSE_OBJECT || unit === CLOSE_LIST) {
      depth--;
    }
  }
  return deepest;
}
