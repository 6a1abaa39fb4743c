/** `npm run dev`: one address with hot reload for the app, and boards that sync. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createPerson, draw, freePort, newBoardId, openBoard, useBrowser, waitForChip, waitForCount } from './harness.ts';

const opened = useBrowser();
const root = join(import.meta.dirname, '../../..');

it('npm run dev: two people see each other draw, and what they draw is saved', async () => {
  const data = await mkdtemp(join(tmpdir(), 'wetink-dev-'));
  const url = `http://localhost:${await freePort()}`;
  const dev = spawn(process.execPath, ['scripts/dev.mjs'], {
    cwd: root,
    stdio: 'ignore',
    env: { ...process.env, PORT: new URL(url).port, WETINK_DATA: data },
  });
  const ended = new Promise<number | null>((resolve) => dev.once('exit', resolve));
  onTestFinished(async () => {
    dev.kill('SIGTERM');
    await ended;
    await rm(data, { recursive: true, force: true });
  });
  await expect
    .poll(
      () =>
        fetch(`${url}/readyz`).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 60_000, interval: 200 },
    )
    .toBe(200);

  const [ana, ben] = [await createPerson(opened.browser), await createPerson(opened.browser)];
  const board = newBoardId();
  for (const { page } of [ana, ben]) await openBoard(page, url, board);
  await draw(ana.page, [
    [400, 300],
    [600, 400],
  ]);
  await waitForCount(ben.page, 1);
  await waitForChip(ana.page, /Saved/);
  expect([...ana.errors, ...ben.errors]).toEqual([]);

  dev.kill('SIGTERM');
  await ended;
  await expect(fetch(url)).rejects.toThrow();
});
