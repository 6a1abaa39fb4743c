/** Where people are the operator's: they come with a token of theirs, or are shown where to sign in. */
import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright';
import { createPerson, openTab, startRelay, useBrowser, waitForChip, type Person, type RelayProcess } from './harness.ts';
import { pngFile } from './image-files.ts';

const world = useBrowser();
const secret = 'f4d1c1c0b5f0e1d2c3b4a5968778695a';

/** The operator's page: gives a token to the person who is signed in there. */
let operator: Server;
let operatorUrl: string;
let relay: RelayProcess;
let signedIn: { id: string; name: string; picture?: string } | null = null;
/** Seconds that a token lasts. */
let ttlSeconds = 300;
let given = 0;

beforeAll(async () => {
  operator = createServer(({ headers, url }, response) => {
    if (url !== '/token') return void response.end('sign in here');
    response.setHeader('Access-Control-Allow-Origin', headers.origin ?? '');
    response.setHeader('Access-Control-Allow-Credentials', 'true');
    if (signedIn === null) return void response.writeHead(401).end();
    given += 1;
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ token: tokenOf(signedIn) }));
  });
  await new Promise<void>((resolve) => operator.listen(0, '127.0.0.1', resolve));
  operatorUrl = `http://127.0.0.1:${(operator.address() as AddressInfo).port}`;
  relay = await startRelay({
    WETINK_AUTH: 'tokens',
    WETINK_JWT_SECRET: secret,
    WETINK_JWT_ISSUER: 'operator',
    WETINK_JWT_AUDIENCE: 'boards',
    WETINK_TOKEN_URL: `${operatorUrl}/token`,
    WETINK_LOGIN_URL: `${operatorUrl}/login`,
    WETINK_IMAGE_ORIGINS: 'https://pictures.example',
  });
});
afterAll(async () => {
  await relay?.dispose();
  operator.closeAllConnections();
  await new Promise((resolve) => operator.close(resolve));
});

function tokenOf({ id, ...claims }: NonNullable<typeof signedIn>): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const exp = Math.floor(Date.now() / 1_000) + ttlSeconds;
  const head = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: id, ...claims, iss: 'operator', aud: 'boards', exp })}`;
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}

it('somebody who is not signed in is shown where, and is who the token says afterwards', async () => {
  signedIn = null;
  const ana = await createPerson(world.browser);
  await ana.page.goto(relay.url);
  expect(await ana.page.getByTestId('signed-out').getByTestId('sign-in').getAttribute('href')).toBe(`${operatorUrl}/login`);
  await ana.page.getByTestId('new-board').click();
  const notice = ana.page.getByTestId('error-notice').filter({ hasText: 'Please sign in to open this board.' });
  await notice.getByTestId('sign-in').waitFor();
  signedIn = { id: 'u-1', name: 'Ana of the operator' };
  await notice.getByRole('button', { name: 'Try again' }).click();
  // Made while nobody was signed in, and now theirs.
  await waitForChip(ana.page, /^Saved/);
  await ana.page.getByTestId('share').click();
  await ana.page.getByTestId('share-everyone').waitFor();
  await ana.page.keyboard.press('Escape');
  await ana.page.getByTestId('participants').click();
  expect(await ana.page.getByTestId('my-name').inputValue()).toBe('Ana of the operator');
  expect(await ana.page.getByTestId('my-name').getAttribute('readonly')).not.toBeNull();
  expect(ana.errors).toEqual([]);
  await ana.context.close();
});

it('on a shared computer: signing out in one tab is known in the other, and the next person is nobody but themselves', async () => {
  signedIn = { id: 'u-5', name: 'Ana' };
  const ana = await createPerson(world.browser);
  const { page } = ana;
  await page.goto(relay.url);
  await page.getByTestId('new-board').click();
  await waitForChip(page, /^Saved/);
  const other = await openTab(ana.context);
  await other.page.goto(relay.url);
  const nameIn = (tab: Page): Promise<string> => tab.getByTestId('my-name').inputValue();
  await expect.poll(() => nameIn(other.page)).toBe('Ana');

  signedIn = null;
  await page.goto(relay.url);
  await page.getByTestId('signed-out').waitFor();
  await other.page.getByTestId('signed-out').waitFor({ timeout: 10_000 });
  for (const tab of [page, other.page]) expect(await nameIn(tab)).not.toBe('Ana');
  expect(await other.page.evaluate(() => JSON.stringify(localStorage))).not.toContain('"u-5"');

  signedIn = { id: 'u-6', name: 'Ben' };
  await page.reload();
  await expect.poll(() => nameIn(page)).toBe('Ben');
  await expect.poll(() => nameIn(other.page)).toBe('Ben');
  expect(await other.page.getByTestId('signed-out').count()).toBe(0);
  expect([ana.errors, other.errors]).toEqual([[], []]);
  await ana.context.close();
});

it('a token that ends soon is replaced while the board is open, and not more often than it has to be', async () => {
  signedIn = { id: 'u-2', name: 'Ben' };
  // A relay lets clocks differ by half a minute, so 10 s are left: it asks for another after half of them.
  ttlSeconds = -20;
  const ben = await createPerson(world.browser);
  await ben.page.goto(relay.url);
  await ben.page.getByTestId('new-board').click();
  await waitForChip(ben.page, /^Saved/);
  const before = given;
  ttlSeconds = 300;
  await expect.poll(() => given, { timeout: 20_000 }).toBe(before + 1);
  await ben.page.waitForTimeout(1_000);
  expect(given).toBe(before + 1);
  await waitForChip(ben.page, /^Saved/);
  expect(ben.errors).toEqual([]);
  await ben.context.close();
});

it('the picture of a token is shown to others from a listed origin, without a referrer; one from elsewhere is asked of nobody', async () => {
  const { buffer } = pngFile('face.png', 96, 96);
  const asked: { url: string; referrer: string | undefined }[] = [];
  const enter = async (who: NonNullable<typeof signedIn>, address = `${relay.url}/`): Promise<Person> => {
    signedIn = who;
    const person = await createPerson(world.browser);
    await person.page.route(/^https:/, (route) => {
      asked.push({ url: route.request().url(), referrer: route.request().headers()['referer'] });
      return route.fulfill({ contentType: 'image/png', body: buffer });
    });
    await person.page.goto(address);
    return person;
  };
  const faces = ({ page }: Person): Promise<string[]> =>
    page
      .getByTestId('participants')
      .getByTestId('face')
      .evaluateAll((images) => images.map((image) => `${(image as HTMLImageElement).naturalWidth} ${(image as HTMLImageElement).src}`));

  const ana = await enter({ id: 'u-3', name: 'Ana', picture: 'https://pictures.example/ana.png' });
  await ana.page.getByTestId('new-board').click();
  await waitForChip(ana.page, /^Saved/);
  await expect.poll(() => faces(ana)).toEqual(['96 https://pictures.example/ana.png']);
  await ana.page.getByTestId('share').click();
  const shared = ana.page.waitForResponse((answer) => answer.request().method() === 'PATCH' && answer.ok());
  await ana.page.getByTestId('share-everyone').selectOption('editor');
  await shared;
  await ana.page.keyboard.press('Escape');
  // The picture is the operator's: nothing to choose here.
  await ana.page.getByTestId('participants').click();
  await ana.page.getByTestId('my-name').waitFor();
  expect(await ana.page.getByTestId('my-picture').count()).toBe(0);
  const cy = await enter({ id: 'u-4', name: 'Cy', picture: 'https://evil.example/cy.png' }, ana.page.url());
  await waitForChip(cy.page, /^Saved/);
  await expect.poll(() => faces(cy)).toEqual(['96 https://pictures.example/ana.png']);
  expect(asked.map(({ url }) => url).filter((url) => url !== 'https://pictures.example/ana.png')).toEqual([]);
  expect(asked.map(({ referrer }) => referrer).filter((referrer) => referrer !== undefined)).toEqual([]);
  expect([ana.errors, cy.errors]).toEqual([[], []]);
  await Promise.all([ana.context.close(), cy.context.close()]);
});
