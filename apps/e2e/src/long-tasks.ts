/**
 * Tasks that kept a page's main thread, as Chromium's own trace has them, by the CPU time they took. The clock on the
 * wall, by which `PerformanceObserver` counts long tasks, also counts the time in which a busy machine ran something else.
 */
import type { Browser, Page } from 'playwright';

export interface Task {
  /** Milliseconds of CPU, and from begin to end. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the whole event, and of CPU in it. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Further categories that Chromium traces, for a look with its developer tools. */
const PROFILE = ['devtools.timeline', 'v8', 'disabled-by-default-v8.cpu_profiler'];

/**
 * Runs the acts and lists all tasks of 20 ms and more meanwhile, the longest first.
 *
 * @param path Where the trace goes, with a CPU profile in it, which costs time itself: tasks are longer with it.
 */
export async function tasksDuring(browser: Browser, page: Page, acts: () => Promise<void>, path?: string): Promise<Task[]> {
  const categories = ['toplevel', '__metadata', ...(path === undefined ? [] : PROFILE)];
  await browser.startTracing(page, { categories, ...(path !== undefined && { path }) });
  try {
    await acts();
  } catch (error) {
    await browser.stopTracing(); // Or the next test can't begin its own.
    throw error;
  }
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: readonly TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`;
  const mainThreads = new Set(traceEvents.filter(({ args }) => args?.name === 'CrRendererMain').map(threadOf));
  return traceEvents
    .filter((event) => event.ph === 'X' && event.name.endsWith('RunTask') && mainThreads.has(threadOf(event)))
    .map(({ dur = 0, tdur = 0 }) => ({ cpuMs: Math.round(tdur / 1000), wallMs: Math.round(dur / 1000) }))
    .filter(({ wallMs }) => wallMs >= 20)
    .sort((a, b) => b.cpuMs - a.cpuMs);
}

/** Tasks that took more CPU than that. */
export function countAbove(tasks: readonly Task[], limitMs: number): number {
  return tasks.filter(({ cpuMs }) => cpuMs > limitMs).length;
}
