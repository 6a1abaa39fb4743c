/** Shared parts of admin API answers: errors, pages and their cursors. Pure. */

export interface AdminAnswer {
  status: number;
  body: object;
  allow?: string;
}

export interface Page {
  limit: number;
  /** '' on the first page. */
  after: string;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
const MAX_CURSOR_LENGTH = 2_048;

export function mistake(status: number, code: string, message: string): AdminAnswer {
  return { status, body: { error: { code, message } } };
}

export function notAllowed(allow: string): AdminAnswer {
  return { ...mistake(405, 'method_not_allowed', `allowed here: ${allow}`), allow };
}

/** Checks parameter names and reads `limit` and `cursor`. @param others Parameters that the caller reads. */
export function readPage(query: URLSearchParams, others: readonly string[]): Page | AdminAnswer {
  const known = [...others, 'cursor', 'limit'];
  for (const name of query.keys())
    if (!known.includes(name))
      return mistake(400, 'query_invalid', `unknown parameter ${JSON.stringify(name)}: use ${known.slice(0, -1).join(', ')} and limit`);
  const given = query.get('limit');
  const limit = given === null ? DEFAULT_LIMIT : /^[0-9]{1,4}$/.test(given) ? Number(given) : NaN;
  if (!(limit >= 1 && limit <= MAX_LIMIT)) return mistake(400, 'query_invalid', `limit must be a whole number from 1 to ${MAX_LIMIT}`);
  const cursor = query.get('cursor');
  const after = cursor === null ? '' : textOfCursor(cursor);
  return after === null ? mistake(400, 'query_invalid', 'this cursor is not from an earlier answer') : { limit, after };
}

export function cursorOf(text: string): string {
  return Buffer.from(text).toString('base64url');
}

/** @returns null when the text is not valid percent-encoding. */
export function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

function textOfCursor(cursor: string): string | null {
  if (cursor === '' || cursor.length > MAX_CURSOR_LENGTH || !/^[A-Za-z0-9_-]+$/.test(cursor)) return null;
  return Buffer.from(cursor, 'base64url').toString('utf8');
}
