/** Sentences about people whom the owner adds to a board. Pure. */
import * as m from '$words/adding-sentence';
import type { failureSentence } from './access-sentences.ts';
import type { GivenRole } from './board-info.ts';
import { joinNames, nameInSentence } from './sentences.ts';
import { againWords, unreachableBy } from './unreachable.ts';

type Failure = Parameters<typeof failureSentence>[0];

/** 'Ben can draw on this board now.' */
export function addedSentence(names: readonly string[], role: GivenRole): string {
  const people = { names: named(names), count: names.length };
  return role === 'viewer' ? m.canView(people) : m.canDraw(people);
}

/** 'Ben and Cleo were not added: the server cannot be reached.' @param names Not empty; those before were added. */
export function notAddedSentence(names: readonly string[], failure: Failure): string {
  return m.notAdded({ names: named(names), count: names.length, why: clauseOf(names[0] ?? '', failure) });
}

function clauseOf(name: string, failure: Failure): string {
  if (failure.kind === 'absent') return m.noOwners();
  if (failure.kind === 'unreachable')
    return {
      limited: m.tooMany({ again: againWords(failure) }),
      busy: m.busy({ again: againWords(failure) }),
      silent: m.silent(),
    }[unreachableBy(failure)];
  if (failure.code === 'user_not_found') return m.unknown({ name: named([name]) });
  return clauses[failure.code] ?? m.refused();
}

const clauses: Readonly<Record<string, string>> = {
  token_missing: m.notSignedIn(),
  suspended: m.suspended(),
  board_not_found: m.notYours(),
  not_owner: m.onlyOwner(),
  board_erased: m.erased(),
};

function named(names: readonly string[]): string {
  return joinNames(names.map((name) => nameInSentence(name) || m.guest()));
}
