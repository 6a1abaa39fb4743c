/**
 * Every failure by its name: the number on the wire, the WebSocket close code, and what a client does next. The texts
 * for people are in errors.ts.
 */

/** `never`: trying again gives the same answer. `reauth`: fetch a new token, then try once. `backoff`: waiting helps. */
export type Retry = 'never' | 'reauth' | 'backoff';

/**
 * 4400-4499 last, 4500-4599 pass, 4600-4699 are raised on this device and never sent. y-websocket 3.1 never reconnects
 * after 4400-4499, so nothing that passes by itself is there. A number is never given to another failure, not even
 * after its failure is gone (see `retiredCodes`).
 */
const codes = {
  never: {
    MALFORMED: 4400,
    FORBIDDEN: 4403,
    ROOM_NOT_FOUND: 4404,
    READ_ONLY: 4405,
    FOREIGN_CLIENT: 4409,
    ROOM_ERASED: 4410,
    TOO_LARGE: 4413,
    ROOM_NAME: 4414,
    TEXT_FRAME: 4415,
    BAD_UPDATE: 4422,
    DOCUMENT_TOO_LARGE: 4423,
    VERSION: 4426,
    REFUSED: 4499,
    CANCELLED: 4600,
    DEVICE_STORAGE: 4602,
  },
  reauth: {
    UNAUTHENTICATED: 4401,
  },
  backoff: {
    INTERNAL: 4500,
    LOAD_FAILED: 4502,
    OVERLOADED: 4503,
    TIMEOUT: 4504,
    STORAGE_UNAVAILABLE: 4507,
    SLOW_READER: 4508,
    ROOM_FULL: 4510,
    INCOMPLETE: 4511,
    DRAINING: 4512,
    SHUTDOWN: 4513,
    AUTH_TIMEOUT: 4514,
    RATE_LIMITED: 4529,
    UNAVAILABLE: 4599,
    CONNECTION_LOST: 4601,
    TOKEN_FAILED: 4603,
  },
} as const satisfies Record<Retry, Record<string, number>>;

type Codes = typeof codes;
/** A failure that waiting does not end. */
export type LastingError = keyof Codes['never'] | keyof Codes['reauth'];
export type PassingError = keyof Codes['backoff'];
export type ErrorName = LastingError | PassingError;

/** Close codes that RFC 6455 or an existing client expects; every other close code equals the number. */
const registeredCloses: { readonly [N in ErrorName]?: number } = {
  TEXT_FRAME: 1003,
  INTERNAL: 1011,
  SHUTDOWN: 1012,
  SLOW_READER: 1013,
  CANCELLED: 1000,
};

/** Numbers of failures that no longer exist. They stay here so that no new failure takes one. */
export const retiredCodes: readonly number[] = [];

const FIRST_WIRE_CODE = 4400;

/** Codes above are raised on a device and never sent. */
export const LAST_WIRE_CODE = 4599;

export interface Failure {
  /** The number on the wire. */
  readonly code: number;
  /** WebSocket close code; on a device, what we close our own side with. */
  readonly close: number;
  readonly retry: Retry;
}

const numbers: Readonly<Record<ErrorName, number>> = { ...codes.never, ...codes.reauth, ...codes.backoff };

export function failureOf(name: ErrorName): Failure {
  const code = numbers[name];
  const retry = name in codes.never ? 'never' : name in codes.reauth ? 'reauth' : 'backoff';
  return { code, close: registeredCloses[name] ?? code, retry };
}

/**
 * The failure a wire number stands for. A number of a newer table keeps its class: permanent ones become `REFUSED`,
 * everything else `UNAVAILABLE`.
 */
export function errorOfCode(code: number): ErrorName {
  return sentFailure('code', code) ?? (isPermanent(code) ? 'REFUSED' : 'UNAVAILABLE');
}

/**
 * The failure behind a WebSocket close code, ours or a stock server's. A code that says nothing about the reason
 * (1000, 1005, 1006 and the like) is `CONNECTION_LOST`.
 */
export function errorOfClose(closeCode: number): ErrorName {
  const known = sentFailure('close', closeCode);
  if (known !== undefined) return known;
  if (closeCode === 1009) return 'TOO_LARGE';
  return closeCode >= FIRST_WIRE_CODE && closeCode <= LAST_WIRE_CODE ? errorOfCode(closeCode) : 'CONNECTION_LOST';
}

/** The word before a colon that a close reason begins with, such as `suspended`; '' without one. */
export function reasonOfClose(closeReason: string): string {
  return /^([a-z_]{1,32}): /.exec(closeReason)?.[1] ?? '';
}

export function isErrorName(value: unknown): value is ErrorName {
  return typeof value === 'string' && Object.hasOwn(numbers, value);
}

export function isLasting(name: ErrorName): name is LastingError {
  return failureOf(name).retry !== 'backoff';
}

/** Only few are ever looked up, one per lost connection or notice, so no index is kept. */
function sentFailure(column: 'code' | 'close', number: number): ErrorName | undefined {
  return (Object.keys(numbers) as ErrorName[]).find((name) => {
    const failure = failureOf(name);
    return failure.code <= LAST_WIRE_CODE && failure[column] === number;
  });
}

function isPermanent(code: number): boolean {
  return code >= FIRST_WIRE_CODE && code < 4500;
}
