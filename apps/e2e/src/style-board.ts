/** A board to try styles on, with what there is to choose a style for. */
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import type { BoardElement } from '@wetink/board';
import { createPerson, draw, newBoardId, openBoard, pickTool, waitForCount, type Person } from './harness.ts';

export const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
export async function onBoard(world: { browser: Browser; relay: { url: string } }, options: BrowserContextOptions = {}): Promise<Person> {
  const person = await createPerson(world.browser, options);
  await openBoard(person.page, world.relay.url, newBoardId());
  // The card of a first visit would lie over what is drawn here.
  await person.page
    .getByTestId('hello')
    .getByRole('button', { name: /^That.s me$/ })
    .click();
  return person;
}
export const elements = (page: Page): Promise<readonly BoardElement[]> => page.evaluate(() => window.wetink?.board.elements() ?? []);
export const styles = async (page: Page): Promise<BoardElement['style'][]> => (await elements(page)).map(({ style }) => style);

export async function drawShape(page: Page, tool: string, [x, y]: readonly [number, number]): Promise<void> {
  if ((await page.getByTestId(`tool-${tool}`).count()) === 0) await page.getByTestId('tool-more').click();
  await pickTool(page, tool);
  await draw(page, [
    [x, y],
    [x + 90, y + 60],
  ]);
}
/** A rectangle, an ellipse, a stroke and a text, bottom to top, all selected. */
export async function drawMixed(page: Page): Promise<void> {
  await page.evaluate(() =>
    window.wetink?.board.run((edit) => {
      const style = { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 24, font: 'sans' } as const;
      const at = (y: number): { x: number; y: number; w: number; h: number; rotation: number } => ({
        x: 250,
        y,
        w: 90,
        h: 40,
        rotation: 0,
      });
      edit.create({ kind: 'rectangle', geometry: at(100), style: { ...style, color: 'red', fill: 'yellow', width: 8 } });
      edit.create({ kind: 'ellipse', geometry: at(160), style: { ...style, opacity: 0.5 } });
      edit.create({ kind: 'arrow', geometry: at(220), style });
      edit.create({ kind: 'text', geometry: at(280), style, text: 'Milk' });
    }),
  );
  await waitForCount(page, 4);
  await page.getByTestId('board-canvas').focus();
  await page.keyboard.press('Control+a');
}
/** `SHOTS=folder` keeps pictures of these screens, to be looked at. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['SHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/style-${name}.png` });
}
