/** A conversation that grows long, and one that is full. */
import { expect, it } from 'vitest';
import { seriousFaults } from './axe.ts';
import { linkFor, openByLink, useGuests } from './guests.ts';
import { useWorld, waitForChip, type Person } from './harness.ts';

const world = useWorld({ WETINK_AUTH: 'guests', WETINK_CHAT_MESSAGES: '5', WETINK_LIMIT_DOCUMENT_BYTES: '12000' });
const guests = useGuests(world);

const talk = ({ page }: Person) => page.getByTestId('conversation');
const message = (person: Person, text: string) => talk(person).getByTestId('chat-message').filter({ hasText: text });

async function say(person: Person, text: string): Promise<void> {
  await talk(person).getByTestId('chat-input').fill(text);
  await talk(person).getByTestId('chat-send').click();
}

/** Ana and Ben, who share a board, and their conversation on Ana's page. */
async function twoPeople(): Promise<{ ana: Person; ben: Person }> {
  const { ana } = await guests.owner();
  const link = await linkFor(ana, 'editor');
  await ana.page.keyboard.press('Escape');
  const ben = await guests.person('Ben');
  await openByLink(ben, link);
  await waitForChip(ben.page, /^Saved/);
  await ana.page.getByTestId('participants').click();
  await ana.page.getByTestId('participant').filter({ hasText: 'Ben' }).getByTestId('write-to').click();
  await talk(ana).getByRole('heading', { name: 'Ben' }).waitFor({ timeout: 90_000 });
  return { ana, ben };
}

async function openTalk({ page }: Person): Promise<void> {
  await page.getByTestId('bell').click();
  await page.getByTestId('inbox-talks').click();
  await page.getByTestId('conversation-row').click();
}

it('messages that left the document are loaded above the others', async () => {
  const { ana, ben } = await twoPeople();
  for (let n = 0; n < 12; n++) {
    await say(ana, `number ${n}.`);
    await message(ana, `number ${n}.`).waitFor();
  }
  await talk(ana).getByText('Saved', { exact: true }).waitFor({ timeout: 20_000 });
  // Longer than the relay takes to move them: a page that had them in its document goes on showing them.
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  await openTalk(ben);
  await message(ben, 'number 11.').waitFor({ timeout: 20_000 });
  expect(await message(ben, 'number 0.').count()).toBe(0);
  await talk(ben).getByTestId('chat-older').click({ timeout: 20_000 });
  await message(ben, 'number 0.').waitFor({ timeout: 20_000 });
  expect(await talk(ben).getByTestId('chat-message').count()).toBe(12);
});

it('words that do not fit into a full conversation stay in view, to be sent again, copied or discarded', async () => {
  const { ana } = await twoPeople();
  await say(ana, 'fits');
  await talk(ana).getByText('Saved', { exact: true }).waitFor({ timeout: 20_000 });
  const long = (n: number): string => `${n} `.padEnd(3_900, 'abc ').trim();
  for (let n = 0; n < 2; n++) {
    await say(ana, long(n));
    await talk(ana).getByText('Saved', { exact: true }).waitFor({ timeout: 20_000 });
  }
  await say(ana, long(2));
  const refused = talk(ana).getByTestId('refused-words');
  await refused.getByText(/not sent: this conversation is full\. Begin a new one to go on\./).waitFor({ timeout: 30_000 });
  await refused.getByRole('textbox').waitFor({ timeout: 20_000 });
  expect(await refused.getByRole('textbox').inputValue()).toBe(long(2));
  await message(ana, 'fits').waitFor();
  expect(await seriousFaults(ana.page)).toEqual([]);
  // It is still full.
  await refused.getByTestId('refused-again').click();
  await refused.getByText(/not sent: this conversation is full/).waitFor({ timeout: 30_000 });
  await refused.getByTestId('refused-discard').click();
  await refused.waitFor({ state: 'detached', timeout: 20_000 });
  await message(ana, 'fits').waitFor();
});
