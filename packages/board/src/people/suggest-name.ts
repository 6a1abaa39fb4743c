/** Suggests a name for a first visit. */
const adjectives = [
  'Bright',
  'Brisk',
  'Calm',
  'Cheerful',
  'Clever',
  'Cosy',
  'Curious',
  'Daring',
  'Eager',
  'Gentle',
  'Glad',
  'Golden',
  'Happy',
  'Jolly',
  'Kind',
  'Lively',
  'Lucky',
  'Mellow',
  'Merry',
  'Nimble',
  'Patient',
  'Playful',
  'Quick',
  'Quiet',
  'Silver',
  'Sunny',
  'Swift',
  'Thoughtful',
  'Warm',
  'Witty',
] as const;

/** Animals whose names are no insults, also after any of the adjectives above. */
const animals = [
  'Badger',
  'Beaver',
  'Crane',
  'Deer',
  'Dolphin',
  'Falcon',
  'Finch',
  'Fox',
  'Gecko',
  'Hare',
  'Hedgehog',
  'Heron',
  'Ibis',
  'Kestrel',
  'Kingfisher',
  'Koala',
  'Lark',
  'Lynx',
  'Magpie',
  'Marten',
  'Otter',
  'Owl',
  'Panda',
  'Penguin',
  'Puffin',
  'Robin',
  'Seal',
  'Sparrow',
  'Squirrel',
  'Swan',
  'Turtle',
  'Wren',
] as const;

/**
 * A name to offer on a first visit, such as "Curious Otter".
 *
 * @param random 0 <= n < 1, called twice.
 */
export function suggestName(random: () => number): string {
  return `${pick(adjectives, random)} ${pick(animals, random)}`;
}

function pick(words: readonly string[], random: () => number): string {
  const index = Math.floor(random() * words.length);
  return words[Math.min(words.length - 1, Math.max(0, index))] as string;
}
