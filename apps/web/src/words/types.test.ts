/** The types of the messages are those of the English file. `-u` writes them anew. */
import { expect, it } from 'vitest';
import { declarationsOf, readMessages } from '../../words.ts';

it('words.d.ts has the messages of messages/en.json', async () => {
  await expect(declarationsOf(readMessages('en'))).toMatchFileSnapshot('../words.d.ts');
});
