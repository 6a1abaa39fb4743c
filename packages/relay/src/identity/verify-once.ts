/**
 * One verification at a time for one token: connections that bring it meanwhile get the same answer. After an outage all
 * tabs and tools of a user come back at once.
 *
 * Nothing is kept: the next connection has the token verified anew, after a failure too. Rights are no part of the answer;
 * each connection is asked about on its own.
 */

import type { IdentityAnswer } from './answer.ts';

type Verify = (token: string) => Promise<IdentityAnswer>;

export function verifyOnce(verify: Verify): Verify {
  const underWayByToken = new Map<string, Promise<IdentityAnswer>>();
  return (token) => {
    let answer = underWayByToken.get(token);
    if (answer === undefined) {
      answer = verify(token).finally(() => underWayByToken.delete(token));
      underWayByToken.set(token, answer);
    }
    return answer;
  };
}
