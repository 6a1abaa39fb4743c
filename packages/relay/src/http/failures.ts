/** The error of an API call, sent as `{error: {code, message}}`, some with further fields beside `error`. */

import type { BoardFailure } from '../access/board-types.ts';
import { identitySentences, type IdentityReason } from '../identity/answer.ts';

export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent beside `error`. */
  readonly fields: object;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}, fields: object = {}) {
    super(message);
    [this.status, this.code, this.headers, this.fields] = [status, code, headers, fields];
  }

  /** True when the call may be a guess at a board or token; such calls are counted and limited. */
  get isMiss(): boolean {
    return this.status === 401 || misses.has(this.code);
  }
}

const misses: ReadonlySet<string> = new Set(['board_not_found', 'conversation_not_found', 'person_not_found']);
const BUSY_RETRY_SECONDS = '1';

const boardFailures: Readonly<Record<BoardFailure, readonly [status: number, message: string]>> = {
  board_not_found: [404, 'there is no such board, or you have no access to it'],
  not_owner: [403, 'only the owner of this board may do this'],
  board_exists: [409, 'a board with this id exists already'],
  board_erased: [410, 'a board with this id was erased, and an id is never used again'],
  too_many_links: [409, 'this board has reached its limit of links: remove one first'],
  link_not_found: [404, 'this board has no such link'],
  too_many_bots: [409, 'this board has reached its limit of bots: end one first'],
  bot_not_found: [404, 'this board has no such bot'],
  user_not_found: [404, 'no user with this id was ever here'],
  owner_stays: [409, 'the owner cannot have another role: transfer the board first'],
  busy: [503, 'someone else changed this board at the same time: try again'],
};

export function boardFailure(code: BoardFailure): ApiFailure {
  const [status, message] = boardFailures[code];
  return new ApiFailure(status, code, message, code === 'busy' ? { 'Retry-After': BUSY_RETRY_SECONDS } : {});
}

export function identityFailure(reason: IdentityReason): ApiFailure {
  const status = reason === 'not_allowed' ? 403 : 401;
  return new ApiFailure(status, reason, identitySentences[reason], status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {});
}

export function bodyInvalid(message: string): ApiFailure {
  return new ApiFailure(400, 'body_invalid', message);
}
