/** Outcome of an attempt, as a sentence for the owner of a board. Pure. */

import type { WebhookAnswer } from './webhook-records.ts';

const byCode: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name of the host is not known',
  EAI_AGAIN: 'the name of the host could not be looked up',
  ECONNREFUSED: 'the host takes no connection',
  ECONNRESET: 'the connection was closed before an answer',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the host cannot be reached',
  ABORT_ERR: 'there was no answer in time',
  CERT_HAS_EXPIRED: 'the certificate of the host has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate of the host is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate of the host is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate of the host is not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is of another host',
};
/** Those of outbound.ts, which name no address. */
const OWN = /^(the name leads to|the address must) /;

/** @param atMs ms since 1970. */
export function answerOf(outcome: { status: number } | { error: unknown }, atMs: number): WebhookAnswer {
  if ('error' in outcome) return { at: atMs, status: null, reason: reasonOf(outcome.error) };
  const { status } = outcome;
  if (status >= 200 && status < 300) return { at: atMs, status, reason: '' };
  const isRedirect = status >= 300 && status < 400;
  return { at: atMs, status, reason: isRedirect ? 'the receiver redirects, which is not followed' : `the receiver answered ${status}` };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no connection could be made';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'there was no answer in time';
  if (OWN.test(error.message)) return error.message;
  const code = 'code' in error ? String(error.code) : '';
  return (Object.hasOwn(byCode, code) ? byCode[code] : undefined) ?? 'no connection could be made';
}
