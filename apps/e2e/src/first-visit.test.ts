/** The first minutes: a board is made and sent on, somebody comes to it, and both find it again. */
import { afterEach, describe, expect, it } from 'vitest';
import type { BrowserContextOptions } from 'playwright-core';
import {
  boardReady,
  createPerson,
  draw,
  pickTool,
  useWorld,
  waitForChip,
  waitForCount,
  type Person,
  type RelayProcess,
} from './harness.ts';

const open = useWorld();
const people: Person[] = [];

afterEach(async () => {
  for (const { context, errors } of people.splice(0)) {
    await context.close();
    expect(errors).toEqual([]);
  }
});

async function person(options: BrowserContextOptions = {}): Promise<Person> {
  const created = await createPerson(open.browser, options);
  people.push(created);
  return created;
}

/** "New board" at home, and its address without a link. */
async function newBoard({ page }: Person, relay: RelayProcess): Promise<string> {
  await page.goto(`${relay.url}/#debug`);
  await page.getByTestId('new-board').click();
  await page.waitForURL(/\/b\//);
  await waitForChip(page, /^Saved/);
  return page.url();
}

async function cardsAtHome({ page }: Person, relay: RelayProcess): Promise<number> {
  await page.goto(relay.url);
  await page.getByTestId('new-board').waitFor();
  return page.getByTestId('board-card').count();
}

describe('T3: a fresh board that somebody opens by its address', () => {
  it('is a board while its maker is there, also in the middle of a stroke, and is listed at both homes', async () => {
    const [ana, ben] = [await person(), await person()];
    const address = await newBoard(ana, open.relay);
    await pickTool(ana.page, 'pen');
    await ana.page.mouse.move(300, 300);
    await ana.page.mouse.down();
    await ana.page.mouse.move(400, 340, { steps: 5 });
    await ben.page.goto(`${address}#debug`);
    await waitForChip(ben.page, /^Saved/);
    await ben.page.getByTestId('empty-hint').filter({ hasText: 'A fresh sheet' }).waitFor();
    await ana.page.mouse.up();
    await boardReady(ben.page);
    await waitForCount(ben.page, 1);
    await waitForChip(ana.page, /^Saved/);
    expect(await cardsAtHome(ben, open.relay)).toBe(1);
    expect(await cardsAtHome(ana, open.relay)).toBe(1);
  });

  it('is a board when its maker has left without drawing: the relay knows whose it is', async () => {
    const [ana, ben] = [await person(), await person()];
    const address = await newBoard(ana, open.relay);
    await ana.page.goto('about:blank');
    await ben.page.goto(address);
    await ben.page.getByTestId('empty-hint').filter({ hasText: 'A fresh sheet' }).waitFor();
    expect(await cardsAtHome(ben, open.relay)).toBe(1);
  });
});

it('M5: a new board that nobody wrote on leaves no card; one with a name or a stroke does', async () => {
  const ana = await person();
  await newBoard(ana, open.relay);
  await newBoard(ana, open.relay);
  expect(await cardsAtHome(ana, open.relay)).toBe(0);
  await newBoard(ana, open.relay);
  await ana.page.getByTestId('title').click();
  await ana.page.keyboard.type('Harbour plan');
  await ana.page.keyboard.press('Enter');
  await waitForChip(ana.page, /^Saved/);
  expect(await cardsAtHome(ana, open.relay)).toBe(1);
  await newBoard(ana, open.relay);
  await pickTool(ana.page, 'rectangle');
  await draw(ana.page, [
    [300, 300],
    [420, 380],
  ]);
  await waitForChip(ana.page, /^Saved/);
  expect(await cardsAtHome(ana, open.relay)).toBe(2);
});

describe('T6: where nobody gets in without a link', () => {
  const links = useWorld({ WETINK_AUTH: 'guests' });
  const clipboard: BrowserContextOptions = { permissions: ['clipboard-read', 'clipboard-write'] };

  it('Share has a link ready that one press copies, and whoever has it draws along', async () => {
    const [ana, ben] = [await person(clipboard), await person()];
    await newBoard(ana, links.relay);
    await ana.page.getByRole('button', { name: 'Share' }).click();
    await ana.page.getByTestId('link-editor-copy').click();
    const link = await ana.page.evaluate(() => navigator.clipboard.readText());
    expect(link).toContain('#k=');
    await ben.page.goto(`${link}&debug`);
    await boardReady(ben.page);
    await waitForChip(ben.page, /^Saved/);
    await pickTool(ben.page, 'pen');
    await draw(ben.page, [
      [300, 300],
      [400, 340],
    ]);
    await waitForChip(ben.page, /^Saved/);
    // Sent on, so it is something to come back to; so is a board that one was invited to.
    expect(await cardsAtHome(ana, links.relay)).toBe(1);
    expect(await cardsAtHome(ben, links.relay)).toBe(1);
  });

  it('the link can be one to look; turned off it stays off until it is asked for', async () => {
    const [ana, ben] = [await person(clipboard), await person()];
    await newBoard(ana, links.relay);
    await ana.page.getByTestId('share').click();
    await ana.page.getByTestId('share-role').selectOption('viewer');
    const link = await ana.page.getByTestId('link-viewer-address').inputValue();
    await ben.page.goto(link);
    await waitForChip(ben.page, /^View only/);
    await ben.page.getByTestId('empty-hint').filter({ hasText: 'Nothing is drawn here yet.' }).waitFor();
    await ana.page.getByTestId('link-viewer-off').click();
    await ana.page.getByTestId('ask-yes').click();
    await ana.page.getByTestId('link-viewer-make').waitFor();
    await ana.page.keyboard.press('Escape');
    await ana.page.getByTestId('share').click();
    await ana.page.getByTestId('share-role').selectOption('viewer');
    await ana.page.getByTestId('link-viewer-make').click();
    expect(await ana.page.getByTestId('link-viewer-address').inputValue()).not.toBe(link);
  });

  it('the address out of the address bar lets nobody in, and says where the link is', async () => {
    const [ana, ben] = [await person(), await person()];
    const address = await newBoard(ana, links.relay);
    await ben.page.goto(address);
    await ben.page.getByTestId('error-notice').filter({ hasText: 'it is behind Share on their board' }).waitFor();
    expect(await cardsAtHome(ben, links.relay)).toBe(0);
  });
});

it('T6: where the address lets everybody draw, it is the link that Share offers; chosen to look, the address lets one look', async () => {
  const [ana, ben] = [await person(), await person()];
  const address = await newBoard(ana, open.relay);
  await ana.page.getByTestId('share').click();
  expect(await ana.page.getByTestId('share-link').inputValue()).toBe(address);
  await ana.page.getByTestId('share-role').selectOption('viewer');
  await expect.poll(() => ana.page.getByTestId('share-everyone').inputValue()).toBe('viewer');
  expect(await ana.page.getByTestId('share-link').inputValue()).toBe(address);
  await ben.page.goto(address);
  await waitForChip(ben.page, /^View only/);
});
