/** Sentences about people whom the owner adds to a board. Pure. */
import type { failureSentence } from './access-sentences.ts';
import type { GivenRole } from './board-info.ts';
import { joinNames, nameInSentence } from './sentences.ts';
import { againWords, unreachableBy } from './unreachable.ts';

type Failure = Parameters<typeof failureSentence>[0];

/** 'Ben can draw on this board now.' */
export function addedSentence(names: readonly string[], role: GivenRole): string {
  return `${named(names)} can ${role === 'viewer' ? 'view' : 'draw on'} this board now.`;
}

/** 'Ben and Cleo were not added: the server cannot be reached.' @param names Not empty; those before were added. */
export function notAddedSentence(names: readonly string[], failure: Failure): string {
  return `${named(names)} ${names.length === 1 ? 'was' : 'were'} not added: ${clauseOf(names[0] ?? '', failure)}.`;
}

function clauseOf(name: string, failure: Failure): string {
  if (failure.kind === 'absent') return 'this server knows nothing of owners';
  if (failure.kind === 'unreachable')
    return {
      limited: `there were too many requests. ${againWords(failure)}`,
      busy: `the server can’t add people now. ${againWords(failure)}`,
      silent: 'the server cannot be reached',
    }[unreachableBy(failure)];
  if (failure.code === 'user_not_found') return `the server does not know ${named([name])} any more`;
  return clauses[failure.code] ?? 'the server refused it';
}

const clauses: Readonly<Record<string, string>> = {
  token_missing: 'you are not signed in',
  suspended: 'the operator of this server has suspended you',
  board_not_found: 'this board is not yours to share any more',
  not_owner: 'only the owner of this board can add people',
  board_erased: 'this board was deleted',
};

function named(names: readonly string[]): string {
  return joinNames(names.map((name) => nameInSentence(name) || 'Guest'));
}
