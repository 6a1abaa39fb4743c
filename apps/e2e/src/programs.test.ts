/** Programs of a board in the share dialog: bots with tokens, and webhooks, for the owner. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seriousFaults } from './axe.ts';
import { share, useGuests } from './guests.ts';
import { useWorld, type Person } from './harness.ts';

const world = useWorld({ WETINK_AUTH: 'guests', WETINK_PRIVATE_TARGETS: 'allow' });
const guests = useGuests(world);

/** Texts of the messages that the webhook was sent. */
const received: string[] = [];
let receiver: Server;
let hook: string;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { kind, message } = JSON.parse(text) as { kind: string; message?: { text: string } };
      received.push(message?.text ?? kind);
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
afterAll(() => new Promise((resolve) => receiver.close(resolve)));

const post = (board: string, token: string, text: string): Promise<Response> =>
  fetch(`${world.relay.url}/v1/boards/${board}/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  });

/** Opens the section by its button, with the keyboard. */
async function openPrograms({ page }: Person): Promise<void> {
  await page.getByTestId('programs-toggle').focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('program-name').waitFor({ timeout: 15_000 });
}

const focusIsOn = (page: Page, testId: string): Promise<void> =>
  expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe(testId);

it('buttons of programs keep the focus while the relay answers, and are not pressed twice', { timeout: 120_000 }, async () => {
  const { ana } = await guests.owner();
  const { page } = ana;
  await openPrograms(ana);
  const asked: string[] = [];
  let release = (): void => undefined;
  await page.route(/\/v1\/boards\/[^/]+\/(bots|webhooks)/, async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    asked.push(
      new URL(route.request().url()).pathname
        .split('/')
        .slice(4)
        .join('/')
        .replace(/\/.*\//, '/'),
    );
    await new Promise<void>((resolve) => (release = resolve));
    return route.continue();
  });
  /** Presses it twice: the second time before the answer. */
  const pressTwice = async (testId: string): Promise<void> => {
    const before = asked.length;
    await page.getByTestId(testId).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => asked.length).toBe(before + 1);
    expect(await page.getByTestId(testId).isDisabled()).toBe(true);
    await page.keyboard.press('Enter');
    await focusIsOn(page, testId);
    release();
    await expect.poll(() => page.getByTestId(testId).isDisabled()).toBe(false);
    await focusIsOn(page, testId);
    expect(asked.length).toBe(before + 1);
  };
  await page.getByTestId('program-name').fill('Build');
  await pressTwice('program-add');
  await page.getByTestId('webhook-url').fill(hook);
  await pressTwice('webhook-add');
  await pressTwice('webhook-test');
  expect(asked).toEqual(['bots', 'webhooks', 'webhooks/test']);
  received.length = 0;
  await page.getByTestId('webhook-remove').focus();
  for (const key of ['Enter', 'Tab', 'Enter']) await page.keyboard.press(key);
  await expect.poll(() => page.getByTestId('webhook').count()).toBe(0);
  await focusIsOn(page, 'webhook-url');
});

it('a program that the owner adds posts to the chat with its token, until the owner ends it', { timeout: 120_000 }, async () => {
  const { ana, board } = await guests.owner();
  const { page } = ana;
  await openPrograms(ana);
  await page.getByTestId('program-name').fill('Build');
  await page.keyboard.press('Enter');
  const token = await page.getByTestId('program-token').inputValue();
  expect(token).toMatch(/^wetinkbot-/);
  expect(await page.getByTestId('program-example').innerText()).toContain(`Bearer ${token}`);
  expect(await page.getByTestId('program').innerText()).toContain('Build');
  expect(await seriousFaults(page)).toEqual([]);
  expect((await post(board, token, 'Build 12 is green')).status).toBe(201);
  await page.keyboard.press('Escape');
  await page.getByTestId('chat-toggle').click();
  const message = page.getByTestId('chat-message').filter({ hasText: 'Build 12 is green' });
  await message.waitFor();
  expect(await message.innerText()).toMatch(/Build[\s\S]*program/);

  // The token is not there any more when the dialog is opened anew.
  await page.reload();
  await share(ana);
  await openPrograms(ana);
  expect(await page.getByTestId('program-token').count()).toBe(0);
  // By keys: the question goes with the row, and the focus is where the next program is added.
  await page.getByTestId('program-end').focus();
  for (const key of ['Enter', 'Tab', 'Enter']) await page.keyboard.press(key);
  await expect.poll(() => page.getByTestId('program').count()).toBe(0);
  await focusIsOn(page, 'program-name');
  expect((await post(board, token, 'Build 13 is red')).status).toBe(401);
});

it('on a phone, in the dark: a webhook gets a test and a message, and its last answer shows', { timeout: 120_000 }, async () => {
  const { ana, board } = await guests.owner({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, colorScheme: 'dark' });
  const { page } = ana;
  await openPrograms(ana);
  await page.getByTestId('program-name').fill('Build');
  await page.getByTestId('program-add').tap();
  const token = await page.getByTestId('program-token').inputValue();
  await page.getByTestId('webhook-url').fill(hook);
  await page.getByTestId('webhook-kind-mention').check();
  await page.getByTestId('webhook-add').tap();
  expect(await page.getByTestId('webhook-secret').inputValue()).toMatch(/^whsec_/);
  // The token is still there: it may not be copied yet.
  expect(await page.getByTestId('program-token').inputValue()).toBe(token);
  const answer = page.getByTestId('webhook-answer');
  expect(await answer.innerText()).toBe('Nothing was sent yet.');
  await page.getByTestId('webhook-test').tap();
  await answer.filter({ hasText: 'Delivered just now, answered with 202.' }).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(await page.locator('.dialog').evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth)).toBe(0);
  await post(board, token, 'Build 14 is green');
  await expect.poll(() => received, { timeout: 15_000 }).toEqual(['test', 'Build 14 is green']);
  await page.reload();
  await share(ana);
  await openPrograms(ana);
  await answer.filter({ hasText: /Delivered .*answered with 202/ }).waitFor();
  await page.getByTestId('webhook-remove').tap();
  await page.getByTestId('ask-yes').tap();
  await expect.poll(() => page.getByTestId('webhook').count()).toBe(0);
});
