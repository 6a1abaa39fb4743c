/** Memory of a page. */

import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright';
import type { Figures } from './acts.ts';

/** Bytes of scripts after garbage was collected, and of the whole process: no shared libraries, no files. Megabytes of 2^20. */
export async function memoryOf(browser: Browser, page: Page): Promise<Figures> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  // The backing stores of typed arrays are not in `usedSize`, and not in the types of the protocol.
  const usage = (await session.send('Runtime.getHeapUsage')) as { usedSize: number; backingStorageSize?: number };
  await session.detach();
  return { heapMb: (usage.usedSize + (usage.backingStorageSize ?? 0)) / 2 ** 20, processMb: (await largestRenderer(browser)) / 2 ** 20 };
}

async function largestRenderer(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as { processInfo: { type: string; id: number }[] };
  await session.detach();
  const sizes = await Promise.all(
    processInfo
      .filter(({ type }) => type === 'renderer')
      .map(async ({ id }) => {
        const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
        return Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) * 1_024;
      }),
  );
  return Math.max(...sizes);
}
