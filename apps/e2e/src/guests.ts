/** Steps that tests about people and their rights share, as guests take them: make a board, share it, come by a link. */
import { afterEach, expect } from 'vitest';
import type { Browser, BrowserContextOptions } from 'playwright';
import { boardReady, createPerson, draw, openBoard, pickTool, waitForChip, type Person, type RelayProcess } from './harness.ts';

export interface Guests {
  /** A guest with this name, on the home page. Their browser is closed after the test, which fails on errors of a page. */
  person(name: string, options?: BrowserContextOptions): Promise<Person>;
  /** Further people, whose browsers are closed and checked like those. */
  add(...more: Person[]): void;
  /** Makes a board on the home page, and waits until it is the relay's. */
  makeBoard(person: Person): Promise<string>;
  /** An owner with a board that has one stroke on it, and its share dialog open. */
  owner(options?: BrowserContextOptions): Promise<{ ana: Person; board: string }>;
}

/** @param world Its relay lets guests in. */
export function useGuests(world: { readonly browser: Browser; readonly relay: RelayProcess }): Guests {
  const people: Person[] = [];

  afterEach(async () => {
    for (const { context, errors } of people.splice(0)) {
      await context.close();
      expect(errors).toEqual([]);
    }
  });

  const guests: Guests = {
    add: (...more) => void people.push(...more),
    async person(name, options = {}) {
      const created = await createPerson(world.browser, options);
      people.push(created);
      await created.page.goto(world.relay.url);
      await created.page.getByTestId('my-name').fill(name);
      await created.page.getByTestId('my-name').press('Enter');
      return created;
    },
    async makeBoard({ page }) {
      await page.getByTestId('new-board').click();
      await page.waitForURL(/\/b\//);
      await waitForChip(page, /^Saved/);
      const board = new URL(page.url()).pathname.split('/').at(-1) ?? '';
      await openBoard(page, world.relay.url, board);
      return board;
    },
    async owner(options) {
      const ana = await guests.person('Ana', options);
      const board = await guests.makeBoard(ana);
      await stroke(ana, 300);
      await waitForChip(ana.page, /^Saved/);
      await share(ana);
      return { ana, board };
    },
  };
  return guests;
}

export async function share({ page }: Person): Promise<void> {
  await page.getByTestId('share').click();
  await page.getByTestId('share-everyone').waitFor();
}

/** The address of the link that gives a role, made if it was turned off. The dialog is open. */
export async function linkFor({ page }: Person, role: 'viewer' | 'editor'): Promise<string> {
  await page.getByTestId('share-role').selectOption(role);
  const make = page.getByTestId(`link-${role}-make`);
  if (await make.isVisible()) await make.click();
  return page.getByTestId(`link-${role}-address`).inputValue();
}

export async function openByLink({ page }: Person, link: string): Promise<void> {
  await page.goto(`${link}&debug`);
  await boardReady(page);
}

/** With the pen, in the middle of any page. */
export async function stroke({ page }: Person, y: number): Promise<void> {
  const middle = (page.viewportSize()?.width ?? 1_000) / 2;
  await pickTool(page, 'pen');
  await draw(page, [
    [middle - 100, y],
    [middle + 100, y + 20],
  ]);
}

/** Waits until one of the toasts says so. */
export async function told({ page }: Person, text: RegExp): Promise<void> {
  await page.getByTestId('toasts').getByText(text).first().waitFor({ timeout: 10_000 });
}
