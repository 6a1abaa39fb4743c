/** Sentences about deleted elements. Pure. */
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
  const by = isMe ? 'You' : nameInSentence(name ?? '') || 'Someone';
  return `${by}, ${agoSentence(at, nowMs, locale)}: ${elements(count, locale)}`;
}

export function restoredSentence(count: number, locale: string): string {
  return `${elements(count, locale)} ${count === 1 ? 'is' : 'are'} back.`;
}

function elements(count: number, locale: string): string {
  return count === 1 ? '1 element' : `${count.toLocaleString(locale)} elements`;
}
