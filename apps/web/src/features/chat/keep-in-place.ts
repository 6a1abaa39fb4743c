/** Keeps the rows of a scrolled list where they are on the screen while rows are put before or taken from among them. */
import { tick } from 'svelte';

/** The uppermost row that can be seen. */
export function firstInView(list: HTMLElement): Element | null {
  const { top } = list.getBoundingClientRect();
  return [...list.querySelectorAll('[data-id]')].find((row) => row.getBoundingClientRect().bottom > top + 1) ?? null;
}

export async function keepInPlace(list: HTMLElement, change: () => void): Promise<void> {
  const row = firstInView(list);
  const beforePx = row?.getBoundingClientRect().top ?? 0;
  change();
  await tick();
  if (row?.isConnected === true) list.scrollTop += row.getBoundingClientRect().top - beforePx;
}
