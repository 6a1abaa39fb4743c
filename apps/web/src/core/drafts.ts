/**
 * Text typed into a field and neither sent nor kept. It outlives the field, which may be in a drawer that closes, and the
 * page, which may be reloaded. Pure.
 */
import type { KeyValue } from './key-value.ts';

export function readDraft(facts: KeyValue, key: string): string {
  return textOf(facts.read(key));
}

export function writeDraft(facts: KeyValue, key: string, text: string): void {
  if (text === '') facts.remove(key);
  else facts.write(key, text);
}

/**
 * The draft after another tab has written to the device. A tab whose draft was not touched since follows: a message sent
 * there must not wait here to be sent again.
 */
export function followedDraft(
  text: string,
  key: string,
  { key: changed, oldValue, newValue }: Pick<StorageEvent, 'key' | 'oldValue' | 'newValue'>,
): string {
  return changed === key && text === parse(oldValue) ? parse(newValue) : text;
}

function parse(stored: string | null): string {
  try {
    return textOf(stored === null ? null : JSON.parse(stored));
  } catch (error) {
    if (error instanceof SyntaxError) return ''; // Written by something else.
    throw error;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
