/** What a page says of a person's work, the people here and the server when things go wrong: all facts, nothing untrue. */
import type { Page } from 'playwright';
import { describe, expect, it, onTestFinished } from 'vitest';
import { seriousFaults } from './axe.ts';
import { linkFor, openByLink, stroke, told, useGuests } from './guests.ts';
import { boardReady, pickTool, useWorld, waitForChip, waitForCount, type Person, useServiceWorkers } from './harness.ts';
import { createLink } from './link.ts';

useServiceWorkers();

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
  const { width, height } = ben.page.viewportSize() ?? { width: 1_280, height: 800 };
  await pickTool(ben.page, 'pen');
  await ben.page.mouse.move(width / 2 - 40, height / 2);
  await ben.page.mouse.down();
  await ben.page.mouse.move(width / 2 + 40, height / 2 + 20, { steps: 10 });
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

const sizes = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
  { width: 844, height: 390 },
  { width: 360, height: 640 },
];

/** Buttons, links and fields of what is open that a toast lies over. A list that scrolls hides what is beyond its edges. */
function coveredByToasts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const toasts = [...document.querySelectorAll('[data-testid=toast]')]
      .map((toast) => toast.getBoundingClientRect())
      .filter(({ height }) => height > 0);
    // Behind a dialog nothing can be pressed.
    const open = [...document.querySelectorAll(document.querySelector('.dialog') === null ? '.popover, .menu, .notice' : '.dialog')];
    const faults = toasts.length < 2 ? [`${toasts.length} toasts`] : [];
    for (const [n, box] of toasts.entries())
      if (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight) faults.push(`toast ${n} is cut off`);
    for (const place of open) {
      const edge = place.getBoundingClientRect();
      if (edge.top < 0 || edge.bottom > innerHeight) faults.push(`${place.className} is cut off`);
      for (const control of place.querySelectorAll('button, a, input, select, textarea, [role=menuitem]')) {
        const box = control.getBoundingClientRect();
        const x = (box.left + box.right) / 2;
        const y = (box.top + box.bottom) / 2;
        const isSeen = box.width > 0 && y > edge.top && y < edge.bottom && y > 0 && y < innerHeight && x > 0 && x < innerWidth;
        if (isSeen && document.elementFromPoint(x, y)?.closest('.toast') instanceof Element)
          faults.push(`a toast over “${control.textContent?.trim()}”`);
        const lies = toasts.some(
          (toast) => toast.left < box.right && box.left < toast.right && toast.top < box.bottom && box.top < toast.bottom,
        );
        if (isSeen && lies && place.matches('.dialog, .notice')) faults.push(`a toast over a part of “${control.textContent?.trim()}”`);
      }
    }
    return faults;
  });
}

/** Two toasts as long as any, with buttons, that stay: shaped as the app's own are. */
async function sayLongToasts(page: Page): Promise<void> {
  await page.getByTestId('toasts').evaluate((list) => {
    const make = (tag: string, className: string, text: string): HTMLElement => {
      const element = document.createElement(tag);
      element.className = className;
      element.textContent = text;
      return element;
    };
    for (const text of [
      'A new version of Wetink has started. This page reloads when you have sent or cleared what you are writing.',
      'The file has what is drawn. Chat is not in it: press Look to save that.',
    ]) {
      const toast = make('div', list.className.replace('toasts', 'toast panel'), '');
      toast.dataset['testid'] = 'toast';
      toast.append(make('span', '', text), make('button', 'button quiet', 'Reload'), make('button', 'icon-button', '×'));
      list.append(toast);
    }
  });
  await page.waitForFunction(() => document.documentElement.style.getPropertyValue('--toasts') !== '');
}

describe.each(sizes)('at $width x $height', (viewport) => {
  const hasTouch = viewport.width < 1_000;

  it('T5: no toast lies over the buttons of a dialog, a menu, a card or a notice', async () => {
    const { ben } = await refusedBen({ viewport, hasTouch });
    const { page } = ben;
    await sayLongToasts(page);
    const places: Record<string, () => Promise<void>> = {
      notice: () => page.getByTestId('kept-notice').waitFor(),
      look: async () => {
        await page.getByTestId('kept-notice').getByRole('button', { name: 'Look' }).click();
        await page.getByRole('dialog', { name: 'Not saved' }).waitFor();
      },
      status: async () => {
        await page.getByTestId('status-chip').click();
        await page.getByTestId('status-lines').waitFor();
      },
      people: async () => {
        await page.getByTestId('participants').click();
        await page.getByTestId('participant').waitFor();
      },
      menu: async () => {
        await page.getByTestId('menu').click();
        await page.getByRole('menu').waitFor();
      },
      help: async () => {
        await page.getByTestId('board-canvas').focus();
        await page.keyboard.press('?');
        await page.getByRole('dialog', { name: 'Help' }).waitFor();
      },
      share: async () => {
        await page.getByTestId('share').click();
        await page.getByRole('dialog', { name: 'Share this board' }).waitFor();
      },
    };
    for (const [name, open] of Object.entries(places)) {
      await open();
      await settled(page);
      await keepPicture(page, `toasts-${name}-${viewport.width}`);
      expect(await coveredByToasts(page), name).toEqual([]);
      // In the field for one's name Escape belongs to the name.
      if (name === 'people') await page.getByTestId('participants').click();
      else if (name !== 'notice') await page.keyboard.press('Escape');
      await page.locator('.dialog, .popover, .menu').first().waitFor({ state: 'detached' });
    }
  });
});

it('T2: a viewer reads that the server does not answer and that the board may be old, also after a start without the server', async () => {
  const line = await createLink(world.relay.port);
  onTestFinished(() => line.close());
  const { ana } = await owner();
  const ben = await person('Ben');
  await ben.page.goto(line.url);
  await openByLink(ben, (await linkFor(ana, 'viewer')).replace(world.relay.url, line.url));
  await waitForCount(ben.page, 1);
  await waitForChip(ben.page, /^View only$/);
  await ben.page.evaluate(async () => void (await navigator.serviceWorker.ready));
  line.cut();
  for (const again of [false, true]) {
    if (again) await ben.page.reload();
    await waitForChip(ben.page, /^Offline, view only$/);
    await ben.page.getByTestId('status-chip').click();
    const lines = ben.page.getByTestId('status-lines');
    await lines.filter({ hasText: 'The server cannot be reached.' }).filter({ hasText: 'it may be old' }).waitFor();
    expect(await lines.textContent()).not.toMatch(/see what others draw/);
    await ben.page.getByTestId('status-server').filter({ hasText: 'No answer' }).waitFor();
    await ben.page.keyboard.press('Escape');
  }
});

it('K5: a copy that storage did not take is shown as in this tab alone, leaving asks, and all of it can be looked at, copied and saved', async () => {
  const line = await createLink(world.relay.port);
  onTestFinished(() => line.close());
  const { ana } = await owner();
  const ben = await person('Ben');
  await ben.page.goto(line.url);
  await openByLink(ben, (await linkFor(ana, 'editor')).replace(world.relay.url, line.url));
  await waitForCount(ben.page, 1);
  await waitForChip(ben.page, /^Saved/);
  // The code of the chat is fetched later than the board: offline at once, it might not be there.
  await ben.page.getByTestId('chat-toggle').click();
  await ben.page.getByTestId('chat-input').waitFor();
  line.cut();
  await waitForChip(ben.page, /Offline/);
  await breakStorage(ben.page);
  await ben.page.getByTestId('chat-input').fill('see you at four');
  await ben.page.getByTestId('chat-input').press('Enter');
  await waitForChip(ben.page, /Offline: 1 change only in this tab/);
  await ben.page.getByTestId('chat-toggle').click();
  await ana.page.getByTestId('person-role').selectOption('viewer');
  line.mend();
  await waitForChip(ben.page, /^1 change not saved/);
  const notice = ben.page.getByTestId('kept-notice');
  await notice.filter({ hasText: 'It is only in this tab: keep this page open, or save it as a file.' }).waitFor({ timeout: 15_000 });
  await ben.page.getByTestId('status-chip').click();
  await ben.page.getByTestId('status-lines').filter({ hasText: 'It is only in this tab, apart from the board' }).waitFor();
  await keepPicture(ben.page, 'kept-tab');
  await ben.page.keyboard.press('Escape');

  await notice.getByRole('button', { name: 'Look' }).click();
  const dialog = ben.page.getByRole('dialog', { name: 'Not saved' });
  await dialog.getByText('1 chat message, not sent').waitFor();
  expect(await dialog.getByTestId('kept-chat').inputValue()).toMatch(/ \(not sent\): see you at four\n$/);
  await keepPicture(ben.page, 'kept-chat');
  expect(await seriousFaults(ben.page)).toEqual([]);
  const download = ben.page.waitForEvent('download');
  await dialog.getByTestId('kept-chat-save').click();
  expect((await download).suggestedFilename()).toBe('Wetink board (chat, not saved).txt');
  await dialog.getByTestId('kept-chat-copy').click();
  await dialog.getByText(/The chat is in the clipboard|press Ctrl\+C now/).waitFor();
  await ben.page.keyboard.press('Escape');

  // Nothing is lost without a question.
  const asked = ben.page.waitForEvent('dialog');
  const left = ben.page.close({ runBeforeUnload: true });
  const question = await asked;
  expect(question.type()).toBe('beforeunload');
  await question.dismiss();
  await left;

  // Given the pen again, Ben sends it once more.
  await ana.page.getByTestId('person-role').selectOption('editor');
  await told(ben, /^You can draw on this board now\.$/);
  await waitForChip(ben.page, /^1 change not saved, the rest is$/);
  await notice.getByTestId('kept-copy').click();
  await told(ben, /^The chat message was sent again\.$/);
  await expect
    .poll(() =>
      ana.page.evaluate(() =>
        window.wetink?.board.doc
          .getArray<{ t: string }>('chat')
          .toArray()
          .map(({ t }) => t),
      ),
    )
    .toEqual(['see you at four']);
});

describe.each([
  ['on this device', false],
  ['in this tab', true],
] as const)('K10: a person who is removed with changes that are not saved, kept %s', (_title, isBroken) => {
  it('reads that there is no access, how many there are, where they are and what to do, also without a network later', async () => {
    const { relay } = world;
    const line = await createLink(relay.port);
    onTestFinished(() => line.close());
    const { ana } = await owner();
    const ben = await person('Ben', {
      colorScheme: isBroken ? 'dark' : 'light',
      viewport: isBroken ? { width: 390, height: 844 } : { width: 1_280, height: 800 },
    });
    const link = (await linkFor(ana, 'editor')).replace(relay.url, line.url);
    await ben.page.goto(line.url);
    await openByLink(ben, link);
    await waitForCount(ben.page, 1);
    await waitForChip(ben.page, /^Saved/);
    await ben.page.evaluate(async () => void (await navigator.serviceWorker.ready));
    line.cut();
    await waitForChip(ben.page, /Offline/);
    if (isBroken) await breakStorage(ben.page);
    await stroke(ben, 520);
    await stroke(ben, 560);
    await waitForChip(ben.page, isBroken ? /Offline: \d changes only in this tab/ : /Offline: \d changes kept on this device/);
    await ana.page.getByTestId('person-more').click();
    await ana.page.getByTestId('person-remove').click();
    await ana.page.getByTestId('ask-yes').click();
    await ana.page.getByTestId('ask-yes').waitFor({ state: 'detached' });
    line.mend();

    await waitForChip(
      ben.page,
      isBroken ? /^No access: \d changes only in this tab$/ : /^No access: \d changes kept on this device$/,
      30_000,
    );
    const notice = ben.page.getByTestId('error-notice');
    const unsaved = isBroken
      ? /^\d changes are not saved\. They are only in this tab/
      : /^\d changes are not saved\. They are kept on this device/;
    await notice.getByText(unsaved).waitFor();
    await notice.getByText(isBroken ? 'is only in this tab: save it as a file' : 'on this device stays').waitFor();
    await ben.page.getByTestId('status-chip').click();
    await ben.page.getByTestId('status-lines').filter({ hasText: 'The server does not take them' }).waitFor();
    await settled(ben.page);
    await keepPicture(ben.page, `removed-${isBroken ? 'tab' : 'device'}`);
    await ben.page.keyboard.press('Escape');
    expect(await ben.page.getByTestId('toasts').textContent()).not.toMatch(/can draw|can only view/);
    if (isBroken) return;

    // Without a network the page does not promise a person who was removed that all of it merges.
    line.cut();
    await ben.page.reload();
    await boardReady(ben.page);
    await waitForChip(ben.page, /^Offline: \d changes kept on this device$/, 30_000);
    await ben.page.getByTestId('status-chip').click();
    const lines = ben.page.getByTestId('status-lines');
    await lines.filter({ hasText: 'it did not let you in' }).waitFor();
    expect(await lines.textContent()).not.toMatch(/merge|as soon as that takes/);
    await keepPicture(ben.page, 'removed-offline');
  });
});

describe('what is not known, and what will not be, is said to be so', () => {
  it('K11: storage that does not answer when a board is opened', async () => {
    const ben = await person('Ben');
    await ben.context.addInitScript(() => {
      // It never answers.
      IDBFactory.prototype.open = () =>
        Object.create(IDBOpenDBRequest.prototype, { onsuccess: { value: null, writable: true } }) as IDBOpenDBRequest;
    });
    await ben.page.getByTestId('new-board').click();
    await ben.page.reload();
    await waitForChip(ben.page, /^Online, not kept on this device$/);
    await ben.page.getByTestId('status-chip').click();
    const lines = ben.page.getByTestId('status-lines');
    await lines.filter({ hasText: 'could not be read, so more changes may wait here than are counted.' }).waitFor();
    expect(await lines.textContent()).not.toMatch(/Nothing waits|has stored all your changes/);
    await keepPicture(ben.page, 'unread');
  });

  it.each([
    ['the browser refuses the worker', 'refused', 'it could not be stored in this browser'],
    ['a private window has none', 'absent', 'this browser, or a private window of it, does not allow that'],
    ['plain http on an address of the network', 'insecure', 'that needs https'],
  ])('K11: no page that will not open without a network is getting ready for it for ever: %s', async (_title, kind, said) => {
    const ben = await person('Ben');
    await ben.context.addInitScript((how) => {
      if (how === 'refused')
        ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('not here', 'SecurityError'));
      else Reflect.deleteProperty(Navigator.prototype, 'serviceWorker');
      if (how === 'insecure') Object.defineProperty(window, 'isSecureContext', { value: false });
    }, kind);
    await ben.page.evaluate(async () => void (await (await navigator.serviceWorker.ready).unregister()));
    await ben.page.reload();
    await ben.page.getByTestId('new-board').click();
    await ben.page.getByTestId('status-chip').click();
    await ben.page.getByTestId('status-offline').filter({ hasText: said }).waitFor();
  });
});

/** From here on nothing more comes to this device. */
async function breakStorage(page: Page): Promise<void> {
  await page.evaluate(() => {
    IDBDatabase.prototype.transaction = () => {
      throw new DOMException('the disk fails', 'UnknownError');
    };
  });
}

/** Panels have come in. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
}

/** `SHOTS=folder` keeps pictures of these screens, to be looked at. */
async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['SHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
}
