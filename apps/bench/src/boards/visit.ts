/** One board on one scene, in a browser of its own. */

import { launchBrowser } from '../../../e2e/src/harness.ts';
import { acts, settle, type Figures } from './acts.ts';
import type { BoardProgram } from './boards.ts';
import { watchPage } from './in-page.ts';
import { memoryOf } from './memory.ts';
import { open } from './opening.ts';
import type { Scene } from './scenes.ts';

export interface Visit {
  readonly board: string;
  readonly scene: string;
  /** By step (`open`, `memory`, an act): figures, or the reason why there are none. */
  readonly steps: Readonly<Record<string, Figures | string>>;
}

/** esbuild names functions through this helper, so pages that run such functions need it. */
const nameHelper = 'globalThis.__name ??= (target) => target';

/** @param limitMs Time for each step; a step that needs more ends the visit. */
export async function visit(program: BoardProgram, scene: Scene, limitMs: number): Promise<Visit> {
  const url = await program.write(scene);
  const browser = await launchBrowser();
  const steps: Record<string, Figures | string> = {};
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' });
    const blank = await browser.newPage();
    await context.addInitScript(nameHelper);
    await context.addInitScript(watchPage);
    const page = await context.newPage();
    page.setDefaultTimeout(limitMs);
    const crash = new Promise<never>((_, reject) => page.once('crash', () => reject(new Error('the page crashed'))));
    crash.catch(() => undefined); // It may crash between two steps; the next one finds out.
    const step = async (name: string, act: () => Promise<Figures>): Promise<void> => {
      steps[name] = await withinLimit(Promise.race([act(), crash]), limitMs);
    };
    const isGood = (): boolean => Object.values(steps).every((result) => typeof result !== 'string');
    await step('open', () => open(page, blank, url, scene.strokes));
    if (isGood()) await step('memory', () => memoryOf(browser, page));
    for (const act of scene.acts) {
      if (!isGood()) break;
      await step(act, async () => {
        await program.toCorner?.(page);
        await settle(page);
        return acts[act]({ page, program, scene });
      });
    }
    if (isGood() && program.opensFromDevice) {
      await step('device', async () => {
        await program.toCorner?.(page);
        await page.waitForTimeout(KEEP_MS);
        await page.goto('about:blank');
        return open(page, blank, url, scene.strokes);
      });
    }
  } finally {
    await browser.close();
  }
  return { board: program.name, scene: scene.name, steps };
}

/** The device's copy is written, and the place of the view. */
const KEEP_MS = 3_000;

async function withinLimit(figures: Promise<Figures>, limitMs: number): Promise<Figures | string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`not finished in ${limitMs / 1_000} s`), limitMs);
  });
  figures.catch(() => undefined); // When it was late, the closed browser ends it.
  try {
    return await Promise.race([figures, late]);
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? error.message) : String(error);
  } finally {
    clearTimeout(timer);
  }
}
