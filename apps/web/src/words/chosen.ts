/** The words of the chosen language, where that is not English. Set once, before the app starts; a change of language reloads. */

/** A text, or what makes it of its placeholders. */
export type Word = string | ((inputs: Readonly<Record<string, string | number>> | undefined) => string) | undefined;

let chosen: readonly Word[] = [];

/** @param words In the order of messages/en.json. */
export function choose(words: readonly Word[]): void {
  chosen = words;
}

/** The message in the chosen language; undefined: it is English, whose words are in the code itself. */
export function own(index: number, inputs?: Readonly<Record<string, string | number>>): string | undefined {
  const word = chosen[index];
  return typeof word === 'function' ? word(inputs) : word;
}
