/**
 * Who a guest is: a random user id, never shown, and a name that others see.
 *
 * The id decides the person's colour and whose undo is whose, so it is made once and kept. The name is only a label.
 */
import { shownLine, suggestName } from '@wetink/board';
import { randomBase64Url } from './board-id.ts';
import type { KeyValue } from './key-value.ts';

export interface Identity {
  id: string;
  name: string;
  /** True until the person has chosen or confirmed a name: the suggested one is in use. */
  isSuggested: boolean;
}

export const IDENTITY_KEY = 'wetink.me';
/** Longest name, in UTF-16 units: fits a cursor's pill. */
export const NAME_MAX = 40;

/** A name as it may be shown: one visible line, at most `NAME_MAX` units. */
export function cleanName(input: string): string {
  const line = shownLine(input).replace(/\s+/g, ' ').trim();
  return sliceWhole(line, NAME_MAX).trim();
}

/** The remembered identity, or a new one, which is remembered at once. */
export function loadIdentity(facts: KeyValue, fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void, random: () => number): Identity {
  const stored = storedIdentity(facts);
  if (stored !== null) return stored;
  const fresh = { id: randomBase64Url(16, fillRandom), name: suggestName(random), isSuggested: true };
  facts.write(IDENTITY_KEY, fresh);
  return fresh;
}

/** The remembered identity as it is now: another tab may have renamed it. Null when there is none that can be read. */
export function storedIdentity(facts: KeyValue): Identity | null {
  const stored = facts.read(IDENTITY_KEY);
  return isIdentity(stored) ? { id: stored.id, name: stored.name, isSuggested: stored.isSuggested } : null;
}

function isIdentity(value: unknown): value is Identity {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, isSuggested } = value as Partial<Record<keyof Identity, unknown>>;
  return (
    typeof id === 'string' &&
    /^[A-Za-z0-9_-]{8,64}$/.test(id) &&
    typeof name === 'string' &&
    name !== '' &&
    cleanName(name) === name &&
    typeof isSuggested === 'boolean'
  );
}

/** Cuts to at most `max` UTF-16 units without splitting a surrogate pair. */
function sliceWhole(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max);
  const last = cut.charCodeAt(cut.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? cut.slice(0, -1) : cut;
}
