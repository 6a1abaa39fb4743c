/** Rights, as people meet them: an owner, a person who came by a link, and a person who did not. */
import { describe, expect, it } from 'vitest';
import { seriousFaults } from './axe.ts';
import { linkFor, openByLink, share, stroke, told, useGuests } from './guests.ts';
import {
  boardReady,
  countElements,
  createPerson,
  draw,
  openBoard,
  pickTool,
  startRelay,
  useWorld,
  waitForChip,
  waitForCount,
  type Person,
  useServiceWorkers,
} from './harness.ts';
import { createLink } from './link.ts';

useServiceWorkers();

const world = useWorld({ WETINK_AUTH: 'guests' });
const guests = useGuests(world);
const { person, makeBoard, owner } = guests;

function textsOf({ page }: Person): Promise<string[]> {
  return page.evaluate(() => window.wetink?.board.elements().map((element) => element.text ?? '') ?? []);
}

describe('somebody who came to look', () => {
  it('a viewer sees the board and can change nothing on it in any way', async () => {
    const { ana } = await owner();
    const link = await linkFor(ana, 'viewer');
    const ben = await person('Ben');
    await openByLink(ben, link);
    await waitForCount(ben.page, 1);
    await waitForChip(ben.page, /^View only/);
    expect(new URL(ben.page.url()).hash).toBe('#debug');

    await ben.page.getByTestId('view-only').waitFor();
    for (const tool of ['pen', 'eraser', 'rectangle', 'text', 'keep'])
      expect(await ben.page.getByTestId(`tool-${tool}`).isDisabled()).toBe(true);
    for (const tool of ['select', 'hand', 'zoom']) {
      const id = tool === 'zoom' ? 'zoom-in' : `tool-${tool}`;
      expect(await ben.page.getByTestId(id).isEnabled()).toBe(true);
    }
    expect(await ben.page.getByTestId('undo').isDisabled()).toBe(true);
    expect(await ben.page.getByTestId('title').evaluate((node) => node.tagName)).toBe('SPAN');
    expect(await ben.page.getByTestId('style-panel').count()).toBe(0);
    await ben.page.getByTestId('board-canvas').focus();
    for (const key of ['p', 'Control+a', 'Delete', 'Control+d', 'ArrowRight', 'Control+z', 'r', 'Enter'])
      await ben.page.keyboard.press(key);
    await told(ben, /^You can only view this board\.$/);
    expect(await ben.page.getByTestId('toast').count()).toBe(1);
    await draw(ben.page, [
      [450, 310],
      [500, 500],
    ]);
    await ben.page.getByTestId('chat-toggle').click();
    expect(await ben.page.getByTestId('chat-input').isDisabled()).toBe(true);
    await waitForChip(ben.page, /^View only$/);
    expect(await countElements(ana.page)).toBe(1);
    expect(await ben.page.evaluate(() => window.wetink?.room.keptCopies().then((copies) => copies.length))).toBe(0);
  });

  it('a viewer who is given the pen while looking draws', async () => {
    const { ana } = await owner();
    const ben = await person('Ben');
    await openByLink(ben, await linkFor(ana, 'viewer'));
    await waitForChip(ben.page, /^View only/);
    await ana.page.getByTestId('shared-person').filter({ hasText: 'Ben' }).getByTestId('person-role').selectOption('editor');
    await told(ben, /^You can draw on this board now\.$/);
    await stroke(ben, 450);
    await waitForChip(ben.page, /^Saved/);
    await waitForCount(ana.page, 2);
  });
});

it('the pen is taken from a person who draws: what was saved stays, the rest is a kept copy, and nothing more arrives', async () => {
  const { ana } = await owner();
  const ben = await person('Ben');
  await openByLink(ben, await linkFor(ana, 'editor'));
  await stroke(ben, 400);
  await waitForChip(ben.page, /^Saved/);
  await waitForCount(ana.page, 2);
  await pickTool(ben.page, 'pen');
  await ben.page.mouse.move(300, 500);
  await ben.page.mouse.down();
  await ben.page.mouse.move(500, 560, { steps: 10 });
  await ana.page.getByTestId('person-role').selectOption('viewer');
  await waitForChip(ben.page, /^1 change not saved/);
  await ben.page.mouse.move(600, 500, { steps: 10 });
  await ben.page.mouse.up();
  await told(ben, /^You can only view this board now\. Ana changed it\.$/);
  await waitForCount(ben.page, 2);
  // On a phone the notice and the toast are at the top, one below the other.
  const size = ben.page.viewportSize();
  await ben.page.setViewportSize({ width: 360, height: 740 });
  await ben.page.waitForFunction(() => {
    const [notice, toast] = ['kept-notice', 'toast'].map((id) => document.querySelector(`[data-testid=${id}]`)?.getBoundingClientRect());
    return notice !== undefined && toast !== undefined && toast.top >= notice.bottom;
  });
  if (size !== null) await ben.page.setViewportSize(size);
  const kept = await ben.page.evaluate(() =>
    window.wetink?.room.keptCopies().then((copies) => copies.map(({ changes, code }) => [changes, code])),
  );
  expect(kept).toEqual([[1, 'READ_ONLY']]);

  // The copy can be looked at and discarded; then Ben is a viewer like any other.
  await ben.page.getByTestId('kept-notice').getByRole('button', { name: 'Look' }).click();
  await ben.page.getByRole('dialog', { name: 'Not saved' }).getByRole('button', { name: 'Discard' }).click();
  await waitForChip(ben.page, /^View only$/);
  await draw(ben.page, [
    [300, 600],
    [500, 600],
  ]);
  await ben.page.reload();
  await boardReady(ben.page);
  await waitForCount(ben.page, 2);
  expect(await countElements(ana.page)).toBe(2);
});

it('the pen is taken from a person who types: their words stay, and the box closes', async () => {
  const { ana } = await owner();
  const ben = await person('Ben');
  await openByLink(ben, await linkFor(ana, 'editor'));
  await pickTool(ben.page, 'text');
  await ben.page.mouse.click(500, 500);
  await ben.page.getByTestId('text-editor').waitFor();
  await ben.page.keyboard.type('two boats');
  await waitForCount(ana.page, 2);
  await expect.poll(() => textsOf(ana)).toContain('two boats');
  await waitForChip(ben.page, /^Saved/);
  await ana.page.getByTestId('person-role').selectOption('viewer');
  await told(ben, /^You can only view this board now\. Ana changed it\.$/);
  await ben.page.getByTestId('text-editor').waitFor({ state: 'detached' });
  await ben.page.keyboard.type('nothing of this');
  await waitForChip(ben.page, /^View only$/);
  expect(await textsOf(ben)).toContain('two boats');
  expect(await textsOf(ana)).toContain('two boats');
});

it('a person is removed while they write in the chat and in a text: all of their words stay, and the page goes on', async () => {
  const { ana } = await owner();
  const ben = await person('Ben');
  const { page } = ben;
  await openByLink(ben, await linkFor(ana, 'editor'));
  await waitForChip(page, /^Saved/);
  await page.getByTestId('chat-toggle').click();
  const field = page.getByTestId('chat-input');
  await field.fill('half a thought');
  await pickTool(page, 'text');
  await page.mouse.click(500, 500);
  await page.getByTestId('text-editor').waitFor();
  await page.keyboard.type('two boats');
  await expect.poll(() => textsOf(ana)).toContain('two boats');
  await ana.page.getByTestId('person-more').click();
  await ana.page.getByTestId('person-remove').click();
  await ana.page.getByTestId('ask-yes').click();
  await page.keyboard.type(' and a third');
  await page.getByTestId('error-notice').filter({ hasText: 'You can’t open this board any more.' }).waitFor({ timeout: 10_000 });
  await page.getByTestId('text-editor').waitFor({ state: 'detached' });
  // What was typed before the removal was known stays as well: the letters after it go nowhere.
  const [text] = (await textsOf(ben)).filter((one) => one.startsWith('two boats'));
  expect('two boats and a third').toContain(text);
  await page.keyboard.type('nothing of this');
  expect(await textsOf(ben)).toContain(text);

  // The draft can be read and copied, and is not sent.
  await page.getByTestId('closed-draft').filter({ hasText: 'You can’t write here any more. Your words were not sent' }).waitFor();
  expect(await field.inputValue()).toBe('half a thought');
  await field.press('Control+a');
  const isChosen = await field.evaluate((node: HTMLTextAreaElement) => node === document.activeElement && node.selectionEnd > 0);
  expect(isChosen, 'a keyboard reaches it').toBe(true);
  await field.press('Enter');
  await field.press('x');
  expect(await field.inputValue()).toBe('half a thought');
  expect(await page.getByTestId('chat-message').count()).toBe(0);
  expect(await seriousFaults(page)).toEqual([]);
  await ben.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByTestId('closed-draft-copy').click();
  await told(ben, /^The words are in the clipboard\.$/);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('half a thought');
  await page.reload();
  await page.getByTestId('chat-toggle').click();
  await page.getByTestId('closed-draft').waitFor({ timeout: 15_000 });
  expect(await field.inputValue()).toBe('half a thought');
});

describe('links', () => {
  it('a link that was replaced opens nothing any more, and shuts out people who came by it', async () => {
    const { ana, board } = await owner();
    const old = await linkFor(ana, 'editor');
    const ben = await person('Ben');
    await openByLink(ben, old);
    await waitForChip(ben.page, /^Saved/);
    await ana.page.getByTestId('link-editor-new').click();
    await ana.page.getByTestId('ask-no').click();
    expect(await linkFor(ana, 'editor')).toBe(old);
    await ana.page.getByTestId('link-editor-new').click();
    await ana.page.getByTestId('ask-yes').click();
    await expect.poll(() => linkFor(ana, 'editor')).not.toBe(old);
    await ben.page.getByTestId('error-notice').filter({ hasText: 'You can’t open this board any more.' }).waitFor({ timeout: 10_000 });

    const cleo = await person('Cleo');
    await cleo.page.goto(old);
    await cleo.page.getByTestId('error-notice').filter({ hasText: 'This link no longer opens this board.' }).waitFor({ timeout: 10_000 });
    expect(new URL(cleo.page.url()).hash).toBe('');
    // The new link, pasted on the home page, opens the board, also for a person who was shut out.
    const link = await linkFor(ana, 'editor');
    await cleo.page.goto(world.relay.url);
    await cleo.page.getByTestId('open-input').fill(link);
    await cleo.page.getByTestId('open-button').click();
    await waitForChip(cleo.page, /^Saved/);
    expect(cleo.page.url()).toBe(`${world.relay.url}/b/${board}`);
    // On the page of the very board that is shut.
    await ben.page.evaluate((hash) => void (location.hash = hash), new URL(link).hash);
    await waitForChip(ben.page, /^Saved/);
    expect(new URL(ben.page.url()).hash).toBe('');
  });

  it('a link that is turned off shuts people out; the address alone opens as much as the owner says', async () => {
    const { ana, board } = await owner();
    const ben = await person('Ben');
    await openByLink(ben, await linkFor(ana, 'viewer'));
    await waitForChip(ben.page, /^View only/);
    await ana.page.getByTestId('link-viewer-off').click();
    await ana.page.getByTestId('ask-yes').click();
    await ben.page.getByTestId('error-notice').waitFor({ timeout: 10_000 });
    await ana.page.getByTestId('share-everyone').selectOption('editor');
    expect(await ana.page.getByTestId('share-link').inputValue()).toBe(`${world.relay.url}/b/${board}`);
    await ben.page.getByRole('button', { name: 'Try again' }).click();
    await waitForChip(ben.page, /^Saved/);
    await ana.page.getByTestId('share-everyone').selectOption('none');
    await ben.page.getByTestId('error-notice').waitFor({ timeout: 10_000 });
  });
});

it('a person who is removed keeps what they have, and no link lets them in again until they are given a role', async () => {
  const { ana } = await owner();
  const link = await linkFor(ana, 'editor');
  const ben = await person('Ben');
  await openByLink(ben, link);
  await waitForCount(ben.page, 1);
  await ana.page.getByTestId('person-more').click();
  await ana.page.getByTestId('person-remove').click();
  await ana.page.keyboard.press('Escape');
  expect(await ana.page.getByTestId('ask').count()).toBe(0);
  await ana.page.getByTestId('person-remove').click();
  await ana.page.getByTestId('ask-yes').click();
  const notice = ben.page.getByTestId('error-notice');
  await notice.filter({ hasText: 'What you have of it on this device stays' }).waitFor({ timeout: 10_000 });
  expect(await countElements(ben.page)).toBe(1);
  const download = ben.page.waitForEvent('download');
  await notice.getByRole('button', { name: 'Save as a file' }).click();
  await download;
  expect(await ben.page.getByTestId('tool-pen').isDisabled()).toBe(true);

  await ben.page.goto('about:blank');
  await openByLink(ben, link);
  await ben.page.getByTestId('error-notice').waitFor({ timeout: 10_000 });
  await waitForCount(ben.page, 1);
  await ana.page.getByTestId('person-role').selectOption('viewer');
  await ben.page.getByRole('button', { name: 'Try again' }).click();
  await waitForChip(ben.page, /^View only/);
});

it('a board is passed on: the new owner shares it, the old one draws', async () => {
  const { ana } = await owner();
  const ben = await person('Ben');
  await openByLink(ben, await linkFor(ana, 'viewer'));
  await waitForChip(ben.page, /^View only/);
  await ana.page.getByTestId('person-more').click();
  await ana.page.getByTestId('person-owner').click();
  await ana.page.getByTestId('ask-yes').click();
  await told(ben, /^This board is yours now\.$/);
  await told(ana, /^Ben owns this board now\. You can still draw\.$/);
  await ana.page.getByText('Ben owns this board. You can draw on it.').waitFor();
  await share(ben);
  await ben.page.getByTestId('shared-person').filter({ hasText: 'Ana' }).waitFor();
  await ana.page.keyboard.press('Escape');
  await stroke(ana, 450);
  await waitForCount(ben.page, 2);
});

it('identity, ownership and undo survive a reload, and a new name reaches the other person at once', async () => {
  const { ana } = await owner();
  const ben = await person('Ben');
  await openByLink(ben, await linkFor(ana, 'editor'));
  await ana.page.reload();
  await boardReady(ana.page);
  await waitForCount(ana.page, 1);
  await waitForChip(ana.page, /^Saved/);
  await share(ana);
  await ana.page.keyboard.press('Escape');
  await ana.page.getByTestId('undo').click();
  await waitForCount(ben.page, 0);

  await ana.page.getByTestId('participants').click();
  await ana.page.getByTestId('my-name').fill('Anna');
  await ana.page.getByTestId('my-name').press('Enter');
  await ben.page.getByTestId('participants').click();
  await ben.page.getByTestId('participant').filter({ hasText: 'Anna' }).waitFor({ timeout: 10_000 });
});

it('a board made without a network is its maker’s once there is one; a link opened without one opens then', async () => {
  const relay = await startRelay({ WETINK_AUTH: 'guests' });
  const line = await createLink(relay.port);
  const ana = await createPerson(world.browser);
  const ben = await createPerson(world.browser);
  guests.add(ana, ben);
  try {
    for (const { page } of [ana, ben]) {
      await page.goto(line.url);
      await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    }
    line.cut();
    await ana.page.getByTestId('new-board').click();
    await ana.page.waitForURL(/\/b\//);
    await stroke(ana, 300);
    await waitForChip(ana.page, /Offline: \d changes? kept on this device/);
    await ana.page.reload();
    await waitForChip(ana.page, /Offline: \d changes? kept on this device/);
    line.mend();
    await waitForChip(ana.page, /^Saved/, 30_000);
    await share(ana);
    const link = await linkFor(ana, 'viewer');

    line.cut();
    await ben.page.goto(`${link}&debug`);
    await ben.page.getByTestId('board-canvas').waitFor();
    await waitForChip(ben.page, /Offline/);
    expect(new URL(ben.page.url()).hash).toBe('#debug');
    await ben.page.reload();
    line.mend();
    await waitForChip(ben.page, /^View only/, 30_000);
    await waitForCount(ben.page, 1);
  } finally {
    await line.close();
    await relay.dispose();
  }
});

describe('M8: the owner deletes a board', () => {
  it('the owner deletes a board from its menu: others read at once that it was deleted and keep their copy, also those who come later; it leaves home', async () => {
    const { ana, board } = await owner();
    const link = await linkFor(ana, 'editor');
    await ana.page.keyboard.press('Escape');
    const ben = await person('Ben');
    await openByLink(ben, link);
    await waitForCount(ben.page, 1);
    await ben.page.getByTestId('menu').click();
    await ben.page.getByTestId('clear-board').waitFor();
    expect(await ben.page.getByTestId('delete-board').count()).toBe(0);
    await ben.page.keyboard.press('Escape');

    await ana.page.getByTestId('menu').click();
    await ana.page.getByTestId('delete-board').click();
    await ana.page.getByTestId('delete-dialog').filter({ hasText: 'cannot be undone' }).waitFor();
    expect(await seriousFaults(ana.page)).toEqual([]);
    await ana.page.getByTestId('delete-no').click();
    expect(await countElements(ana.page)).toBe(1);
    await ana.page.getByTestId('menu').click();
    await ana.page.getByTestId('delete-board').click();
    await ana.page.getByTestId('delete-yes').click();
    await ana.page.waitForURL(`${world.relay.url}/`);
    await told(ana, /is deleted for everybody/);
    expect(await ana.page.getByTestId('board-card').count()).toBe(0);
    const databases = await ana.page.evaluate(() => indexedDB.databases().then((all) => all.map(({ name }) => name)));
    expect(databases).not.toContain(board);

    await waitForChip(ben.page, /^Deleted$/);
    const notice = ben.page.getByTestId('error-notice').filter({ hasText: 'This board was deleted.' });
    await notice.filter({ hasText: 'What you have of it on this device stays' }).waitFor();
    expect(await notice.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    expect(await countElements(ben.page)).toBe(1);
    await ben.page.goto('about:blank');
    await openBoard(ben.page, world.relay.url, board);
    await waitForChip(ben.page, /^Deleted$/);
    const cleo = await person('Cleo');
    await cleo.page.goto(link);
    await cleo.page.getByTestId('error-notice').filter({ hasText: 'This board was deleted.' }).waitFor();
  });

  it('the owner deletes a board from its card at home; without a connection it stays and the dialog says why; others have no such button', async () => {
    const { ana, board } = await owner();
    const shared = await linkFor(ana, 'viewer');
    const ben = await person('Ben');
    await openByLink(ben, shared);
    await waitForCount(ben.page, 1);
    await ben.page.goto(world.relay.url);
    await ben.page.getByTestId('card-menu').click();
    await ben.page.getByTestId('card-remove').waitFor();
    expect(await ben.page.getByTestId('card-delete').count()).toBe(0);

    await ana.page.goto(world.relay.url);
    await ana.page.getByTestId('card-menu').click();
    await ana.page.getByTestId('card-remove').click();
    await ana.page.getByTestId('board-card').waitFor({ state: 'detached' });
    await ana.page.getByTestId('toast').getByRole('button', { name: 'Undo' }).click();
    await ana.page.context().setOffline(true);
    await ana.page.getByTestId('card-menu').focus();
    await ana.page.keyboard.press('Enter');
    await ana.page.getByTestId('card-delete').click();
    await ana.page.getByTestId('delete-yes').click();
    await ana.page.getByTestId('delete-problem').filter({ hasText: 'Deleting needs a connection' }).waitFor();
    await ana.page.context().setOffline(false);
    await ana.page.getByTestId('delete-yes').click();
    await ana.page.getByTestId('board-card').waitFor({ state: 'detached' });
    await ana.page.goto(`${world.relay.url}/b/${board}`);
    await waitForChip(ana.page, /^Deleted$/);
  });
});

describe.each([
  { name: 'light', options: {} },
  { name: 'dark', options: { colorScheme: 'dark' as const } },
  { name: 'phone', options: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } },
])('axe finds no serious fault, $name', ({ options }) => {
  it('in the share dialog, on a board to look at, and at a shut door', async () => {
    const ana = await person('Ana', options);
    const board = await makeBoard(ana);
    await share(ana);
    const link = await linkFor(ana, 'viewer');
    await linkFor(ana, 'editor');
    const ben = await person('Ben', options);
    await openByLink(ben, link);
    await waitForChip(ben.page, /^View only/);
    expect(await seriousFaults(ben.page)).toEqual([]);
    await ana.page.getByTestId('person-more').click();
    expect(await seriousFaults(ana.page)).toEqual([]);
    await ana.page.getByTestId('person-remove').click();
    expect(await seriousFaults(ana.page)).toEqual([]);
    const dialog = await ana.page.getByRole('dialog').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(dialog).toBe(0);
    const cleo = await person('Cleo', options);
    await cleo.page.goto(`${world.relay.url}/b/${board}`);
    await cleo.page.getByTestId('error-notice').waitFor();
    expect(await seriousFaults(cleo.page)).toEqual([]);
  });
});
