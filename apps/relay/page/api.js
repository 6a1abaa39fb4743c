/**
 * Calls of the admin API with the operator's token. The token is in this tab alone: in memory, and in sessionStorage so that
 * a reload keeps it.
 */

const KEY = 'wetink-operator-token';
/** Set while the token is one of the person's account, which ends soon and is fetched anew. */
const ACCOUNT = 'wetink-operator-account';

/** A call that was refused, with the relay's sentence. */
export class CallFailure extends Error {
  /** @param {number} status 0: no answer. @param {string} code '' without one. @param {string} message */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** @returns {string} '' when nobody is signed in. */
export function tokenOfTab() {
  return sessionStorage.getItem(KEY) ?? '';
}

/** @param {string} token '' signs out. @param {{ isOfAccount?: boolean }} [options] */
export function keepToken(token, { isOfAccount = false } = {}) {
  if (token === '') sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
  if (isOfAccount) sessionStorage.setItem(ACCOUNT, 'yes');
  else sessionStorage.removeItem(ACCOUNT);
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @param {string} [idempotencyKey]
 * @returns {Promise<any>} The body of the answer.
 * @throws {CallFailure}
 */
export async function call(method, path, body, idempotencyKey) {
  try {
    return await callOnce(method, path, body, idempotencyKey);
  } catch (error) {
    const mayHaveEnded = error instanceof CallFailure && error.code === 'not_allowed' && sessionStorage.getItem(ACCOUNT) !== null;
    const token = mayHaveEnded ? await fetchToken() : null;
    if (token === null || token === tokenOfTab()) throw error;
    keepToken(token, { isOfAccount: true });
    return callOnce(method, path, body, idempotencyKey);
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object | undefined} body
 * @param {string | undefined} idempotencyKey
 * @returns {Promise<any>}
 */
async function callOnce(method, path, body, idempotencyKey) {
  // A header cannot carry anything else, and fetch would throw as if the relay were away.
  if (!/^[!-~]+$/.test(tokenOfTab())) throw new CallFailure(403, 'not_allowed', 'This is not a token.');
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = {
    Authorization: `Bearer ${tokenOfTab()}`,
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
  };
  let response;
  try {
    response = await fetch(path, { method, headers, cache: 'no-store', ...json });
  } catch {
    throw new CallFailure(0, '', 'The relay does not answer. Try again.');
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw new CallFailure(
    response.status,
    answer.error?.code ?? '',
    sentence(answer.error?.message ?? `the relay answered ${response.status}`),
  );
}

/**
 * A token of the person who is signed in at the operator's own site, from the address that the relay names.
 * @returns {Promise<string | null>} Null: there is no such address, or no one is signed in there.
 */
export async function fetchToken() {
  const tokenUrl = await tokenAddress();
  if (tokenUrl === null) return null;
  try {
    const response = await fetch(tokenUrl, { credentials: 'include', cache: 'no-store' });
    const { token } = await response.json();
    return typeof token === 'string' ? token : null;
  } catch {
    return null; // the caller says what to do
  }
}

/** @returns {Promise<string | null>} */
export async function tokenAddress() {
  try {
    const { tokenUrl } = await (await fetch('/v1/settings', { cache: 'no-store' })).json();
    return typeof tokenUrl === 'string' ? tokenUrl : null;
  } catch {
    return null; // the form for a token is there in any case
  }
}

/** @param {string} text */
function sentence(text) {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
