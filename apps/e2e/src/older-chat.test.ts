/** Messages that left the board's document for the history of the relay: found by the bell, by an answer and by the search. */
import { expect, it } from 'vitest';
import { seriousFaults } from './axe.ts';
import { linkFor, openByLink, useGuests } from './guests.ts';
import { useWorld, waitForChip, type Person } from './harness.ts';

const KEPT = 10;
const world = useWorld({ WETINK_AUTH: 'guests', WETINK_CHAT_MESSAGES: String(KEPT) });
const guests = useGuests(world);

/** Writes messages as Ana's page does, the newest last. @returns Their ids. */
function write({ page }: Person, messages: readonly { text: string; mentions?: string[]; replyTo?: string }[]): Promise<string[]> {
  return page.evaluate((given) => {
    const { board } = window.wetink!;
    const ids = given.map((_, n) => `${board.session}.${Math.floor(Math.random() * 1e6)}${n}`);
    const rows = given.map(({ text, mentions, replyTo }, n) => ({
      i: ids[n],
      u: board.userId,
      n: 'Ana',
      t: text,
      d: Date.now(),
      ...(mentions !== undefined && { m: mentions }),
      ...(replyTo !== undefined && { r: replyTo }),
    }));
    board.doc.getArray('chat').push(rows);
    return ids;
  }, messages);
}

const kept = ({ page }: Person): Promise<number> => page.evaluate(() => window.wetink!.board.doc.getArray('chat').length);

it('a notification, an answer and a search lead to a message that has moved', { timeout: 120_000 }, async () => {
  const { ana } = await guests.owner();
  const link = await linkFor(ana, 'editor');
  await ana.page.keyboard.press('Escape');
  const ben = await guests.person('Ben');
  await openByLink(ben, link);
  await waitForChip(ben.page, /^Saved/);
  const benId = await ben.page.evaluate(() => window.wetink?.board.userId ?? '');
  await ben.page.goto(world.relay.url);
  const [id = ''] = await write(ana, [{ text: 'Ben, the green corner', mentions: [benId] }]);
  await ben.page.getByTestId('bell-count').waitFor({ timeout: 20_000 });
  await write(
    ana,
    Array.from({ length: 80 }, (_, n) => ({ text: `message ${n}`, ...(n === 79 && { replyTo: id }) })),
  );
  await expect.poll(() => kept(ana), { timeout: 30_000 }).toBeLessThan(2 * KEPT);

  await ben.page.getByTestId('bell').click();
  await ben.page.getByTestId('notification').filter({ hasText: 'the green corner' }).click();
  await ben.page.locator(`[data-id="${id}"].flash`).waitFor({ timeout: 20_000 });

  // Anew: what was loaded is forgotten.
  await ben.page.reload();
  const toggle = ben.page.getByTestId('chat-toggle');
  if ((await toggle.getAttribute('aria-expanded')) !== 'true') await toggle.click();
  const answer = ben.page.getByTestId('chat-message').filter({ hasText: 'message 79' });
  await answer.getByTestId('chat-quote').filter({ hasText: 'An older message' }).click();
  await ben.page.locator(`[data-id="${id}"].flash`).waitFor({ timeout: 20_000 });
  await ben.page.getByTestId('chat-newest').click();
  await answer.getByTestId('chat-quote').filter({ hasText: 'the green corner' }).waitFor();

  await ben.page.reload();
  if ((await toggle.getAttribute('aria-expanded')) !== 'true') await toggle.click();
  await ben.page.getByTestId('chat-search').click();
  await ben.page.getByTestId('chat-query').fill('green corner');
  await ben.page.getByTestId('chat-found').getByText('No message that is loaded has these words.').waitFor();
  expect(await seriousFaults(ben.page)).toEqual([]);
  while ((await ben.page.getByTestId('chat-result').count()) === 0) {
    await ben.page.getByRole('button', { name: 'Search older messages too' }).click();
    await expect.poll(() => ben.page.getByRole('button', { name: 'Loading…' }).count()).toBe(0);
  }
  await ben.page.getByTestId('chat-result').click();
  await ben.page.locator(`[data-id="${id}"].flash`).waitFor();
});
