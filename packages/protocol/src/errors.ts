/**
 * The one table of failures: what a relay closes a connection with, what a message is refused with, what a notice
 * says, what a client does next, and what a person reads. Documentation and dashboards are generated from it.
 *
 * A sentence says why and nothing else. Only the client on a person's device knows what became of their changes, and when it
 * tries again.
 */

import { failureOf, type ErrorName, type Failure } from './error-codes.ts';
import { labels, reasonLabels, type Reason } from './error-labels.ts';
import type { Role } from './messages.ts';

/** Advice: one sentence for everybody, or one for each role. Never empty. */
export type Advice = string | Readonly<Record<Role, string>>;

/** Texts for people about a failure. */
export interface Told {
  /** Where there is room for no more than a few words: at most 24 characters, no full stop. */
  readonly label: string;
  /** Why; also the close reason, so at most 123 bytes. */
  readonly sentence: string;
  readonly advice: Advice;
}

export interface ErrorRow extends Failure, Told {
  /** Label value for counters. */
  readonly metric: string;
}

const SIGN_IN = 'Sign in again.';
const RELOAD = 'Reload the page.';
const ASK_OPERATOR = 'Ask the person who runs this server.';
const BY_ITSELF = 'Nothing needs to be done: it is tried again by itself.';
const IF_IT_GOES_ON = 'It is tried again by itself. If it goes on, tell the person who runs this server.';

const told: Readonly<Record<ErrorName, Omit<Told, 'label'>>> = {
  // These last.
  MALFORMED: { sentence: 'The connection sent something that could not be read.', advice: RELOAD },
  UNAUTHENTICATED: { sentence: 'Please sign in to open this board.', advice: SIGN_IN },
  FORBIDDEN: {
    sentence: 'You do not have access to this board.',
    advice: {
      viewer: 'Ask its owner for a link.',
      editor: 'Ask its owner for a link.',
      owner: 'Ask its new owner for a link.',
    },
  },
  ROOM_NOT_FOUND: { sentence: 'This board does not exist.', advice: 'Check the link, or ask for it again.' },
  READ_ONLY: {
    sentence: 'You can look at this board but not change it.',
    advice: {
      viewer: 'Ask its owner to let you draw.',
      editor: 'You may draw again now: copy onto the board what is missing.',
      owner: 'You may draw again now: copy onto the board what is missing.',
    },
  },
  FOREIGN_CLIENT: {
    sentence: "The change was made in another person's name.",
    advice: 'Copy what is missing onto the board: then it is yours.',
  },
  ROOM_ERASED: { sentence: 'This board was deleted.', advice: 'It was erased for everybody, for good.' },
  TOO_LARGE: { sentence: 'The change is too large to send.', advice: 'Add it in smaller parts.' },
  ROOM_NAME: { sentence: 'The name of this board cannot be used.', advice: 'Check the link, or make a new board.' },
  TEXT_FRAME: { sentence: 'Only binary messages are understood here.', advice: RELOAD },
  BAD_UPDATE: {
    sentence: 'A change was damaged and could not be applied.',
    advice: 'Copy what is missing onto the board, or save it as a file.',
  },
  DOCUMENT_TOO_LARGE: { sentence: 'This board is full.', advice: 'Go on with a new board.' },
  VERSION: { sentence: 'This version of the app is too old or too new. Please reload.', advice: RELOAD },
  REFUSED: { sentence: 'The server refused this.', advice: ASK_OPERATOR },
  CANCELLED: { sentence: 'Closed.', advice: RELOAD },
  DEVICE_STORAGE: {
    sentence: 'This device cannot keep a copy.',
    advice: 'Keep the page open until the server has everything.',
  },
  // These pass.
  INTERNAL: { sentence: 'The server had a problem.', advice: IF_IT_GOES_ON },
  LOAD_FAILED: { sentence: 'The server could not load this board right now.', advice: IF_IT_GOES_ON },
  OVERLOADED: { sentence: 'The server has as many connections as it can have.', advice: BY_ITSELF },
  TIMEOUT: { sentence: 'The server heard nothing of this page for a while.', advice: BY_ITSELF },
  STORAGE_UNAVAILABLE: { sentence: 'The server cannot save right now.', advice: IF_IT_GOES_ON },
  SLOW_READER: { sentence: 'The connection is too slow to keep up.', advice: BY_ITSELF },
  ROOM_FULL: {
    sentence: 'As many people as there can be are on this board.',
    advice: 'There is room as soon as somebody leaves.',
  },
  INCOMPLETE: { sentence: 'The server is missing earlier changes.', advice: 'Everything is sent again by itself.' },
  DRAINING: { sentence: 'The server is about to restart.', advice: BY_ITSELF },
  SHUTDOWN: { sentence: 'The server is restarting.', advice: BY_ITSELF },
  AUTH_TIMEOUT: { sentence: 'Signing in took too long.', advice: BY_ITSELF },
  RATE_LIMITED: {
    sentence: 'That was more at once than the server takes from one person.',
    advice: 'Nothing needs to be done: it goes on by itself.',
  },
  UNAVAILABLE: { sentence: 'The server answers, but cannot be used right now.', advice: IF_IT_GOES_ON },
  CONNECTION_LOST: {
    sentence: 'The server cannot be reached.',
    advice: 'Check the network of this device. It is tried again by itself.',
  },
  TOKEN_FAILED: { sentence: 'Signing in did not work right now.', advice: IF_IT_GOES_ON },
};

const toldReasons: Readonly<Record<Reason, Omit<Told, 'label'>>> = {
  suspended: { sentence: 'Your account is suspended on this server.', advice: ASK_OPERATOR },
  other_user: { sentence: 'Somebody else has signed in on this device.', advice: RELOAD },
  disconnected: { sentence: 'The server has ended your session.', advice: SIGN_IN },
  token_expired: { sentence: 'Your session is over.', advice: SIGN_IN },
  user_connections: {
    sentence: 'You have as many boards and tabs open as the server takes from one person.',
    advice: 'Close one of them.',
  },
  user_rooms: {
    sentence: 'You have as many different boards open as the server takes from one person.',
    advice: 'Close one of them.',
  },
  user_boards: {
    sentence: 'You have made as many new boards as the server takes from one person in a day.',
    advice: 'Nothing needs to be done: this board goes to the server when the time is over.',
  },
  address_boards: {
    sentence: 'As many new boards as the server takes in a day were made from your network.',
    advice: 'Nothing needs to be done: this board goes to the server when the time is over.',
  },
  api_misses: {
    sentence: 'Too many links and boards that are not there were tried from here.',
    advice: 'Nothing needs to be done: it goes on by itself.',
  },
};

export const errors: Readonly<Record<ErrorName, ErrorRow>> = /*#__PURE__*/ Object.fromEntries(
  (Object.keys(told) as ErrorName[]).map((name) => {
    return [name, { ...failureOf(name), label: labels[name], ...told[name], metric: name.toLowerCase() }];
  }),
) as Record<ErrorName, ErrorRow>;

export const reasons: Readonly<Record<Reason, Told>> = /*#__PURE__*/ Object.fromEntries(
  (Object.keys(reasonLabels) as Reason[]).map((name) => [name, { label: reasonLabels[name], ...toldReasons[name] }]),
) as Record<Reason, Told>;
