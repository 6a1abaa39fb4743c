/** Fields: input methods, losing the focus, and what was typed and not sent. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { boardReady, createPerson, newBoardId, openBoard, openTab, pickTool, useWorld, type Person } from './harness.ts';

const world = useWorld();

const titleOf = (page: Page): Promise<string | undefined> => page.evaluate(() => window.wetink?.board.title);
const saidOn = (page: Page): Promise<string[]> =>
  page.evaluate(
    () =>
      window.wetink?.board.doc
        .getArray<{ t: string }>('chat')
        .toArray()
        .map(({ t }) => t) ?? [],
  );
const nameIn = (page: Page): Promise<unknown> => page.evaluate(() => window.wetink?.room.awareness.getLocalState()?.['user']?.name);

/** A key that an input method has taken: 229 is all that the page learns of it. */
async function imeKey(ana: Person, key: 'Enter' | 'Escape'): Promise<void> {
  const cdp = await ana.context.newCDPSession(ana.page);
  for (const type of ['rawKeyDown', 'keyUp'] as const)
    await cdp.send('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode: type === 'keyUp' ? 13 : 229 });
  await cdp.detach();
}

/** Types a word with an input method; `end` ends the composition, before or after the key that does it, as browsers do. */
async function compose(ana: Person, key: 'Enter' | 'Escape', order: 'key first' | 'end first'): Promise<void> {
  const cdp = await ana.context.newCDPSession(ana.page);
  const end = async (): Promise<unknown> =>
    key === 'Enter'
      ? cdp.send('Input.insertText', { text: '日本' })
      : cdp.send('Input.imeSetComposition', { text: '', selectionStart: 0, selectionEnd: 0 });
  await cdp.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
  if (order === 'end first') await end();
  await imeKey(ana, key);
  if (order === 'key first') await end();
  await cdp.detach();
}

it('D12: keys of an input method send, keep, drop and close nothing, in any field and in any order of events', async () => {
  const ana = await createPerson(world.browser);
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  // Chromium and Firefox report the key before the composition ends, Safari after.
  for (const order of ['key first', 'end first'] as const) {
    await page.getByTestId('chat-toggle').click();
    for (const key of ['Enter', 'Escape'] as const) {
      await page.getByTestId('chat-input').focus();
      await compose(ana, key, order);
      expect(await page.getByTestId('chat-input').inputValue()).toContain('日本');
    }
    expect(await saidOn(page)).toEqual([]);
    await page.getByTestId('chat-input').fill('');
    await page.getByTestId('chat-toggle').click();

    await page.getByTestId('title').click();
    for (const key of ['Enter', 'Escape'] as const) {
      await compose(ana, key, order);
      expect(await page.getByTestId('title').inputValue()).toContain('日本');
    }
    expect(await titleOf(page)).toBe('');
    await page.keyboard.press('Escape');

    const before = await nameIn(page);
    await page.getByTestId('participants').click();
    await page.getByTestId('my-name').fill('');
    for (const key of ['Enter', 'Escape'] as const) {
      await page.getByTestId('my-name').focus();
      await compose(ana, key, order);
      expect(await page.getByTestId('my-name').inputValue()).toContain('日本');
    }
    expect(await nameIn(page)).toBe(before);
    await page.getByTestId('my-name').press('Escape');
    await page.keyboard.press('Escape');

    await pickTool(page, 'text');
    await page.mouse.click(600, order === 'key first' ? 300 : 500);
    await page.getByTestId('text-editor').waitFor();
    for (const key of ['Enter', 'Escape'] as const) {
      await compose(ana, key, order);
      expect(await page.getByTestId('text-editor').inputValue()).toContain('日本');
    }
    await page.keyboard.press('Escape');
    await page.getByTestId('text-editor').waitFor({ state: 'detached' });
  }
  // A dialog listens for Escape itself; and the fields' own keys still work.
  await page.getByTestId('share').click();
  await page.getByRole('dialog').waitFor();
  await imeKey(ana, 'Escape');
  expect(await page.getByRole('dialog').count()).toBe(1);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByTestId('chat-toggle').click();
  await page.getByTestId('chat-input').focus();
  await compose(ana, 'Enter', 'end first');
  await page.keyboard.press('Enter');
  await expect.poll(() => saidOn(page)).toEqual(['日本']);
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});

it('D13: a chat message that was not sent is there again after the drawer was closed and after a reload, on its board alone', async () => {
  const ana = await createPerson(world.browser);
  const { page } = ana;
  const board = newBoardId();
  await openBoard(page, world.relay.url, board);
  await page.getByTestId('chat-toggle').click();
  await page.getByTestId('chat-input').fill('see you at ');
  await page.keyboard.press('Escape');
  await page.getByTestId('chat-input').waitFor({ state: 'detached' });
  await page.getByTestId('chat-toggle').click();
  expect(await page.getByTestId('chat-input').inputValue()).toBe('see you at ');
  await page.reload();
  await boardReady(page);
  await page.getByTestId('chat-toggle').click();
  expect(await page.getByTestId('chat-input').inputValue()).toBe('see you at ');
  // Another tab of the same board has it too, until it is sent in one of them.
  const second = await openTab(ana.context);
  await openBoard(second.page, world.relay.url, board);
  await second.page.getByTestId('chat-toggle').click();
  expect(await second.page.getByTestId('chat-input').inputValue()).toBe('see you at ');
  await page.getByTestId('chat-input').press('End');
  await page.keyboard.type('six');
  await page.keyboard.press('Enter');
  await expect.poll(() => saidOn(second.page)).toEqual(['see you at six']);
  await expect.poll(() => second.page.getByTestId('chat-input').inputValue()).toBe('');
  await openBoard(page, world.relay.url, newBoardId());
  await page.getByTestId('chat-toggle').click();
  expect(await page.getByTestId('chat-input').inputValue()).toBe('');
  await ana.context.close();
});

it('D2: D13: half a title or a name is neither kept nor lost by leaving its field', async () => {
  const ana = await createPerson(world.browser);
  const { page } = ana;
  const board = newBoardId();
  await openBoard(page, world.relay.url, board);
  await page.getByTestId('title').click();
  await page.keyboard.type('Harb');
  await page.getByTestId('chat-toggle').click();
  await page.getByTestId('chat-input').focus();
  expect([await titleOf(page), await page.getByTestId('title').inputValue()]).toEqual(['', 'Harb']);
  await page.reload();
  await boardReady(page);
  expect([await titleOf(page), await page.getByTestId('title').inputValue()]).toEqual(['', 'Harb']);
  await page.getByTestId('title').press('End');
  await page.keyboard.type('our');
  await page.mouse.click(600, 400);
  await expect.poll(() => titleOf(page)).toBe('Harbour');
  // A field in which nothing was typed closes when it loses the focus.
  await page.getByTestId('title').click();
  await page.keyboard.press('Tab');
  expect(await page.getByTestId('title').evaluate((node) => node.tagName)).toBe('BUTTON');

  const before = await nameIn(page);
  await page.getByTestId('participants').click();
  await page.getByTestId('my-name').fill('Ann');
  await page.mouse.click(600, 400);
  await page.getByTestId('my-name').waitFor({ state: 'detached' });
  expect(await nameIn(page)).toBe(before);
  await page.getByTestId('participants').click();
  expect(await page.getByTestId('my-name').inputValue()).toBe('Ann');
  await page.getByTestId('my-name-keep').click();
  await expect.poll(() => nameIn(page)).toBe('Ann');
  expect(await page.getByTestId('my-name-keep').count()).toBe(0);

  await page.goto(world.relay.url);
  await page.getByTestId('open-input').fill('http://127.0.0.1/b/half');
  await page.reload();
  expect(await page.getByTestId('open-input').inputValue()).toBe('http://127.0.0.1/b/half');
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});

it('D12: Escape in the name takes back what was typed, and once more closes the list of people', async () => {
  const ana = await createPerson(world.browser);
  const { page } = ana;
  await openBoard(page, world.relay.url, newBoardId());
  await page.getByTestId('participants').click();
  const name = page.getByTestId('my-name');
  const before = await name.inputValue();
  await name.fill('Ann');
  await name.press('Escape');
  expect(await name.inputValue()).toBe(before);
  await name.press('Escape');
  await name.waitFor({ state: 'detached' });
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});
