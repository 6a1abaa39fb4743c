/** The first minutes: a board is made and sent on, somebody comes to it, and both find it again. */
import { afterEach, describe, expect, it } from 'vitest';
import type { BrowserContextOptions } from 'playwright';
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
  it('a fresh board is a board while its maker is there, also in the middle of a stroke, and is listed at both homes', async () => {
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

  it('a fresh board is a board when its maker has left without drawing: the relay knows whose it is', async () => {
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

  it('Share has a link ready that one press copies, and a person who opens it draws along', async () => {
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
    // A board whose link was copied has a card at home, and so has a board that a person was invited to.
    expect(await cardsAtHome(ana, links.relay)).toBe(1);
    expect(await cardsAtHome(ben, links.relay)).toBe(1);
  });

  it('the link can be one for viewing; turned off, it stays off until it is asked for', async () => {
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

describe('M1: the card with my suggested name', () => {
  it('the card goes with the first stroke, and is shown on no other board and in no other tab afterwards', async () => {
    const ana = await person();
    await newBoard(ana, open.relay);
    await ana.page.getByTestId('hello').waitFor();
    await pickTool(ana.page, 'pen');
    await draw(ana.page, [
      [300, 300],
      [400, 340],
    ]);
    await ana.page.getByTestId('hello').waitFor({ state: 'detached' });
    await newBoard(ana, open.relay);
    await ana.page.getByTestId('empty-hint').waitFor();
    expect(await ana.page.getByTestId('hello').count()).toBe(0);
    // The name stays where it can be changed.
    await ana.page.getByTestId('participants').click();
    await ana.page.getByTestId('my-name').fill('Ana');
    await ana.page.getByTestId('my-name').press('Enter');
    await ana.page.getByTestId('my-name').waitFor();
  });

  it('the card never lies over what is drawn: a board with something under it opens without, and makes it go while it is shown', async () => {
    const [ana, ben] = [await person(), await person()];
    const address = await newBoard(ana, open.relay);
    await ana.page.getByTestId('hello').waitFor();
    const card = await ana.page.getByTestId('hello').boundingBox();
    if (card === null) throw new Error('the card has a place');
    const under = [card.x + card.width / 2, card.y + card.height / 2] as const;
    await ben.page.goto(`${address}#debug`);
    await boardReady(ben.page);
    await ben.page.getByTestId('hello').waitFor();
    // Drawn by somebody else, through the document, where the card is.
    await ben.page.evaluate(([x, y]) => {
      window.wetink?.board.run((edit) => {
        const style = { color: 'red', width: 4, fill: 'none', opacity: 1, fontSize: 24, font: 'sans' } as const;
        edit.create({ kind: 'rectangle', geometry: { x: x - 20, y: y - 20, w: 40, h: 40, rotation: 0 }, style });
      });
    }, under);
    await ana.page.getByTestId('hello').waitFor({ state: 'hidden' });
    await waitForChip(ben.page, /^Saved/);
    const cleo = await person();
    await cleo.page.goto(`${address}#debug`);
    await boardReady(cleo.page);
    await waitForCount(cleo.page, 1);
    await waitForChip(cleo.page, /^Saved/);
    await cleo.page.waitForTimeout(300); // Time to come up, if it would.
    expect(await cleo.page.getByTestId('hello').isVisible()).toBe(false);
  });

  it('the card goes when the chat opens over it', async () => {
    const ana = await person();
    await newBoard(ana, open.relay);
    await ana.page.getByTestId('hello').waitFor();
    await ana.page.getByTestId('chat-toggle').click();
    await ana.page.getByTestId('hello').waitFor({ state: 'detached' });
  });

  it('the card goes by itself after a while, but not while a person types in it', async () => {
    const ana = await person();
    await ana.page.clock.install();
    await newBoard(ana, open.relay);
    await ana.page.getByTestId('hello-name').focus();
    await ana.page.clock.runFor(60_000);
    expect(await ana.page.getByTestId('hello').isVisible()).toBe(true);
    await ana.page.getByTestId('board-canvas').focus();
    await ana.page.clock.runFor(25_000);
    await ana.page.getByTestId('hello').waitFor({ state: 'detached' });
  });
});

describe.each([
  { name: 'a desktop', options: {} },
  { name: 'a phone', options: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } },
])('on $name', ({ options }) => {
  it('M2: how many people are here is on the screen', async () => {
    const [ana, ben, cleo] = [await person(options), await person(), await person()];
    const address = await newBoard(ana, open.relay);
    await ben.page.goto(address);
    await cleo.page.goto(address);
    const count = ana.page.getByTestId('people-count');
    await count.filter({ hasText: /^3$/ }).waitFor();
    expect(await ana.page.getByTestId('participants').evaluate((node) => node.textContent)).toContain('3 people here');
    const [box, size] = [await count.boundingBox(), ana.page.viewportSize()];
    expect((box?.x ?? NaN) + (box?.width ?? NaN)).toBeLessThan(size?.width ?? 0);
  });

  it('M6: Share says what it is, and stands out', async () => {
    const ana = await person(options);
    await newBoard(ana, open.relay);
    const share = ana.page.getByRole('button', { name: 'Share', exact: true });
    expect(await share.isVisible()).toBe(true);
    const looks = await share.evaluate((node) => {
      const chat = document.querySelector('[data-testid=chat-toggle]');
      return [node, chat].map((one) => one !== null && getComputedStyle(one).backgroundColor);
    });
    expect(looks[0]).not.toBe(looks[1]);
  });
});

it('M7: the list of people says who owns the board and who can only view', async () => {
  const [ana, ben] = [await person(), await person()];
  const address = await newBoard(ana, open.relay);
  await ana.page.getByTestId('share').click();
  await ana.page.getByTestId('share-everyone').selectOption('viewer');
  await ana.page.keyboard.press('Escape');
  await ben.page.goto(address);
  await waitForChip(ben.page, /^View only/);
  await ben.page.getByTestId('participants').click();
  await ben.page
    .getByTestId('participant')
    .getByTestId('participant-standing')
    .filter({ hasText: /^Owner$/ })
    .waitFor();
  await ben.page
    .getByTestId('my-standing')
    .filter({ hasText: /^Can only view$/ })
    .waitFor();
  // A viewer is marked on their face, before any press.
  await ana.page.getByTestId('participants').getByTestId('viewer-badge').waitFor({ timeout: 10_000 });
  await ana.page.getByTestId('participants').click();
  await ana.page.getByTestId('participant-doing').filter({ hasText: 'Looking on' }).waitFor({ timeout: 10_000 });
  await ana.page
    .getByTestId('participant')
    .getByTestId('participant-standing')
    .filter({ hasText: /^Can only view$/ })
    .waitFor();
  await ana.page
    .getByTestId('my-standing')
    .filter({ hasText: /^Owner$/ })
    .waitFor();
});
