/**
 * Texts that would run as scripts, through every field that takes a text, in and out of files, on both sides of a board.
 *
 * Ana's browser ignores the page's Content-Security-Policy: whatever slipped in would run there. Ben's keeps it, and a test
 * fails when a page goes against its policy. Nobody may ask another origin for anything.
 */
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { BrowserContext, Page } from 'playwright';
import {
  createPerson,
  newBoardId,
  openBoard,
  openTab,
  pickTool,
  useWorld,
  waitForCount,
  type Person,
  useServiceWorkers,
} from './harness.ts';
import { EVIL, payloads } from './payloads.ts';

useServiceWorkers();

const world = useWorld();
const PWNED = 'a payload ran: ';

interface Watched extends Person {
  /** Requests to other origins; none of them left. */
  readonly asked: string[];
}

const people: Watched[] = [];

afterEach(async () => {
  for (const { context, errors, asked } of people.splice(0)) {
    await context.close();
    expect([errors, asked]).toEqual([[], []]);
  }
});

/** What runs says so on the console, where the harness collects it; a dialog does as well. */
async function watched(context: BrowserContext, origin: string): Promise<string[]> {
  const asked: string[] = [];
  await context.addInitScript((pwned) => {
    Object.defineProperty(window, 'pwned', { set: (which) => console.error(`${pwned}${String(which)}`) });
    for (const name of ['alert', 'confirm', 'prompt', 'print'] as const) window[name] = () => console.error(`${pwned}${name}`) as never;
  }, PWNED);
  await context.route('**/*', (route) => {
    const url = new URL(route.request().url());
    if (url.origin === origin) return route.fallback();
    asked.push(url.href);
    return route.abort();
  });
  return asked;
}

async function person(options: { bypassCSP: boolean }): Promise<Watched> {
  const created = await createPerson(world.browser, { ...options, serviceWorkers: 'block', acceptDownloads: true });
  const asked = await watched(created.context, world.relay.url);
  const someone = { ...created, asked };
  people.push(someone);
  return someone;
}

async function two(): Promise<[Watched, Watched]> {
  const board = newBoardId();
  const both = await Promise.all([person({ bypassCSP: true }), person({ bypassCSP: false })]);
  for (const { page } of both) await openBoard(page, world.relay.url, board);
  return both;
}

/** Everything a peer can put on a board: texts, messages under these names, titles, and records that no app would write. */
function fillBoard(page: Page): Promise<void> {
  return page.evaluate(async (texts) => {
    const { board } = window.wetink ?? {};
    if (board === undefined) throw new Error('open the board with #debug');
    const style = { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 20, font: 'sans' } as const;
    const at = (i: number) => ({ x: (i % 12) * 90, y: Math.floor(i / 12) * 30, w: 80, h: 25, rotation: 0 });
    board.run((edit) => texts.forEach((text, i) => edit.create({ kind: 'text', geometry: at(i), style, text })));
    const first = board.elements()[0];
    texts.forEach((text, i) => {
      const record = {
        s: first?.step,
        k: 'iframe',
        g: [0, 0, 9, 9, 0],
        srcdoc: text,
        src: text,
        href: text,
        html: text,
        y: { color: text, fill: text, font: text },
      };
      board.doc.getMap('base').set(`${first?.session ?? ''}zz${i.toString(36)}`, record);
    });
    for (const [n, text] of texts.entries()) {
      board.doc.getArray('chat').push([{ i: `p.${n}`, u: 'mallory', n: text.slice(0, 80), t: text, d: Date.now() }]);
      board.setTitle(text);
      await new Promise((resolve) => setTimeout(resolve));
    }
    for (const [key, value] of [
      ['background', texts[0]],
      ['html', texts[1]],
    ] as const)
      board.doc.getMap('meta').set(key, value);
  }, payloads);
}

/** A long chat has only its end on the page. Each message was there while it was the newest. */
const LAST = 100;
/** The signs of markdown are not shown, and of a link to a web page only its text. */
const withoutMarks = (text: string): string => text.replace(/\[([^\]]*)\]\(https?:[^)\s]*\)/g, '$1').replace(/[*_~`\s-]/g, '');
const onBoard = 2 * payloads.length;

it('the payloads are many, and run where a page trusts them', async () => {
  expect(new Set(payloads.map((text) => text.replace(/\d+/g, ''))).size).toBeGreaterThanOrEqual(200);
  const context = await world.browser.newContext();
  const asked = await watched(context, 'http://fixture.test');
  await context.route('http://fixture.test/**', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><body>' }));
  const page = await context.newPage();
  const ran = new Set<string>();
  page.on('console', (message) => message.text().startsWith(PWNED) && ran.add(message.text()));
  await page.goto('http://fixture.test/');
  await page.evaluate(
    async (texts) => {
      for (const text of texts) {
        const box = document.createElement('div');
        document.body.append(box);
        box.innerHTML = text;
        const frame = document.createElement('iframe');
        frame.srcdoc = text;
        document.body.append(frame);
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      for (const each of document.querySelectorAll<HTMLElement>('button, div[onclick], meter')) each.click();
      for (const link of document.querySelectorAll('a')) link.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve, 500));
    },
    payloads.filter((text) => !/http-equiv|<base/.test(text)),
  );
  await context.close();
  console.log(`${payloads.length} payloads: ${ran.size} ran and ${new Set(asked).size} addresses were asked in a page that trusts them`);
  expect(ran.size).toBeGreaterThan(80);
  expect(asked.filter((url) => url.startsWith(EVIL)).length).toBeGreaterThan(5);
});

describe('[C5] as text and nothing else', () => {
  it('elements, messages and their senders, titles, names beside cursors', async () => {
    const [ana, ben] = await two();
    for (const { page } of [ana, ben]) {
      await page.getByTestId('chat-toggle').click();
      // A chat that opens later stays at its first unread message.
      await page.getByTestId('chat-input').waitFor();
    }
    await fillBoard(ben.page);
    await waitForCount(ana.page, onBoard);
    for (const { page } of [ana, ben]) {
      const said = async (): Promise<string[]> => (await page.getByTestId('chat-text').allTextContents()).slice(-LAST).map(withoutMarks);
      await expect.poll(said, { timeout: 60_000 }).toEqual(payloads.slice(-LAST).map(withoutMarks));
    }
    await ben.page.evaluate(async (texts) => {
      const { awareness } = window.wetink?.room ?? {};
      for (const [i, name] of texts.entries()) {
        awareness?.setLocalState({
          session: name,
          user: { id: name.slice(0, 100), name },
          cursor: { x: i, y: i },
          tool: name,
          isTyping: true,
        });
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }, payloads);
    await ana.page.getByTestId('participants').click();
    await ana.page.getByTestId('participant').first().waitFor();
  });

  it('what is typed: my name, a text box, a message', async () => {
    const [ana, ben] = await two();
    for (const { page } of [ana, ben]) {
      await page.getByTestId('participants').click();
      const names = await page.getByTestId('my-name').evaluate(async (field: HTMLInputElement, texts) => {
        const kept: string[] = [];
        for (const text of texts) {
          field.focus();
          field.value = text.slice(0, field.maxLength);
          field.dispatchEvent(new InputEvent('input', { bubbles: true }));
          field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
          await new Promise((resolve) => setTimeout(resolve));
          kept.push(field.value);
        }
        return kept;
      }, payloads);
      expect(new Set(names).size).toBeGreaterThan(100);
      await page.keyboard.press('Escape');
    }
    await pickTool(ana.page, 'text');
    await ana.page.mouse.click(400, 300);
    await ana.page.getByTestId('text-editor').fill(payloads.join('\n'));
    await ana.page.keyboard.press('Escape');
    await waitForCount(ben.page, 1);
    await ben.page.getByTestId('chat-toggle').click();
    await ben.page.getByTestId('chat-input').fill(payloads.join('\n').slice(0, 4_000));
    await ben.page.getByTestId('chat-input').press('Enter');
    await ana.page.getByTestId('chat-toggle').click();
    await ana.page.getByTestId('chat-message').waitFor();
  });

  it('addresses: of a board that is none, and pasted as a link', async () => {
    for (const bypassCSP of [true, false]) {
      const { page } = await person({ bypassCSP });
      await page.goto(world.relay.url);
      await page.getByTestId('open-input').evaluate(async (field: HTMLInputElement, texts) => {
        for (const text of texts) {
          field.value = text;
          field.dispatchEvent(new InputEvent('input', { bubbles: true }));
          field.form?.requestSubmit();
          await new Promise((resolve) => setTimeout(resolve));
        }
      }, payloads);
      await page.evaluate(async (texts) => {
        for (const text of texts) {
          history.pushState(null, '', `/b/${encodeURIComponent(text)}#k=${encodeURIComponent(text)}`);
          dispatchEvent(new PopStateEvent('popstate'));
          await new Promise((resolve) => setTimeout(resolve));
        }
      }, payloads);
      expect(new URL(page.url()).origin).toBe(world.relay.url);
    }
    for (const text of payloads) {
      const answer = await fetch(`${world.relay.url}/${encodeURIComponent(text)}`);
      expect([answer.headers.get('content-type'), answer.headers.get('x-content-type-options')]).toEqual([
        'application/json; charset=utf-8',
        'nosniff',
      ]);
    }
  });
});

describe('[C2] a file that is dropped', () => {
  function drop(page: Page, files: { name: string; type: string; body: string }[]): Promise<void> {
    return page.evaluate((all) => {
      const dataTransfer = new DataTransfer();
      for (const { name, type, body } of all) dataTransfer.items.add(new File([body], name, { type }));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }, files);
  }

  it('is a card and never a picture when it is markup, whatever it is called', async () => {
    for (const [i, someone] of (await two()).entries()) {
      const svg = (text: string): string => `<svg xmlns="http://www.w3.org/2000/svg" onload="top.pwned=1">${text}${i}</svg>`;
      const files = payloads.map((text, at) => ({ name: at % 2 === 0 ? `${text}.svg` : text, type: 'image/svg+xml', body: svg(text) }));
      await drop(someone.page, files);
      await waitForCount(someone.page, files.length * (i + 1), 60_000);
      const kinds = await someone.page.evaluate(() => window.wetink?.board.elements().map(({ kind }) => kind));
      expect(new Set(kinds)).toEqual(new Set(['file']));
    }
  });

  it('a board file brings texts, and kinds that nobody knows, as they are', async () => {
    const [ana, ben] = await two();
    const elements = payloads.flatMap((text) => [
      { kind: 'text', geometry: [0, 0, 80, 25, 0], text },
      { kind: 'iframe', geometry: [0, 0, 9, 9, 0], raw: { srcdoc: text, href: text } },
    ]);
    const head = { format: 'wetink', version: 1, elements: elements.length, title: payloads[0] };
    const body = [head, ...elements].map((line) => `${JSON.stringify(line)}\n`).join('');
    await drop(ana.page, [{ name: 'board.wetink', type: 'text/html', body }]);
    await waitForCount(ana.page, elements.length);
    await waitForCount(ben.page, elements.length);
  });
});

describe('[C3] a hostile board that is saved', () => {
  it('as SVG opened as a page and pasted into one: no script, no request; as PNG: a picture', async () => {
    const [ana] = await two();
    await fillBoard(ana.page);
    const saved = async (which: string): Promise<Buffer> => {
      await ana.page.getByTestId('menu').click();
      const download = ana.page.waitForEvent('download');
      await ana.page.getByTestId(which).click();
      return readFile(await (await download).path());
    };
    const picture = (await saved('export-svg')).toString();
    const png = await saved('export-png');
    expect(png.subarray(1, 4).toString()).toBe('PNG');

    // Where it is looked at there is no policy, and no Wetink.
    const context = await world.browser.newContext();
    const asked = await watched(context, 'http://pictures.test');
    await context.route('http://pictures.test/**', (route) =>
      route.request().url().endsWith('.svg')
        ? route.fulfill({ contentType: 'image/svg+xml', body: picture })
        : route.fulfill({ contentType: 'text/html', body: `<!doctype html><body>${picture}` }),
    );
    const { page, errors } = await openTab(context);
    await page.goto('http://pictures.test/board.svg');
    const shown = await page.evaluate(() => ({
      texts: document.querySelectorAll('text').length,
      tags: [...new Set([...document.querySelectorAll('*')].map(({ localName }) => localName))].sort(),
      // Rules of style sheets: the fonts that travel in the picture, and nothing of the document.
      styles: [...document.styleSheets].flatMap(({ cssRules }) => [...cssRules]).map((rule) => rule.cssText),
    }));
    expect(shown.texts).toBe(payloads.length);
    expect(shown.tags.filter((tag) => !['svg', 'g', 'path', 'rect', 'style', 'text', 'tspan'].includes(tag))).toEqual([]);
    expect(shown.styles.length).toBeGreaterThan(0);
    for (const rule of shown.styles) expect(rule).toMatch(/^@font-face \{[^{}]*url\("data:font\/woff2;base64,[A-Za-z0-9+/=]+"\)[^{}]*\}$/);
    await page.goto('http://pictures.test/page');
    await page.evaluate((markup) => (document.body.innerHTML = markup), picture);
    await context.close();
    expect([errors, asked]).toEqual([[], []]);
  });
});
