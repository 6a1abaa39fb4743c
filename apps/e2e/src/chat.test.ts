/** The chat as two people use it: answers, changes, reactions, names, views, states, the limit of messages. */
import { afterEach, expect, it } from 'vitest';
import type { BrowserContextOptions } from 'playwright';
import { seriousFaults } from './axe.ts';
import { cameraOf, createPerson, newBoardId, openBoard, useWorld, waitForChip, type Person } from './harness.ts';

// No message moves to the relay's history: a test looks at 10,000 in the document.
const world = useWorld({ WETINK_CHAT_MESSAGES: '0' });
const people: Person[] = [];

afterEach(async () => {
  for (const { context, errors } of people.splice(0)) {
    await context.close();
    expect(errors).toEqual([]);
  }
});

async function join(name: string, board: string, options: BrowserContextOptions = {}): Promise<Person> {
  const person = await createPerson(world.browser, options);
  people.push(person);
  await person.page.goto(world.relay.url);
  await person.page.getByTestId('my-name').fill(name);
  await person.page.getByTestId('my-name').press('Enter');
  await openBoard(person.page, world.relay.url, board);
  await waitForChip(person.page, /^Saved/);
  return person;
}

const openChat = ({ page }: Person): Promise<void> => page.getByTestId('chat-toggle').click();
const messageOf = ({ page }: Person, text: string) => page.getByTestId('chat-message').filter({ hasText: text });

async function say({ page }: Person, text: string): Promise<void> {
  await page.getByTestId('chat-input').fill(text);
  await page.getByTestId('chat-input').press('Enter');
}

it('two people mention, answer, change, react, delete, and show each other the way', { timeout: 120_000 }, async () => {
  const board = newBoardId();
  const ana = await join('Ana', board);
  const ben = await join('Ben', board, { viewport: { width: 360, height: 740 }, hasTouch: true });

  // A name is completed with the keyboard. The one who is named sees it, and that there is something new.
  await openChat(ana);
  await ana.page.getByTestId('chat-input').pressSequentially('**Look**, @b');
  await ana.page.getByTestId('chat-mention-option').filter({ hasText: 'Ben' }).waitFor();
  expect(await seriousFaults(ana.page)).toEqual([]);
  await ana.page.getByTestId('chat-input').press('Enter');
  expect(await ana.page.getByTestId('chat-input').inputValue()).toBe('**Look**, @Ben ');
  await ana.page.getByTestId('chat-input').pressSequentially('at https://example.org/plan');
  await ana.page.getByTestId('chat-input').press('Enter');
  await ana.page.getByTestId('chat-delivery').filter({ hasText: 'Saved' }).waitFor();
  await ben.page.getByRole('button', { name: 'Chat, 1 unread' }).waitFor();
  await openChat(ben);
  await ben.page.getByTestId('chat-new').waitFor();
  const first = messageOf(ben, 'Look');
  expect(await first.locator('strong').innerText()).toBe('Look');
  expect(await first.locator('.mention.me').innerText()).toBe('@Ben');
  expect(await first.getByRole('link').getAttribute('rel')).toContain('noopener');
  await ana.page.getByTestId('chat-delivery').filter({ hasText: 'Seen by Ben' }).waitFor();

  // On a phone: a tap on a message, then what can be done with it.
  await first.tap();
  await first.getByTestId('chat-react').tap();
  await first.getByTestId('chat-emoji').first().waitFor();
  expect(await seriousFaults(ben.page)).toEqual([]);
  await first.getByTestId('chat-emoji').first().tap();
  await first.getByTestId('chat-reply').tap();
  await ben.page.getByTestId('chat-note').waitFor();
  expect(await seriousFaults(ben.page)).toEqual([]);
  await say(ben, 'It is grand');
  expect(await seriousFaults(ben.page)).toEqual([]);
  await messageOf(ana, 'It is grand').getByTestId('chat-quote').filter({ hasText: 'Look' }).click();
  await messageOf(ana, 'Look').first().and(ana.page.locator('.flash')).waitFor();
  await ana.page.getByTestId('chat-reaction').click();
  await ben.page.getByTestId('chat-reaction').filter({ hasText: '2' }).waitFor();

  // The last message of mine by the arrow key; Escape leaves it as it was, and closes nothing.
  await ana.page.getByTestId('chat-input').press('ArrowUp');
  await ana.page.getByTestId('chat-input').press('Escape');
  expect(await ana.page.getByTestId('chat-input').inputValue()).toBe('');
  await ana.page.getByTestId('chat-input').press('ArrowUp');
  await say(ana, 'Look again');
  await messageOf(ben, 'Look again').filter({ hasText: 'edited' }).waitFor();

  // A view of the board travels with a message.
  await ana.page.evaluate(() => window.wetink?.stage.setCamera({ x: 5_000, y: -3_000, zoom: 2 }));
  await ana.page.getByTestId('chat-view').click();
  await say(ana, 'Here');
  await messageOf(ben, 'Here').getByTestId('chat-jump').tap();
  const centre = async (): Promise<number[]> => {
    const { x, y, zoom } = await cameraOf(ben.page);
    return [x + 180 / zoom, y + 370 / zoom].map((place) => Math.round(place / 10));
  };
  await expect.poll(centre).toEqual([5_320, -2_800].map((place) => place / 10));

  // Found by a word of it, and gone for both.
  await ana.page.getByTestId('chat-search').click();
  await ana.page.getByTestId('chat-query').fill('GRAND');
  await ana.page.getByTestId('chat-result').click();
  await messageOf(ana, 'Here').hover();
  await ana.page.getByTestId('chat-delete').click();
  await ana.page.getByTestId('chat-delete-yes').waitFor();
  expect(await seriousFaults(ana.page)).toEqual([]);
  await ana.page.getByTestId('chat-delete-yes').click();
  await messageOf(ben, 'Message deleted').waitFor();
  expect(await messageOf(ben, 'Here').count()).toBe(0);
  expect(await seriousFaults(ana.page)).toEqual([]);
});

it('the 31st message within a minute waits in the field, with the seconds, also after a reload', { timeout: 120_000 }, async () => {
  const ana = await join('Ana', newBoardId());
  await openChat(ana);
  for (let n = 1; n <= 30; n++) await say(ana, `Message ${n}`);
  await say(ana, 'One too many');
  const problem = ana.page.getByTestId('chat-problem');
  const seconds = async (): Promise<number> => Number(/You can send again in (\d+) s/.exec(await problem.innerText())?.[1] ?? NaN);
  const before = await seconds();
  expect(before).toBeGreaterThan(10);
  await expect.poll(seconds).toBeLessThan(before);
  expect(await ana.page.getByTestId('chat-message').count()).toBe(30);
  await waitForChip(ana.page, /^Saved/);
  await ana.page.reload();
  await openChat(ana);
  expect(await ana.page.getByTestId('chat-input').inputValue()).toBe('One too many');
  await ana.page.getByTestId('chat-input').press('Enter');
  expect(await seconds()).toBeLessThanOrEqual(before);
});

it('a hostile chat of 10,000 messages opens at once, with a few of them on the page', { timeout: 120_000 }, async () => {
  const ana = await join('Ana', newBoardId());
  await ana.page.evaluate(() => {
    const at = Date.now() - 86_400_000;
    const bidi = '\u202e\u2067'.repeat(20);
    window.wetink?.board.doc.getArray('chat').push(
      Array.from({ length: 10_000 }, (_, n) => {
        const text = n % 100 === 0 ? '**'.repeat(2_000) : n % 100 === 1 ? '@Ana '.repeat(800) : `Message ${n} ${n % 10 === 2 ? bidi : ''}`;
        return { i: `f.${n}`, u: `u${n % 3}`, n: n % 5 === 0 ? `${bidi}Mallory` : 'Ben', t: text, d: at + n * 1_000, m: ['u1', 'u2'] };
      }),
    );
  });
  await waitForChip(ana.page, /^Saved/, 40_000);
  // It opens where the unread ones begin. The first time it fetches its code, which is not the cost of the messages.
  await openChat(ana);
  await ana.page.locator('[data-id="f.3"]').waitFor();
  await openChat(ana);
  await ana.page.getByTestId('chat-input').waitFor({ state: 'detached' });
  const openMs = await ana.page.evaluate(async () => {
    const before = performance.now();
    document.querySelector<HTMLElement>('[data-testid="chat-toggle"]')?.click();
    while (document.querySelector('[data-testid="chat-message"]') === null) await new Promise((resolve) => requestAnimationFrame(resolve));
    return performance.now() - before;
  });
  console.log(`a chat of 10,000 messages is shown after ${openMs.toFixed(0)} ms`);
  const rows = ana.page.getByTestId('chat-message');
  expect(await rows.count()).toBeLessThanOrEqual(120);
  await ana.page.getByRole('log').evaluate((list) => list.scrollTo(0, 0));
  await ana.page.locator('[data-id="f.9860"]').waitFor();
  expect(await rows.count()).toBeLessThanOrEqual(120);
  await say(ana, 'At the end');
  await rows.filter({ hasText: 'At the end' }).waitFor();
  await ana.page.getByTestId('chat-search').click();
  await ana.page.getByTestId('chat-query').fill('message 5003');
  await ana.page.getByTestId('chat-result').click();
  await ana.page.locator('[data-id="f.5003"].flash').waitFor();
  await ana.page.getByTestId('chat-newest').click();
  await rows.filter({ hasText: 'At the end' }).waitFor();
});
