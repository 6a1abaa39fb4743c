/** Two people on two relays behind nginx, over wss: they draw together, and go on together when one relay is killed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster, type Cluster } from '@wetink/infra/cluster';
import { findMongo } from '@wetink/storage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  boardContent,
  boardReady,
  createPerson,
  draw,
  newBoardId,
  openBoard,
  useBrowser,
  waitForChip,
  waitForCount,
  type Person,
} from './harness.ts';

const hasMongo = findMongo() !== null;
const title = hasMongo ? 'two relays behind nginx' : 'two relays behind nginx (not run: no MongoDB for tests, see scripts/mongo.mjs)';

describe.skipIf(!hasMongo)(title, () => {
  const world = useBrowser();
  let folder: string;
  let cluster: Cluster;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wetink-e2e-cluster-'));
    cluster = await startCluster({ relays: 2, folder });
  });
  afterAll(async () => {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** People on a board, by the relay that has their connection; 0 where none answers. */
  async function peopleOn(board: string): Promise<number[]> {
    const headers = { authorization: `Bearer ${cluster.adminToken}` };
    const answers = cluster.relays.map(async ({ httpUrl }) => {
      const { here } = (await (await fetch(`${httpUrl}/v1/rooms/${board}`, { headers })).json()) as { here?: { people: number } };
      return here?.people ?? 0;
    });
    return (await Promise.allSettled(answers)).map((answer) => (answer.status === 'fulfilled' ? answer.value : 0));
  }

  it('people on different relays see each other draw, and both go on when one relay is killed', async () => {
    const board = newBoardId();
    // The certificate's authority is the cluster's own.
    const ana = await createPerson(world.browser, { ignoreHTTPSErrors: true });
    const ben = await createPerson(world.browser, { ignoreHTTPSErrors: true });
    const people: Person[] = [ana, ben];
    for (const { page } of people) {
      await openBoard(page, cluster.origin, board);
      await waitForChip(page, /^Saved/);
    }
    // The files of the app count as connections too while they load, so nginx may first give both the same relay.
    for (let reloads = 0; (await peopleOn(board)).includes(0); reloads++) {
      expect(reloads).toBeLessThan(10);
      await ben.page.reload();
      await boardReady(ben.page);
      await waitForChip(ben.page, /^Saved/);
    }
    await expect.poll(() => ben.page.getByTestId('participants').innerText(), { timeout: 10_000 }).toMatch(/2 people here/);

    await draw(ana.page, [
      [300, 300],
      [500, 340],
    ]);
    await waitForCount(ben.page, 1);
    await draw(ben.page, [
      [300, 450],
      [500, 480],
    ]);
    await waitForCount(ana.page, 2);

    const [killed] = cluster.relays;
    await killed?.kill('SIGKILL');
    await draw(ana.page, [
      [600, 300],
      [700, 340],
    ]);
    await draw(ben.page, [
      [600, 450],
      [700, 480],
    ]);
    for (const person of people) {
      await waitForCount(person.page, 4, 30_000);
      await waitForChip(person.page, /^Saved/, 30_000);
    }
    await expect.poll(() => peopleOn(board), { timeout: 30_000 }).toEqual([0, 2]);
    expect(await boardContent(ana.page)).toBe(await boardContent(ben.page));

    await killed?.restart();
    const late = await createPerson(world.browser, { ignoreHTTPSErrors: true });
    await openBoard(late.page, killed?.httpUrl ?? '', board);
    await waitForCount(late.page, 4, 30_000);
    expect(await boardContent(late.page)).toBe(await boardContent(ana.page));
    for (const person of [...people, late]) {
      // The page may ignore an unknown authority, its service worker may not.
      expect(person.errors.filter((error) => !/SSL certificate error/.test(error))).toEqual([]);
      await person.context.close();
    }
  });
});
