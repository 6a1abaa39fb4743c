/** Several people on one board beyond what they draw: rest, hands, selections, pointers out of view, following, presenting. */
import { afterEach, expect, it } from 'vitest';
import {
  openBoard,
  useWorld,
  waitForChip,
  cameraOf,
  createPerson,
  draw,
  newBoardId,
  pickTool,
  waitForCount,
  type Person,
} from './harness.ts';
import { seriousFaults } from './axe.ts';
import { pngBomb, pngFile, type ImageFile } from './image-files.ts';

const world = useWorld();
const people: Person[] = [];

afterEach(async () => {
  for (const { context, errors } of people.splice(0)) {
    await context.close();
    expect(errors).toEqual([]);
  }
});

/** Everyone on one board, with their company at hand. */
async function together(...names: string[]): Promise<Person[]> {
  const board = newBoardId();
  for (const name of names) {
    const person = await createPerson(world.browser);
    people.push(person);
    await person.page.goto(world.relay.url);
    await person.page.getByTestId('my-name').fill(name);
    await person.page.getByTestId('my-name').press('Enter');
    await openBoard(person.page, world.relay.url, board);
    await waitForChip(person.page, /^Saved/);
  }
  for (const { page } of people)
    await page
      .getByTestId('participants')
      .filter({ hasText: new RegExp(`${names.length} people here`) })
      .waitFor({ timeout: 10_000 });
  return people.slice(-names.length);
}

async function openPeople({ page }: Person): Promise<void> {
  if (!(await page.getByTestId('raise-hand').isVisible())) await page.getByTestId('participants').click();
  await page.getByTestId('raise-hand').waitFor();
}

async function closePeople({ page }: Person): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByTestId('raise-hand').waitFor({ state: 'detached' });
}

async function doing(person: Person, name: string): Promise<string> {
  await openPeople(person);
  return person.page.getByTestId('participant').filter({ hasText: name }).getByTestId('participant-doing').innerText();
}

async function follow(person: Person, name: string): Promise<void> {
  await openPeople(person);
  await person.page.getByTestId('participant').filter({ hasText: name }).getByTestId('follow').click();
  await person.page.getByTestId('follow-bar').filter({ hasText: name }).waitFor();
}

async function centreOf({ page }: Person): Promise<{ x: number; y: number }> {
  const { x, y, zoom } = await cameraOf(page);
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  return { x: Math.round(x + width / 2 / zoom), y: Math.round(y + height / 2 / zoom) };
}

const moveTo = ({ page }: Person, x: number, y: number, zoom = 1): Promise<void> =>
  page.evaluate((camera) => window.wetink?.stage.setCamera(camera), { x, y, zoom });

it('the list says what each person does: the tool they hold, and a raised hand in its order', async () => {
  const [ana, ben, cy] = (await together('Ana', 'Ben', 'Cy')) as [Person, Person, Person];
  await pickTool(ben.page, 'pen');
  await expect.poll(() => doing(ana, 'Ben'), { timeout: 5_000 }).toBe('Has the pen');
  await openPeople(cy);
  await cy.page.getByTestId('raise-hand').click();
  await expect.poll(() => doing(ben, 'Cy'), { timeout: 5_000 }).toMatch(/^Hand up, 1st/);
  await ben.page.getByTestId('raise-hand').click();
  await expect.poll(() => doing(ana, 'Ben'), { timeout: 5_000 }).toMatch(/^Hand up, 2nd · Has the pen$/);
  // Raised hands come first in the list and in the row of faces, in their order.
  const names = (await ana.page.getByTestId('participant').locator('.name').allInnerTexts()).slice(0, 2);
  expect(names).toEqual(['Cy', 'Ben']);
  expect(await ana.page.getByTestId('participants').getByTestId('hand-badge').count()).toBe(2);
  expect(await seriousFaults(ana.page)).toEqual([]);
  await cy.page.getByTestId('raise-hand').click();
  await expect.poll(() => doing(ana, 'Ben'), { timeout: 5_000 }).toMatch(/^Hand up, 1st/);
});

it('a hidden page announces that it is hidden, and its pointer and tool only when it is seen again', async () => {
  const [ana, ben] = (await together('Ana', 'Ben')) as [Person, Person];
  await openPeople(ana);
  await ben.page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect.poll(() => doing(ana, 'Ben'), { timeout: 5_000 }).toBe('Away');
  const stateOfBen = (): Promise<string> =>
    ana.page.evaluate(() => {
      const { awareness } = window.wetink?.room ?? {};
      return JSON.stringify([...(awareness?.getStates() ?? [])].filter(([id]) => id !== awareness?.clientID));
    });
  const before = await stateOfBen();
  await pickTool(ben.page, 'pen');
  await ben.page.mouse.move(300, 300);
  await ben.page.mouse.move(400, 400, { steps: 5 });
  await ben.page.waitForTimeout(700);
  expect(await stateOfBen()).toBe(before);
  await ben.page.evaluate(() => {
    Reflect.deleteProperty(document, 'visibilityState');
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect.poll(() => doing(ana, 'Ben'), { timeout: 5_000 }).toBe('Has the pen');
});

it('the selection of another person is outlined in their colour', async () => {
  const [ana, ben] = (await together('Ana', 'Ben')) as [Person, Person];
  await pickTool(ana.page, 'rectangle');
  await draw(ana.page, [
    [500, 300],
    [620, 380],
  ]);
  await waitForCount(ben.page, 1);
  await ana.page.mouse.move(200, 650);
  await ana.page.keyboard.press('Escape');
  /** Pixels on the overlay around the rectangle, without the selection of one's own. */
  const outlined = ({ page }: Person): Promise<number> =>
    page.evaluate(() => {
      const canvas = [...document.querySelectorAll<HTMLCanvasElement>('[data-testid="board-canvas"] canvas')].at(-1);
      const scale = devicePixelRatio;
      const { data } = canvas?.getContext('2d')?.getImageData(480 * scale, 290 * scale, 160 * scale, 110 * scale) ?? { data: [] };
      let count = 0;
      for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 0) > 0) count++;
      return count;
    });
  await ben.page.mouse.move(200, 600);
  await expect.poll(() => outlined(ana)).toBe(0);
  await ben.page.keyboard.press('Control+a');
  await expect.poll(() => outlined(ana), { timeout: 5_000 }).toBeGreaterThan(300);
  await ben.page.keyboard.press('Escape');
  await expect.poll(() => outlined(ana), { timeout: 5_000 }).toBe(0);
});

it('a pointer out of view is a mark at the edge, and a press or Enter on it goes there', async () => {
  const [ana, ben] = (await together('Ana', 'Ben')) as [Person, Person];
  await moveTo(ben, 5_000, 100);
  await ben.page.mouse.move(600, 400);
  const mark = ana.page.getByTestId('edge-pointer');
  await mark.waitFor({ timeout: 5_000 });
  const box = await mark.boundingBox();
  expect(box?.x).toBeGreaterThan(1_280 - 80);
  expect(await seriousFaults(ana.page)).toEqual([]);
  expect(await mark.getAttribute('aria-label')).toBe('Go to Ben');
  await mark.focus();
  await ana.page.keyboard.press('Enter');
  await mark.waitFor({ state: 'detached', timeout: 5_000 });
  await expect.poll(async () => (await centreOf(ana)).x, { timeout: 5_000 }).toBe(5_600);
});

it('following: my view goes where theirs goes; a pan, a stroke, Escape or Stop ends it', async () => {
  const [ana, ben] = (await together('Ana', 'Ben')) as [Person, Person];
  await ben.page.setViewportSize({ width: 900, height: 900 });
  await follow(ana, 'Ben');
  for (const [x, y, zoom] of [
    [2_000, -500, 1],
    [-3_000, 800, 2],
  ] as const) {
    await moveTo(ben, x, y, zoom);
    const middle = await centreOf(ben);
    await expect.poll(() => centreOf(ana), { timeout: 5_000 }).toEqual(middle);
  }
  await expect.poll(() => doing(ben, 'Ana'), { timeout: 5_000 }).toMatch(/^Follows you/);
  expect(await seriousFaults(ana.page)).toEqual([]);
  await closePeople(ben);

  // A way to end it by each kind of input; afterwards Ben's moves move nothing.
  const bar = ana.page.getByTestId('follow-bar');
  const ends: readonly (() => Promise<unknown>)[] = [
    () => ana.page.mouse.wheel(0, 50),
    async () => {
      await pickTool(ana.page, 'pen');
      await draw(ana.page, [
        [500, 400],
        [560, 430],
      ]);
    },
    () => ana.page.keyboard.press('Escape'),
    () => ana.page.getByTestId('follow-stop').click(),
  ];
  for (const end of ends) {
    if (!(await bar.isVisible())) await follow(ana, 'Ben');
    await ana.page.mouse.move(500, 400);
    await end();
    await bar.waitFor({ state: 'detached', timeout: 5_000 });
    await moveTo(ben, Math.random() * 1_000, 0);
    const stays = await centreOf(ana);
    await ana.page.waitForTimeout(300);
    expect(await centreOf(ana)).toEqual(stays);
  }
});

it('two people never chase each other: the one who is followed reads why', async () => {
  const [ana, ben] = (await together('Ana', 'Ben')) as [Person, Person];
  await follow(ana, 'Ben');
  await expect.poll(() => doing(ben, 'Ana'), { timeout: 5_000 }).toMatch(/^Follows you/);
  await ben.page.getByTestId('participant').getByTestId('follow').click();
  await ben.page.getByTestId('toasts').getByText('Ana follows you already.').waitFor();
  expect(await ben.page.getByTestId('follow-bar').count()).toBe(0);
});

it('bring everyone to me: those who accept follow until I stop; the others go on', async () => {
  const [ana, ben, cy] = (await together('Ana', 'Ben', 'Cy')) as [Person, Person, Person];
  await moveTo(ana, 4_000, 4_000);
  await openPeople(ana);
  await ana.page.getByTestId('present').click();
  await ana.page.getByTestId('present-bar').filter({ hasText: 'Nobody follows yet' }).waitFor();
  for (const { page } of [ben, cy]) await page.getByTestId('toasts').getByText('Ana asks everyone to follow.').waitFor({ timeout: 5_000 });
  expect(await seriousFaults(ana.page)).toEqual([]);
  expect(await seriousFaults(ben.page)).toEqual([]);
  await ben.page.getByTestId('toast').getByRole('button', { name: 'Follow' }).click();
  await expect.poll(() => centreOf(ben), { timeout: 5_000 }).toEqual(await centreOf(ana));
  await ana.page.getByTestId('present-bar').filter({ hasText: 'Ben follows you' }).waitFor({ timeout: 5_000 });
  expect(await centreOf(cy)).not.toEqual(await centreOf(ana));
  await ana.page.getByTestId('present-stop').click();
  await ben.page.getByTestId('toasts').getByText('Ana has stopped presenting.').waitFor({ timeout: 5_000 });
  await ben.page.getByTestId('follow-bar').waitFor({ state: 'detached' });
  // The question goes with the presentation.
  await cy.page.getByTestId('toasts').getByText('Ana asks everyone to follow.').waitFor({ state: 'detached', timeout: 5_000 });
});

/** Chooses a picture in the people panel. */
async function choosePicture(person: Person, file: ImageFile): Promise<void> {
  await openPeople(person);
  const chooser = person.page.waitForEvent('filechooser');
  await person.page.getByTestId('my-picture').click();
  await (await chooser).setFiles(file);
}

/** Sides of the pictures in a part of the page, once they are decoded; 0 for one that is not. */
const facesIn = ({ page }: Person, testId: string): Promise<number[]> =>
  page
    .getByTestId(testId)
    .getByTestId('face')
    .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth));

it('a picture that Ana chooses is what Ben sees of her, also after a reload, until she removes it', async () => {
  const [ana, ben] = (await together('Ana', 'Ben')) as [Person, Person];
  await choosePicture(ana, pngBomb('bomb.png', 30_000, 30_000));
  await ana.page
    .getByTestId('toasts')
    .getByText(/900 megapixels/)
    .waitFor();
  expect(await facesIn(ana, 'my-picture')).toEqual([]);

  await choosePicture(ana, pngFile('ana.png', 1_200, 800));
  await expect.poll(() => facesIn(ana, 'my-picture'), { timeout: 10_000 }).toEqual([96]);
  // It was busy meanwhile, and kept the focus.
  expect(await ana.page.getByTestId('my-picture').evaluate((button) => button === document.activeElement)).toBe(true);
  await closePeople(ana);
  await expect.poll(() => facesIn(ben, 'participants'), { timeout: 15_000 }).toEqual([96]);
  await openPeople(ben);
  expect(await facesIn(ben, 'participant')).toEqual([96]);
  expect(await seriousFaults(ben.page)).toEqual([]);
  await closePeople(ben);
  await ana.page.getByTestId('chat-toggle').click();
  await ana.page.getByTestId('chat-input').fill('Hello');
  await ana.page.getByTestId('chat-input').press('Enter');
  await ben.page.getByTestId('chat-toggle').click();
  await expect.poll(() => facesIn(ben, 'chat-message'), { timeout: 10_000 }).toEqual([96]);

  // Beyond the edge of the view as well.
  await moveTo(ana, 5_000, 100);
  await ana.page.mouse.move(400, 400);
  await ben.page.getByTestId('edge-pointer').waitFor({ timeout: 5_000 });
  await expect.poll(() => facesIn(ben, 'edge-pointer'), { timeout: 10_000 }).toEqual([96]);

  // Kept on her device, and asked for anew by Ben's.
  await ana.page.reload();
  await waitForChip(ana.page, /^Saved/);
  await expect.poll(() => facesIn(ana, 'participants'), { timeout: 10_000 }).toEqual([96]);
  await ben.page.reload();
  await waitForChip(ben.page, /^Saved/);
  await expect.poll(() => facesIn(ben, 'participants'), { timeout: 15_000 }).toEqual([96]);

  await openPeople(ana);
  expect(await seriousFaults(ana.page)).toEqual([]);
  await ana.page.getByTestId('my-picture-remove').click();
  await expect.poll(() => facesIn(ben, 'participants'), { timeout: 10_000 }).toEqual([]);
  expect(await facesIn(ana, 'my-picture')).toEqual([]);
  await ana.page.getByTestId('toast').getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => facesIn(ben, 'participants'), { timeout: 15_000 }).toEqual([96]);
});

it('on a phone, a long name that is being typed leaves room for its picture and its buttons, at home and on a board', async () => {
  const ana = await createPerson(world.browser, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  people.push(ana);
  const { page } = ana;
  /** Controls beside one's own name that lie over each other or out of the page. */
  const crowded = (): Promise<string[]> =>
    page.getByTestId('my-name').evaluate((field) => {
      const row = field.closest('header > .row, .me') ?? document.body;
      const boxes = [...row.querySelectorAll('button, input')].map((control) => ({ control, box: control.getBoundingClientRect() }));
      const out = boxes.filter(({ box }) => box.left < -1 || box.right > innerWidth + 1);
      // The press area of one's picture is larger than the picture, by 8 px on each side.
      const isPicture = (control: Element): boolean => control.getAttribute('data-testid') === 'my-picture';
      const over = boxes.slice(1).filter(({ control, box }, i) => {
        const before = boxes[i];
        if (before === undefined) return false;
        return before.box.right > box.left + (isPicture(control) || isPicture(before.control) ? 9 : 1);
      });
      return [...out, ...over].map(({ control }) => control.getAttribute('data-testid') ?? control.getAttribute('aria-label') ?? '?');
    });
  await page.goto(world.relay.url);
  const chooser = page.waitForEvent('filechooser');
  await page.getByTestId('my-picture').click();
  await (await chooser).setFiles(pngFile('ana.png', 300, 300));
  await page.getByTestId('face').waitFor();
  await page.getByTestId('my-picture-remove').waitFor();
  expect(await crowded()).toEqual([]);
  await page.getByTestId('my-name').fill('Maximilian Anders the second');
  await page.getByTestId('my-name-keep').waitFor();
  expect(await crowded()).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await openBoard(page, world.relay.url, newBoardId());
  await waitForChip(page, /^Saved/);
  await openPeople(ana);
  await page.getByTestId('my-name-keep').waitFor();
  expect(await crowded()).toEqual([]);
});

it('a reaction is seen by all for a moment, with the name of its sender', async () => {
  const [ana, ben, cy] = (await together('Ana', 'Ben', 'Cy')) as [Person, Person, Person];
  await openPeople(ana);
  const react = ana.page.getByTestId('react').filter({ hasText: '🎉' });
  const seen = [ana, ben, cy].map(({ page }) => page.getByTestId('reaction').filter({ hasText: '🎉' }).filter({ hasText: 'Ana' }).first());
  await Promise.all([react.click(), ...seen.map((reaction) => reaction.waitFor({ timeout: 5_000 }))]);
  await expect.poll(() => ben.page.getByTestId('heard').innerText(), { timeout: 5_000 }).toBe('Ana: 🎉');
  for (const reaction of seen) await reaction.waitFor({ state: 'detached', timeout: 6_000 });
  // A flood of one person leaves the screen to the others.
  await ben.page.evaluate(async () => {
    const { awareness } = window.wetink?.room ?? {};
    for (let n = 1; n <= 40; n++) {
      awareness?.setLocalStateField(
        'reactions',
        Array.from({ length: 5 }, (_, i) => ({ n: n * 5 + i, emoji: i === 0 ? '<img src=x onerror=alert(1)>' : '👍' })),
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  await cy.page.getByTestId('reaction').first().waitFor();
  expect(await cy.page.getByTestId('reaction').count()).toBeLessThanOrEqual(6);
});

it('words beside the cursor: others read them while they are typed, Enter leaves them a moment, Escape takes them back', async () => {
  const [ana, ben] = (await together('Ana', 'Ben')) as [Person, Person];
  const said = (): Promise<unknown> =>
    ben.page.evaluate(() => {
      const { awareness } = window.wetink?.room ?? {};
      return [...(awareness?.getStates() ?? [])].find(([id]) => id !== awareness?.clientID)?.[1]['said'] ?? '';
    });
  await ana.page.mouse.move(400, 350);
  await ana.page.keyboard.press('/');
  await ana.page.getByTestId('say').waitFor();
  await ana.page.keyboard.type('Look here');
  await expect.poll(said, { timeout: 5_000 }).toBe('Look here');
  await expect.poll(() => ben.page.getByTestId('heard').innerText(), { timeout: 5_000 }).toBe('Ana says: Look here');
  expect(await seriousFaults(ana.page)).toEqual([]);
  await ana.page.keyboard.press('Enter');
  await ana.page.getByTestId('say').waitFor({ state: 'detached' });
  expect(await said()).toBe('Look here');
  await expect.poll(said, { timeout: 8_000 }).toBe('');
  await ana.page.keyboard.press('/');
  await ana.page.keyboard.type('x'.repeat(300));
  await expect.poll(said, { timeout: 5_000 }).toBe('x'.repeat(120));
  await ana.page.keyboard.press('Escape');
  await expect.poll(said, { timeout: 5_000 }).toBe('');
  // The letters reached the field and no tool.
  expect(await ana.page.evaluate(() => window.wetink?.board.count)).toBe(0);
});

it('people who join and leave are one quiet line in the chat and in no document; those who reload are none', async () => {
  // Those who were there before Ana are no news to her, however long a page takes to open.
  const [ben, ana] = (await together('Ben', 'Ana')) as [Person, Person];
  await ana.page.waitForTimeout(3_500);
  await ana.page.getByTestId('chat-toggle').click();
  await ben.page.reload();
  const board = new URL(ana.page.url()).pathname.split('/').at(-1) ?? '';
  const late = await Promise.all(['Cy', 'Dora', 'Eli'].map(() => createPerson(world.browser)));
  people.push(...late);
  for (const { page } of late) await openBoard(page, world.relay.url, board);
  const lines = ana.page.getByTestId('chat-coming');
  await lines.filter({ hasText: /and 2 others joined$/ }).waitFor({ timeout: 15_000 });
  expect(await lines.count()).toBe(1);
  expect(await ana.page.getByTestId('chat-message').count()).toBe(0);
  expect(await ana.page.evaluate(() => window.wetink?.board.doc.getArray('chat').length)).toBe(0);
  expect(await ana.page.getByTestId('toast').count()).toBe(0);
  for (const { context } of late) await context.close();
  await lines.filter({ hasText: /and 2 others left$/ }).waitFor({ timeout: 40_000 });
  expect(await lines.count()).toBe(2);
});

/** `SHOTS=folder` keeps pictures of these screens, to be looked at. */
async function keepPicture({ page }: Person, name: string): Promise<void> {
  const folder = process.env['SHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
}

it('on a phone: the list of people, following, presenting, marks, words and reactions fit, and are large enough for a finger', async () => {
  const ana = await createPerson(world.browser, {
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
    colorScheme: 'dark',
  });
  const ben = await createPerson(world.browser);
  people.push(ana, ben);
  const board = newBoardId();
  for (const [person, name] of [
    [ana, 'Ana'],
    [ben, 'Maximilian Anders the second'],
  ] as const) {
    await person.page.goto(world.relay.url);
    await person.page.getByTestId('my-name').fill(name);
    await person.page.getByTestId('my-name').press('Enter');
    await openBoard(person.page, world.relay.url, board);
    await waitForChip(person.page, /^Saved/);
  }
  const { page } = ana;
  /** Controls in these parts that are cut off, or too small for a finger; and parts that lie over the bars. */
  const faults = (...testIds: string[]): Promise<string[]> =>
    page.evaluate((ids) => {
      const parts = ids.flatMap((id) => [...document.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`)]);
      const controls = parts.flatMap((part) =>
        part.matches('button, input') ? [part] : [...part.querySelectorAll<HTMLElement>('button, input')],
      );
      const nameOf = (one: HTMLElement): string => one.dataset['testid'] ?? one.textContent;
      const small = controls.filter((one) => one.getBoundingClientRect().height < 43.5 || one.getBoundingClientRect().width < 43.5);
      const cut = [...parts, ...controls].filter((one) => {
        const { left, right, top, bottom } = one.getBoundingClientRect();
        return left < -0.5 || right > innerWidth + 0.5 || top < -0.5 || bottom > innerHeight + 0.5 || right === left;
      });
      const covered = controls.filter((one) => {
        const { left, right, top, bottom } = one.getBoundingClientRect();
        const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return hit === null || !(one.contains(hit) || hit.contains(one));
      });
      const over = parts.flatMap((part) => {
        const words = [...part.querySelectorAll('.name, .doing')];
        const first = part.querySelector('button')?.getBoundingClientRect().left ?? Infinity;
        return words.filter((one) => one.getBoundingClientRect().right > first + 0.5 || one.clientWidth < 60);
      });
      const overflow = document.documentElement.scrollWidth - innerWidth;
      return [
        ...(parts.length === 0 ? [`nothing of ${ids.join()}`] : []),
        ...small.map((one) => `${nameOf(one)} is small: ${one.getBoundingClientRect().width} x ${one.getBoundingClientRect().height}`),
        ...cut.map((one) => `${nameOf(one)} is cut off`),
        ...covered.map((one) => `${nameOf(one)} is covered`),
        ...over.map((one) => `“${one.textContent}” is over a button, or has no room`),
        ...(overflow > 0 ? [`the page is ${overflow} px too wide`] : []),
      ];
    }, testIds);

  await page.getByTestId('participants').tap();
  await page.getByTestId('participant').getByTestId('follow').waitFor();
  await keepPicture(ana, 'phone-people');
  expect(await faults('participant', 'react', 'say-open', 'raise-hand', 'present')).toEqual([]);
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByTestId('participant').getByTestId('follow').tap();
  await page.getByTestId('follow-bar').waitFor();
  await keepPicture(ana, 'phone-follow');
  expect(await faults('follow-bar')).toEqual([]);
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByTestId('follow-stop').tap();

  await moveTo(ben, 5_000, 100);
  await ben.page.mouse.move(600, 400);
  await page.getByTestId('edge-pointer').waitFor({ timeout: 5_000 });
  await keepPicture(ana, 'phone-edge');
  expect(await faults('edge-pointer')).toEqual([]);

  await openPeople(ana);
  await page.getByTestId('present').tap();
  await page.getByTestId('present-bar').waitFor();
  await ben.page.getByTestId('toast').getByRole('button', { name: 'Follow' }).click();
  await page.getByTestId('present-bar').filter({ hasText: 'follows you' }).waitFor({ timeout: 5_000 });
  await keepPicture(ana, 'phone-present');
  expect(await faults('present-bar')).toEqual([]);
  // A pointer beyond the upper corner is marked below the bar.
  await ben.page.getByTestId('follow-stop').click();
  await moveTo(ben, 3_000, -4_000);
  await ben.page.mouse.move(620, 380);
  const bottom = async (testId: string): Promise<number> => {
    const box = await page.getByTestId(testId).boundingBox();
    return (box?.y ?? NaN) + (box?.height ?? NaN);
  };
  await expect.poll(async () => (await page.getByTestId('edge-pointer').boundingBox())?.y ?? 999, { timeout: 5_000 }).toBeLessThan(250);
  await keepPicture(ana, 'phone-corner');
  expect((await page.getByTestId('edge-pointer').boundingBox())?.y).toBeGreaterThan(await bottom('present-bar'));
  await page.getByTestId('present-stop').tap();

  await openPeople(ana);
  await page.getByTestId('react').first().tap();
  await page.getByTestId('reaction').waitFor();
  await page.getByTestId('say-open').tap();
  await page.getByTestId('say').waitFor();
  await page.keyboard.type('Look at the green corner, please');
  await keepPicture(ana, 'phone-say');
  expect(await faults('say')).toEqual([]);
});
