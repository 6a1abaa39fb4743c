/** Two people on one board: live strokes, late joiners, cursors, names, chat, own undo. */
import { afterEach, expect, it } from 'vitest';
import {
  boardContent,
  boardReady,
  countElements,
  createPerson,
  draw,
  newBoardId,
  openBoard,
  pickTool,
  useWorld,
  waitForChip,
  waitForCount,
  type Person,
} from './harness.ts';

const world = useWorld();
const people: Person[] = [];

afterEach(async () => {
  for (const person of people.splice(0)) {
    const { errors } = person;
    await person.context.close();
    expect(errors).toEqual([]);
  }
});

async function person(): Promise<Person> {
  const created = await createPerson(world.browser);
  people.push(created);
  return created;
}

async function two(): Promise<[Person, Person, string]> {
  const board = newBoardId();
  const ana = await person();
  const ben = await person();
  await openBoard(ana.page, world.relay.url, board);
  await openBoard(ben.page, world.relay.url, board);
  await waitForChip(ana.page, /^Saved/);
  return [ana, ben, board];
}

it('a new board opens from home and two people see each other draw within a second', async () => {
  const ana = await person();
  await ana.page.goto(`${world.relay.url}/#debug`);
  await ana.page.getByTestId('new-board').click();
  await ana.page.waitForURL(/\/b\/[A-Za-z0-9_-]{22}/);
  const address = new URL(ana.page.url());
  await openBoard(ana.page, world.relay.url, address.pathname.split('/').at(-1) ?? '');
  const ben = await person();
  await ben.page.goto(world.relay.url);
  await ben.page.getByTestId('open-input').fill(`${world.relay.url}${address.pathname}`);
  await ben.page.getByTestId('open-button').click();
  await ben.page.waitForURL(`**${address.pathname}`);
  await ben.page.goto(`${world.relay.url}${address.pathname}#debug`);
  await ben.page.reload();
  await boardReady(ben.page);
  await waitForChip(ben.page, /^Saved/);

  await pickTool(ana.page, 'pen');
  await draw(ana.page, [
    [400, 300],
    [500, 380],
    [600, 300],
  ]);
  await waitForCount(ben.page, 1, 1000);
  await pickTool(ben.page, 'rectangle');
  await draw(ben.page, [
    [300, 450],
    [420, 540],
  ]);
  await waitForCount(ana.page, 2, 1000);
  expect(await boardContent(ana.page)).toBe(await boardContent(ben.page));
  await waitForChip(ana.page, /^Saved/);
});

it('a stroke is seen while it is drawn, before the pen lifts, and leaves no ghost when it is abandoned', async () => {
  const [ana, ben] = await two();
  const clip = { x: 380, y: 280, width: 260, height: 140 };
  const empty = await ben.page.screenshot({ clip });
  await pickTool(ana.page, 'pen');
  await ana.page.mouse.move(400, 300);
  await ana.page.mouse.down();
  await ana.page.mouse.move(620, 400, { steps: 20 });
  await expect.poll(async () => (await ben.page.screenshot({ clip })).equals(empty), { timeout: 3000 }).toBe(false);
  expect(await countElements(ben.page)).toBe(0);
  await ana.page.mouse.up();
  await waitForCount(ben.page, 1, 1000);
});

it('a laser pointer is seen by the other person while it points, fades, and leaves nothing on the board and nothing to undo', async () => {
  const [ana, ben] = await two();
  // Away from the cursor at the end of the trail.
  const clip = { x: 420, y: 290, width: 100, height: 20 };
  const empty = await ben.page.screenshot({ clip });
  const isEmpty = async (): Promise<boolean> => (await ben.page.screenshot({ clip })).equals(empty);
  await ana.page.keyboard.press('k');
  await ana.page.mouse.move(400, 300);
  await ana.page.mouse.down();
  let x = 400;
  // Goes to and fro, since each part of the trail is there for a moment only.
  await expect
    .poll(async () => {
      x = x === 400 ? 620 : 400;
      await ana.page.mouse.move(x, 300, { steps: 10 });
      return isEmpty();
    })
    .toBe(false);
  await ana.page.mouse.up();
  await ana.page.mouse.move(400, 500);
  await expect.poll(isEmpty).toBe(true);
  expect([await countElements(ana.page), await countElements(ben.page)]).toEqual([0, 0]);
  expect(await ana.page.evaluate(() => window.wetink?.board.nextUndo)).toBeNull();
  await ana.page.getByRole('button', { name: 'More shapes and tools: Laser pointer' }).waitFor();
});

it('a late joiner sees all', async () => {
  const [ana, , board] = await two();
  await pickTool(ana.page, 'ellipse');
  for (const x of [300, 500, 700]) {
    await pickTool(ana.page, 'ellipse');
    await draw(ana.page, [
      [x, 250],
      [x + 100, 330],
    ]);
  }
  await waitForCount(ana.page, 3);
  await waitForChip(ana.page, /^Saved/);
  const cleo = await person();
  await openBoard(cleo.page, world.relay.url, board);
  await waitForCount(cleo.page, 3);
  expect(await boardContent(cleo.page)).toBe(await boardContent(ana.page));
});

it('everyone is counted and a cursor is gone within 3 s of leaving', async () => {
  const [ana, ben] = await two();
  await ana.page
    .getByTestId('participants')
    .filter({ hasText: /2 people/ })
    .waitFor();
  const clip = { x: 640, y: 340, width: 160, height: 80 };
  await ana.page.mouse.move(100, 700);
  const without = await ana.page.screenshot({ clip });
  await ben.page.mouse.move(690, 370, { steps: 5 });
  await expect.poll(async () => (await ana.page.screenshot({ clip })).equals(without), { timeout: 3000 }).toBe(false);
  people.splice(people.indexOf(ben), 1);
  await ben.context.close();
  await ana.page
    .getByTestId('participants')
    .filter({ hasText: /2 people/ })
    .waitFor({ state: 'hidden', timeout: 3000 });
  await expect.poll(async () => (await ana.page.screenshot({ clip })).equals(without), { timeout: 3500 }).toBe(true);
});

it('undo and redo touch only my own work, also after a reload and from another tab', async () => {
  const [ana, ben, board] = await two();
  await pickTool(ana.page, 'rectangle');
  await draw(ana.page, [
    [300, 250],
    [380, 320],
  ]);
  await waitForCount(ben.page, 1);
  await pickTool(ben.page, 'ellipse');
  await draw(ben.page, [
    [500, 250],
    [600, 320],
  ]);
  await waitForCount(ana.page, 2);
  await ana.page.keyboard.press('Control+z');
  await waitForCount(ben.page, 1);
  expect(await boardContent(ben.page)).toContain('ellipse');
  await ana.page.keyboard.press('Control+Shift+z');
  await waitForCount(ben.page, 2);

  await waitForChip(ana.page, /^Saved/);
  await ana.page.reload();
  await boardReady(ana.page);
  await waitForCount(ana.page, 2);
  await ana.page.getByTestId('undo').click();
  await waitForCount(ben.page, 1);
  expect(await boardContent(ben.page)).toContain('ellipse');
  await expect.poll(() => ana.page.getByTestId('undo').isDisabled()).toBe(true);

  const tab = await ana.context.newPage();
  await openBoard(tab, world.relay.url, board);
  await waitForCount(tab, 1);
  await tab.getByTestId('redo').click();
  await waitForCount(ben.page, 2);
  await waitForCount(ana.page, 2);
});

it('clearing asks first, and the person who cleared can undo it', async () => {
  const [ana, ben] = await two();
  await pickTool(ana.page, 'rectangle');
  await draw(ana.page, [
    [300, 250],
    [380, 320],
  ]);
  await pickTool(ben.page, 'rectangle');
  await draw(ben.page, [
    [500, 250],
    [580, 320],
  ]);
  await waitForCount(ana.page, 2);
  await ana.page.getByTestId('menu').click();
  await ana.page.getByTestId('clear-board').click();
  await ana.page.getByRole('alertdialog').getByRole('button', { name: /clear/i }).click();
  await waitForCount(ben.page, 0);
  await ana.page.keyboard.press('Control+z');
  await waitForCount(ben.page, 2);
});

it('chat has names, history, who is typing and an unread mark', async () => {
  const [ana, ben, board] = await two();
  await ana.page.getByTestId('chat-toggle').click();
  await ben.page.getByTestId('chat-toggle').click();
  await ana.page.getByTestId('chat-input').pressSequentially('Hello');
  await ben.page.getByText(/is typing/).waitFor({ timeout: 3000 });
  await ben.page.getByText(/is typing/).waitFor({ state: 'hidden', timeout: 5000 });
  await ana.page.getByTestId('chat-input').press('Enter');
  await ben.page.getByTestId('chat-message').filter({ hasText: 'Hello' }).waitFor({ timeout: 3000 });
  await ben.page.getByTestId('chat-toggle').click();
  await ana.page.getByTestId('chat-input').fill('Are you there?');
  await ana.page.getByTestId('chat-input').press('Enter');
  await ben.page.getByRole('button', { name: /unread/i }).waitFor({ timeout: 3000 });
  await waitForChip(ana.page, /^Saved/);
  const cleo = await person();
  await openBoard(cleo.page, world.relay.url, board);
  await cleo.page.getByTestId('chat-toggle').click();
  // The code of the chat comes after the first paint.
  await expect.poll(() => cleo.page.getByTestId('chat-message').count(), { timeout: 10_000 }).toBe(2);
});

it('renaming the board and typing text reach the other person', async () => {
  const [ana, ben] = await two();
  await ana.page.getByTestId('title').click();
  await ana.page.keyboard.press('Control+a');
  await ana.page.keyboard.type('Harbour plan');
  await ana.page.keyboard.press('Enter');
  await ben.page
    .getByTestId('title')
    .filter({ hasText: 'Harbour plan' })
    .waitFor({ timeout: 3000 })
    .catch(async () => {
      expect(await ben.page.getByTestId('title').inputValue()).toBe('Harbour plan');
    });
  await pickTool(ana.page, 'text');
  await ana.page.mouse.click(400, 300);
  await ana.page.keyboard.type('Two boats');
  await expect.poll(() => boardContent(ben.page)).toContain('Two boats');
  await ana.page.keyboard.press('Escape');
  await ana.page.keyboard.press('Control+z');
  await expect.poll(() => boardContent(ben.page)).not.toContain('Two boats');
});
