/** Sentences about deleted elements. Pure. */
import * as m from '$words/trash-sentence';
import { agoSentence } from './ago.ts';
import { nameInSentence } from './sentences.ts';

export interface DeletedFacts {
  /** Null when the person is not known. */
  readonly name: string | null;
  readonly isMe: boolean;
  readonly count: number;
  readonly at: number;
}

/** 'Ana, 5 minutes ago: 12 elements'. */
export function deletedSentence({ name, isMe, count, at }: DeletedFacts, nowMs: number, locale: string): string {
  const who = isMe ? m.you() : nameInSentence(name ?? '') || m.someone();
  return m.deleted({ who, ago: agoSentence(at, nowMs, locale), count });
}

export function restoredSentence(count: number): string {
  return m.restored({ count });
}
