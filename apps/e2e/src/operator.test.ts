/** The operator page in a real browser: an admin on a desk, a support on a phone. */
import { createHmac } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright';
import { seriousFaults } from './axe.ts';
import { createPerson, startRelay, useBrowser, type RelayProcess } from './harness.ts';

const world = useBrowser();
const secret = 'f4d1c1c0b5f0e1d2c3b4a5968778695a';
const adminToken = '0123456789abcdef';
/** Kept for a look; see WETINK_SHOTS. */
const shots = process.env['WETINK_SHOTS'];
let relay: RelayProcess;

beforeAll(async () => {
  relay = await startRelay({
    WETINK_AUTH: 'tokens',
    WETINK_JWT_SECRET: secret,
    WETINK_JWT_ISSUER: 'operator',
    WETINK_JWT_AUDIENCE: 'boards',
    WETINK_ROLES_CLAIM: 'roles',
    WETINK_ADMIN_TOKEN: adminToken,
  });
});
afterAll(() => relay?.dispose());

function tokenOf(sub: string, name: string, roles: string[] = []): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const exp = Math.floor(Date.now() / 1_000) + 600;
  const head = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub, name, roles, iss: 'operator', aud: 'boards', exp })}`;
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}

async function ask(method: string, path: string, token: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${relay.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function shot(page: Page, name: string): Promise<void> {
  if (shots === undefined) return;
  await mkdir(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`) });
}

async function signIn(page: Page, token: string): Promise<void> {
  await page.goto(`${relay.url}/admin/`);
  await page.getByLabel(/^Admin token/).fill(token);
  await page.keyboard.press('Enter');
}

it('an admin finds a person, suspends them once asked, and erases a board; a wrong token gets a sentence', async () => {
  const ana = tokenOf('ana', 'Ana <b>of</b> the "operator"');
  const { board } = (await ask('POST', '/v1/boards', ana, {})).body as { board: { id: string } };
  for (let i = 0; i < 30; i++) await ask('POST', '/v1/boards', tokenOf(`user-${i}`, `Person ${i}`), {});
  const { page, errors, context } = await createPerson(world.browser);
  await signIn(page, 'wrong-token-wrong');
  await page.getByRole('alert').filter({ hasText: 'This is not the admin token' }).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByLabel(/^Admin token/).fill(adminToken);
  await page.keyboard.press('Enter');
  const rows = page.getByRole('row');
  await rows.nth(25).waitFor();
  expect(await rows.count()).toBe(26);
  await shot(page, 'people');
  await page.getByRole('button', { name: 'Next page' }).click();
  await expect.poll(() => rows.count()).toBe(7);
  await page.getByRole('searchbox').fill('<b>OF');
  await page.keyboard.press('Enter');
  await expect.poll(() => rows.count()).toBe(2);
  const person = rows.filter({ hasText: 'Ana <b>of</b>' });
  await person.getByRole('button', { name: 'Suspend' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.textContent()).toContain('Suspend Ana <b>of</b> the "operator" (ana)?');
  await shot(page, 'question');
  expect(await seriousFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  expect((await ask('GET', '/v1/me', ana)).status).toBe(200);
  await person.getByRole('button', { name: 'Suspend' }).click();
  await dialog.getByRole('button', { name: 'Suspend' }).click();
  await page.getByRole('status').filter({ hasText: 'is suspended' }).waitFor();
  expect((await ask('GET', '/v1/me', ana)).status).toBe(403);
  // A keyboard goes on at the row, or where the list is asked for again.
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '');
  await expect.poll(focused).toBe('End suspension');
  await person.getByRole('button', { name: 'End suspension' }).click();
  await dialog.getByRole('button', { name: 'End suspension' }).click();
  await page.getByRole('status').filter({ hasText: 'may come back' }).waitFor();
  expect((await ask('GET', '/v1/me', ana)).status).toBe(200);

  await page.getByRole('button', { name: 'Boards' }).click();
  await page.getByRole('searchbox').fill(board.id);
  await page.keyboard.press('Enter');
  await expect.poll(() => rows.count()).toBe(2);
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Erase' }).click();
  await dialog.getByRole('button', { name: 'Erase' }).click();
  await page.getByText('No board is found.').waitFor();
  await expect.poll(focused).toBe('Refresh');
  expect((await ask('GET', `/v1/rooms/${board.id}`, adminToken)).status).toBe(410);

  await page.getByRole('button', { name: 'Broadcast' }).click();
  await page.getByLabel('Text').fill('Back at <b>ten</b>');
  await page.getByLabel(/^Leave out/).fill('user-1\nuser-2');
  expect(await seriousFaults(page)).toEqual([]);
  await shot(page, 'broadcast');
  await page.getByRole('button', { name: 'Send to everyone' }).click();
  expect(await dialog.textContent()).toContain('“Back at <b>ten</b>”? Left out: 2 people.');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await page
    .getByRole('status')
    .filter({ hasText: /^Sent: 29 notifications written/ })
    .waitFor({ timeout: 20_000 });
  const notified = await ask('GET', '/v1/notifications', ana);
  expect(notified.body).toMatchObject({ notifications: [{ kind: 'custom', text: 'Back at <b>ten</b>' }] });
  expect((await ask('GET', '/v1/notifications', tokenOf('user-1', 'Person 1'))).body).toMatchObject({ notifications: [] });
  await page.getByLabel('Text').fill('x');
  await page.getByLabel(/^Link/).fill('javascript:alert(1)');
  await page.getByRole('button', { name: 'Send to everyone' }).click();
  await dialog.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('alert').filter({ hasText: 'Link must be an http, https or mailto address' }).waitFor();
  expect(await page.getByLabel('Text').inputValue()).toBe('x');
  // The token is in the tab: a reload keeps it, signing out removes it.
  await page.reload();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel(/^Admin token/).waitFor();
  expect(await page.evaluate(() => [sessionStorage.length, localStorage.length])).toEqual([0, 0]);
  expect(errors.filter((error) => !/40[03]/.test(error))).toEqual([]);
  await context.close();
});

it('a broadcast on plain http keeps its text and its key on another tab, and says how many people were not reached', async () => {
  const { page, errors, context } = await createPerson(world.browser);
  // As on a page at http://10.0.0.5: only localhost counts as secure without https.
  await page.addInitScript(() => Reflect.deleteProperty(Crypto.prototype, 'randomUUID'));
  const keys: (string | undefined)[] = [];
  const broadcast = { id: 'b', state: 'running', people: 900, written: 0, failed: 0 };
  await page.route(/\/v1\/broadcast/, async (route) => {
    const request = route.request();
    if (request.method() === 'GET')
      return route.fulfill({ json: { broadcast: { ...broadcast, state: 'done', written: 888, failed: 12 } } });
    keys.push(request.headers()['idempotency-key']);
    return keys.length === 1 ? route.abort() : route.fulfill({ json: { broadcast } });
  });
  await signIn(page, adminToken);
  const send = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Send to everyone' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  };
  await page.getByRole('button', { name: 'Broadcast' }).click();
  await page.getByLabel('Text').fill('Back at ten');
  await send();
  await page.getByRole('alert').filter({ hasText: 'The relay does not answer' }).waitFor();
  await page.getByRole('button', { name: 'Boards' }).click();
  await page.getByRole('searchbox').waitFor();
  await page.getByRole('button', { name: 'Broadcast' }).click();
  expect(await page.getByLabel('Text').inputValue()).toBe('Back at ten');
  await send();
  await page.getByRole('status').filter({ hasText: 'Sent: 888 notifications written' }).filter({ hasText: '; 12 not reached.' }).waitFor();
  expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), keys[0]]);
  expect(await page.getByLabel('Text').inputValue()).toBe('');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Send to everyone');
  await page.getByLabel('Text').fill('mine');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel(/^Admin token/).fill(adminToken);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Broadcast' }).click();
  expect(await page.getByLabel('Text').inputValue()).toBe('');
  expect(errors).toEqual([]);
  await context.close();
});

it('a support on a phone sees rows as cards and no button that changes anything, in light and dark, without faults of axe', async () => {
  const { page, errors, context } = await createPerson(world.browser, {
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    colorScheme: 'dark',
  });
  await signIn(page, tokenOf('sue', 'Sue', ['support']));
  await page.getByRole('row').nth(3).waitFor();
  await shot(page, 'phone-people');
  for (const name of ['People', 'Boards', 'Open rooms', 'Connections']) {
    await page.getByRole('button', { name, exact: true }).click();
    await page.getByRole('heading', { name, exact: true }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await seriousFaults(page), name).toEqual([]);
    expect(await page.getByRole('button', { name: /Suspend|Send away|Erase|Broadcast/ }).count(), name).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBe(360);
  }
  await shot(page, 'phone-connections');
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Boards', exact: true }).click();
  await page.getByRole('row').nth(3).waitFor();
  await shot(page, 'phone-boards');
  expect(errors).toEqual([]);
  await context.close();
});
