/** The bell: what reaches a person who was away, on all of their devices, and how they choose what reaches them. */
import { expect, it } from 'vitest';
import { seriousFaults } from './axe.ts';
import { linkFor, openByLink, share, stroke, told, useGuests } from './guests.ts';
import { openBoard, openTab, useWorld, waitForChip, type Person, useServiceWorkers } from './harness.ts';

useServiceWorkers();

const world = useWorld({ WETINK_AUTH: 'guests' });
const guests = useGuests(world);

const idOf = ({ page }: Person): Promise<string> => page.evaluate(() => window.wetink?.board.userId ?? '');

/** Writes a message that mentions a person. @returns Its id. */
async function mention({ page }: Person, userId: string, text: string): Promise<string> {
  const id = await page.evaluate(
    ([mentioned, said]) => {
      const { board } = window.wetink!;
      const message = `${board.session}.${Math.floor(Math.random() * 1e6)}`;
      board.doc.getArray('chat').push([{ i: message, u: board.userId, n: 'Ana', t: said, d: Date.now(), m: [mentioned] }]);
      return message;
    },
    [userId, text] as const,
  );
  await waitForChip(page, /^Saved/);
  return id;
}

const bell = ({ page }: Person) => page.getByTestId('bell');
const countOf = async (person: Person): Promise<string> =>
  (await person.page.getByTestId('bell-count').count()) === 0 ? '' : person.page.getByTestId('bell-count').innerText();
const unread = (person: Person, count: string) => expect.poll(() => countOf(person), { timeout: 15_000 }).toBe(count);

async function openInbox(person: Person): Promise<void> {
  await bell(person).click();
  await person.page.getByTestId('inbox').waitFor();
}

it('a mention while a person is away waits at their bell, leads to the message, and is read in their other tab too', async () => {
  const { ana, board } = await guests.owner();
  const link = await linkFor(ana, 'editor');
  await ana.page.keyboard.press('Escape');
  const ben = await guests.person('Ben');
  const cleo = await guests.person('Cleo');
  await openByLink(ben, link);
  await openByLink(cleo, link);
  await waitForChip(cleo.page, /^Saved/);
  const benId = await idOf(ben);
  await bell(ben).waitFor({ timeout: 15_000 });
  await openInbox(ben);
  await ben.page.getByText('Nothing yet.').waitFor();
  expect(await seriousFaults(ben.page)).toEqual([]);
  await ben.page.goto(world.relay.url);
  await bell(ben).waitFor({ timeout: 15_000 });
  await ben.context.setOffline(true);

  const id = await mention(ana, benId, 'Ben, please look at the green corner');
  await ben.context.setOffline(false);
  await unread(ben, '1');
  expect(await bell(ben).getAttribute('aria-label')).toBe('Notifications, 1 unread');
  const second = await openTab(ben.context);
  guests.add(second);
  await second.page.goto(world.relay.url);
  await unread(second, '1');

  await openInbox(ben);
  expect(await seriousFaults(ben.page)).toEqual([]);
  await ben.page.getByTestId('notification').filter({ hasText: 'Ana mentioned you' }).click();
  await ben.page.waitForURL(new RegExp(`/b/${board}`));
  await ben.page.locator(`[data-id="${id}"].flash`).waitFor();
  expect(new URL(ben.page.url()).hash).toBe('');
  await unread(ben, '');
  await unread(second, '');
  // Cleo was on the board all the time, and nothing of it concerned her.
  await bell(cleo).waitFor();
  expect(await countOf(cleo)).toBe('');

  // Ben blocks Ana from her message, and Cleo from the list of people, by keys.
  const message = ben.page.locator(`[data-id="${id}"]`);
  await message.hover();
  await message.getByTestId('chat-block').click();
  await message.getByText('You get no notifications of what they write').waitFor();
  expect(await seriousFaults(ben.page)).toEqual([]);
  await message.getByTestId('chat-block-yes').click();
  await cleo.page.getByTestId('participants').click();
  const row = cleo.page.getByTestId('participant').filter({ hasText: 'Ana' });
  const block = row.getByTestId('block-person');
  await block.waitFor();
  // Nobody blocks themselves.
  expect(await cleo.page.getByTestId('block-person').count()).toBe(await cleo.page.getByTestId('participant').count());
  await block.focus();
  await cleo.page.keyboard.press('Enter');
  await row.getByTestId('ask').getByText('Block Ana?').waitFor();
  expect(await seriousFaults(cleo.page)).toEqual([]);
  await cleo.page.keyboard.press('Escape');
  await row.getByTestId('ask').waitFor({ state: 'detached' });
  await expect.poll(() => block.evaluate((button) => button === document.activeElement)).toBe(true);
  await cleo.page.keyboard.press('Enter');
  await row.getByTestId('ask').waitFor();
  await cleo.page.keyboard.press('Tab');
  await cleo.page.keyboard.press('Enter');
  await expect.poll(() => block.getAttribute('aria-label')).toBe('Unblock Ana');
  const cleoId = await idOf(cleo);
  for (const blocked of [benId, cleoId]) await mention(ana, blocked, 'Hear me');
  await new Promise((resolve) => setTimeout(resolve, 1_500)); // Longer than the relay takes to notify.
  expect([await countOf(ben), await countOf(cleo)]).toEqual(['', '']);
  await block.click();
  expect(await block.getAttribute('aria-label')).toBe('Block Ana');
  await mention(ana, cleoId, 'And now?');
  await unread(cleo, '1');
});

it('on a phone the list is a sheet; it is kept without a network, marks made there are sent later, and rules hold', async () => {
  const { ana, board } = await guests.owner();
  const link = await linkFor(ana, 'editor');
  await ana.page.keyboard.press('Escape');
  const ben = await guests.person('Ben', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, colorScheme: 'dark' });
  await openByLink(ben, link);
  // Before the relay has let them in, they are nobody who may be notified.
  await waitForChip(ben.page, /^Saved/);
  const benId = await idOf(ben);
  await mention(ana, benId, 'One');
  await unread(ben, '1');
  await ben.context.setOffline(true);
  await openInbox(ben);
  await ben.page
    .getByTestId('inbox-fact')
    .getByText(/^Offline: newer notifications come/)
    .waitFor({ timeout: 20_000 });
  expect(await seriousFaults(ben.page)).toEqual([]);
  await ben.page.getByTestId('inbox-read-all').click();
  await ben.page.getByTestId('inbox-mute').click();
  await ben.page.getByTestId('inbox-rules').click();
  await ben.page.getByTestId('quiet-on').check();
  await ben.page.getByTestId('quiet-from').fill('21:30');
  await ben.page.getByTestId('quiet-from').press('Tab');
  await ben.page.getByTestId('level-role').selectOption('none');
  expect(await seriousFaults(ben.page)).toEqual([]);
  await ben.context.setOffline(false);

  const other = await openTab(ben.context);
  guests.add(other);
  await openBoard(other.page, world.relay.url, board);
  await bell(other).waitFor({ timeout: 15_000 });
  await expect.poll(() => countOf(other)).toBe('');
  await openInbox(other);
  await other.page.getByText('This board is muted').waitFor();
  await other.page.getByTestId('inbox-rules').click();
  expect(await other.page.getByTestId('quiet-from').inputValue()).toBe('21:30');
  expect(await other.page.getByTestId('level-role').inputValue()).toBe('none');
  await mention(ana, benId, 'Two');
  await other.page.getByRole('button', { name: 'Back to the notifications' }).click();
  await new Promise((resolve) => setTimeout(resolve, 1_500)); // Longer than the relay takes to notify.
  expect(await other.page.getByTestId('notification').count()).toBe(1);
});

/** The answers of the relay to calls and pages about a conversation, without its id. */
async function answersTo({ page }: Person, id: string): Promise<string> {
  return page.evaluate(async (room) => {
    const { token } = JSON.parse(localStorage.getItem('wetink.token') ?? '{}') as { token?: string };
    const answers: string[] = [];
    for (const path of [`conversations/${room}`, `boards/${room}`, `boards/${room}/messages`]) {
      const answer = await fetch(`/v1/${path}`, { headers: { Authorization: `Bearer ${token}` } });
      answers.push(`${answer.status} ${(await answer.text()).replaceAll(room, 'ID')}`);
    }
    return answers.join('\n');
  }, id);
}

it('two people write to each other; a third learns nothing of it, with the id and without', async () => {
  const { ana } = await guests.owner();
  const link = await linkFor(ana, 'editor');
  await ana.page.keyboard.press('Escape');
  const ben = await guests.person('Ben', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, colorScheme: 'dark' });
  const cleo = await guests.person('Cleo');
  for (const person of [ben, cleo]) {
    await openByLink(person, link);
    await waitForChip(person.page, /./);
    await bell(person).waitFor({ timeout: 20_000 });
  }
  await bell(ana).waitFor();
  await ana.page.getByTestId('participants').click();
  await ana.page.getByTestId('participant').filter({ hasText: 'Ben' }).getByTestId('write-to').click();
  const talk = (person: Person) => person.page.getByTestId('conversation');
  await talk(ana).getByRole('heading', { name: 'Ben' }).waitFor();
  await talk(ana).getByTestId('chat-input').fill('Hello Ben, only for you');
  await talk(ana).getByTestId('chat-send').click();
  await talk(ana).getByTestId('chat-message').filter({ hasText: 'only for you' }).waitFor();
  expect(await seriousFaults(ana.page)).toEqual([]);

  await unread(ben, '1');
  await openInbox(ben);
  await ben.page.getByTestId('inbox-talks').click();
  await ben.page.getByTestId('conversation-row').filter({ hasText: 'only for you' }).waitFor();
  expect(await seriousFaults(ben.page)).toEqual([]);
  await ben.page.getByTestId('conversation-row').click();
  await talk(ben).getByTestId('chat-message').filter({ hasText: 'only for you' }).waitFor();
  await unread(ben, '');
  await talk(ana).getByText('Seen by Ben').waitFor();
  expect(await seriousFaults(ben.page)).toEqual([]);
  await ben.context.setOffline(true);
  await talk(ben).getByTestId('chat-input').fill('Hello Ana, from a tunnel');
  await talk(ben).getByTestId('chat-send').click();
  await talk(ben)
    .getByText(/^Offline: what you write is kept/)
    .waitFor({ timeout: 20_000 });
  await ben.context.setOffline(false);
  await talk(ana).getByTestId('chat-message').filter({ hasText: 'from a tunnel' }).waitFor({ timeout: 20_000 });

  // Searched as the chat of a board is.
  await talk(ana).getByTestId('chat-search').click();
  await talk(ana).getByTestId('chat-query').fill('a tunnel');
  await talk(ana).getByTestId('chat-result').filter({ hasText: 'from a tunnel' }).waitFor();
  expect(await talk(ana).getByTestId('chat-result').count()).toBe(1);
  expect(await seriousFaults(ana.page)).toEqual([]);
  await talk(ana).getByTestId('chat-query').press('Escape');
  await talk(ana).getByTestId('chat-query').waitFor({ state: 'detached' });
  await talk(ana).getByTestId('chat-search').click();
  await talk(ana).getByTestId('chat-query').fill('only for');
  await talk(ana).getByTestId('chat-result').click();
  await talk(ana).locator('.flash').filter({ hasText: 'only for you' }).waitFor();
  await talk(ana).getByRole('heading', { name: 'Ben' }).waitFor();

  const id = await ana.page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.startsWith('wetink.conversations.')) ?? '';
    return (JSON.parse(localStorage.getItem(key) ?? '[]') as { id: string }[])[0]?.id ?? '';
  });
  expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
  const nothing = await answersTo(cleo, 'A'.repeat(22));
  expect(nothing).toMatch(/^404 /);
  expect(await answersTo(cleo, id)).toBe(nothing);
  expect(await answersTo(ana, id)).not.toBe(nothing);
  await openInbox(cleo);
  await cleo.page.getByTestId('inbox-talks').click();
  await cleo.page.getByText('No conversations yet.').waitFor();
  await cleo.page.goto(`${world.relay.url}/b/${id}`);
  await cleo.page.getByTestId('error-notice').waitFor({ timeout: 20_000 });
  expect(await countOf(cleo)).toBe('');

  // Ben has heard enough.
  await talk(ben).getByTestId('block').click();
  await talk(ben)
    .getByText(/^You blocked this person/)
    .waitFor();
  await talk(ben).getByTestId('leave-conversation').click();
  await talk(ben).getByTestId('leave-now').waitFor();
  expect(await seriousFaults(ben.page)).toEqual([]);
  await talk(ben).getByTestId('leave-now').click();
  await talk(ben).waitFor({ state: 'detached' });
  await openInbox(ben);
  await ben.page.getByTestId('inbox-talks').click();
  await ben.page.getByText('No conversations yet.').waitFor();
});

it('a third person is added to a conversation, sees it, and the others read a quiet line', async () => {
  const { ana } = await guests.owner();
  const link = await linkFor(ana, 'editor');
  await ana.page.keyboard.press('Escape');
  const [ben, dan, cleo] = [await guests.person('Ben'), await guests.person('Dan'), await guests.person('Cleo')];
  for (const person of [ben, dan, cleo]) {
    await openByLink(person, link);
    await waitForChip(person.page, /^Saved/);
    await bell(person).waitFor({ timeout: 20_000 });
  }
  const talk = (person: Person) => person.page.getByTestId('conversation');
  const pick = (person: Person, name: string) => person.page.locator('label').filter({ hasText: name }).getByTestId('pick-person').check();
  await openInbox(ana);
  await ana.page.getByTestId('inbox-talks').click();
  await ana.page.getByTestId('new-conversation').click();
  for (const name of ['Ben', 'Dan']) await pick(ana, name);
  expect(await seriousFaults(ana.page)).toEqual([]);
  await ana.page.getByTestId('start-conversation').click();
  await talk(ana).getByTestId('chat-input').fill('Plans for three');
  await talk(ana).getByTestId('chat-send').click();
  await unread(ben, '1');
  await openInbox(ben);
  await ben.page.getByTestId('inbox-talks').click();
  await ben.page.getByTestId('conversation-row').filter({ hasText: 'Plans for three' }).click();
  await talk(ben).getByTestId('chat-message').filter({ hasText: 'Plans for three' }).waitFor();

  await talk(ana).getByTestId('add-people').click();
  await pick(ana, 'Cleo');
  // Those who are in it are not offered.
  expect(await talk(ana).getByTestId('pick-person').count()).toBe(1);
  expect(await seriousFaults(ana.page)).toEqual([]);
  await talk(ana).getByTestId('add-now').click();
  for (const person of [ana, ben])
    await talk(person).getByTestId('chat-coming').filter({ hasText: 'Cleo was added.' }).waitFor({ timeout: 15_000 });
  await talk(ben)
    .getByRole('heading', { name: / and 1 other$/ })
    .waitFor();

  await unread(cleo, '1');
  await openInbox(cleo);
  await cleo.page.locator('button[data-testid="notification"]').filter({ hasText: 'Ana added you to a conversation' }).click();
  await talk(cleo).getByTestId('chat-message').filter({ hasText: 'Plans for three' }).waitFor();
  expect(await seriousFaults(cleo.page)).toEqual([]);
  await talk(cleo).getByTestId('chat-input').fill('Hello, all of you');
  await talk(cleo).getByTestId('chat-send').click();
  await talk(ben).getByTestId('chat-message').filter({ hasText: 'Hello, all of you' }).waitFor({ timeout: 15_000 });

  // Closed by a key, it gives the focus back to the bell from which it was opened.
  await talk(cleo).getByTestId('chat-input').press('Escape');
  await talk(cleo).waitFor({ state: 'detached' });
  await expect.poll(() => bell(cleo).evaluate((element) => element === document.activeElement)).toBe(true);
  // With another page of theirs they leave; the page that is still open takes no message any more.
  await openInbox(cleo);
  await cleo.page.getByTestId('inbox-talks').click();
  await cleo.page.getByTestId('conversation-row').click();
  await talk(cleo).getByTestId('chat-message').first().waitFor();
  await talk(cleo).getByTestId('chat-input').fill('half a thought');
  await leaveBehindThePage(cleo);
  await talk(cleo).getByTestId('conversation-fact').getByText('You are not in this conversation any more.').waitFor({ timeout: 20_000 });
  // What they had begun can be read and copied, and not sent.
  expect(await talk(cleo).getByTestId('chat-input').isEditable()).toBe(false);
  expect(await talk(cleo).getByTestId('chat-input').inputValue()).toBe('half a thought');
  await talk(cleo).getByTestId('closed-draft').filter({ hasText: 'Your words were not sent' }).waitFor();
  expect(await seriousFaults(cleo.page)).toEqual([]);
});

it('a person is added by name to a closed board, by keys alone: their bell leads to it, with the role', async () => {
  const { ana } = await guests.owner();
  const link = await linkFor(ana, 'editor');
  const ben = await guests.person('Ben');
  await openByLink(ben, link);
  await waitForChip(ben.page, /^Saved/);
  await bell(ben).waitFor({ timeout: 20_000 });

  const { page } = ana;
  await page.goto(world.relay.url);
  const board = await guests.makeBoard(ana);
  await stroke(ana, 300);
  await waitForChip(page, /^Saved/);
  await share(ana);
  expect(await page.getByTestId('share-everyone').inputValue()).toBe('none');
  const button = page.getByTestId('invite-people');
  const focus = (testId: string) =>
    expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe(testId);
  await ana.context.setOffline(true);
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByText('The server can’t say now who is online. Try again in a moment.').waitFor({ timeout: 20_000 });
  await page.getByText('This device knows nobody to add.').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  // The dialog stays open.
  await focus('invite-people');
  await ana.context.setOffline(false);

  await page.keyboard.press('Enter');
  await page.getByTestId('pick-person').waitFor();
  await page.keyboard.press('Tab');
  await focus('find-person');
  await page.keyboard.type('be');
  await page.keyboard.press('Tab');
  await focus('pick-person');
  await page.keyboard.press('Space');
  expect(await seriousFaults(page)).toEqual([]);
  const size = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await seriousFaults(page)).toEqual([]);
  expect(await page.getByRole('dialog').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  if (size !== null) await page.setViewportSize(size);
  for (const key of ['Tab', 'Tab', 'ArrowDown', 'Shift+Tab', 'Enter']) await page.keyboard.press(key);
  await told(ana, /^Ben can view this board now\.$/);
  const row = page.getByTestId('shared-person').filter({ hasText: 'Ben' });
  expect(await row.getByTestId('person-role').inputValue()).toBe('viewer');
  await focus('invite-people');
  await page.keyboard.press('Enter');
  // Members are not offered.
  await page.getByText('Nobody you can add is online.').waitFor();

  await unread(ben, '1');
  await openInbox(ben);
  await ben.page.getByTestId('notification').filter({ hasText: 'Ana invited you to view' }).click();
  await ben.page.waitForURL(new RegExp(`/b/${board}`));
  await waitForChip(ben.page, /^View only/);
  await unread(ben, '');
});

/** Leaves the only conversation of a person as another device of theirs would. */
async function leaveBehindThePage({ page }: Person): Promise<void> {
  const status = await page.evaluate(async () => {
    const { token } = JSON.parse(localStorage.getItem('wetink.token') ?? '{}') as { token?: string };
    const headers = { Authorization: `Bearer ${token}` };
    const { conversations } = (await (await fetch('/v1/conversations', { headers })).json()) as { conversations: { id: string }[] };
    const answer = await fetch(`/v1/conversations/${conversations[0]?.id}`, { method: 'DELETE', headers });
    return answer.status;
  });
  expect(status).toBe(204);
}
