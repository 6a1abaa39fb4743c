/** What a page says of somebody's work, of who is here and of the server, when things do not go well: both facts, and nothing untrue. */
import { expect, it } from 'vitest';
import { linkFor, openByLink, stroke, told, useGuests } from './guests.ts';
import { pickTool, useWorld, waitForChip, waitForCount, type Person } from './harness.ts';

const world = useWorld({ WETINK_AUTH: 'guests' });
const { person, owner } = useGuests(world);

/** Ana takes the pen from Ben in the middle of a stroke: one change of his is refused. Her share dialog is open. */
async function refusedBen(options = {}): Promise<{ ana: Person; ben: Person }> {
  const { ana } = await owner();
  const ben = await person('Ben', options);
  await openByLink(ben, await linkFor(ana, 'editor'));
  await waitForChip(ben.page, /^Saved/);
  await takePen(ana, ben);
  return { ana, ben };
}

async function takePen(ana: Person, ben: Person): Promise<void> {
  await pickTool(ben.page, 'pen');
  await ben.page.mouse.move(300, 500);
  await ben.page.mouse.down();
  await ben.page.mouse.move(380, 560, { steps: 10 });
  await ana.page.getByTestId('person-role').selectOption('viewer');
  await waitForChip(ben.page, /^1 change not saved/);
  await ben.page.mouse.up();
}

it('T4: after a refused change the list still says who is there', async () => {
  const { ana, ben } = await refusedBen();
  await ben.page.getByTestId('people-count').filter({ hasText: '2' }).waitFor({ timeout: 10_000 });
  await ben.page.getByTestId('participants').click();
  await ben.page.getByTestId('participant').filter({ hasText: 'Ana' }).waitFor();
  await ben.page.keyboard.press('Escape');
  expect(await ana.page.getByTestId('people-count').textContent()).toBe('2');
  await ana.page.getByTestId('person-role').selectOption('editor');
  await told(ben, /^You can draw on this board now\.$/);
  await stroke(ben, 600);
  await waitForCount(ana.page, 2);
  await ben.page.getByTestId('people-count').filter({ hasText: '2' }).waitFor();
});
