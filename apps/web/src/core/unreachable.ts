/** A server that did not do what it was asked, and did not refuse either: what to say, and when to ask again. Pure. */
import * as m from '$words/unreachable';

export interface Unreachable {
  readonly kind: 'unreachable';
  /** 429, or 500 and above: it answers that it can't now. Undefined: there was no answer. */
  readonly status?: number;
  /** Seconds after which it says to ask again; 0 when it does not. */
  readonly afterS?: number;
}

/** `limited`: too many requests, of this person or of others behind the same address. `busy`: the server, or what it depends on, fails. */
export function unreachableBy({ status }: Pick<Unreachable, 'status'>): 'limited' | 'busy' | 'silent' {
  if (status === undefined) return 'silent';
  return status === 429 ? 'limited' : 'busy';
}

/** 'Try again in 30 seconds'. */
export function againWords({ status, afterS = 0 }: Pick<Unreachable, 'status' | 'afterS'>): string {
  const seconds = Math.ceil(afterS);
  if (seconds > 90) return m.minutes({ count: Math.ceil(seconds / 60) });
  if (seconds > 0) return m.seconds({ count: seconds });
  return status === 429 ? m.aMinute() : m.aMoment();
}
