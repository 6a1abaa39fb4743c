import { describe, expect, it } from 'vitest';
import { plain, shape } from '../fixtures/elements.ts';
import { loadFonts, svgFonts, type FontPage } from './fonts.ts';
import { renderSvg } from './svg.ts';

type Descriptors = Readonly<Record<string, string>>;

const rule = (descriptors: Descriptors): CSSRule =>
  ({ style: { getPropertyValue: (name: string) => descriptors[name] ?? '' } }) as unknown as CSSRule;

const latin: Descriptors = {
  'font-family': '"Wetink Hand"',
  'font-weight': '400',
  'unicode-range': 'U+0-FF, U+2000-206F',
  src: 'url("./hand-latin.woff2") format("woff2")',
};
const page: FontPage = {
  baseURI: 'https://example.org/b/1',
  styleSheets: [
    {
      href: 'https://example.org/assets/index.css',
      cssRules: [
        rule({ color: 'red' }),
        {} as CSSRule, // @media, @keyframes: no style at all
        rule(latin),
        rule({ ...latin, 'unicode-range': 'U+1??, U+1E00-1E9F', src: 'url(hand-ext.woff2) format("woff2")' }),
        rule({ ...latin, 'font-family': 'Wetink Mono', src: "url('/mono.woff2') format('woff2')" }),
        rule({ ...latin, 'font-family': 'Somebody Else' }),
      ] as unknown as CSSRuleList,
    },
  ],
};
const notices = { sans: 'Inter -- OFL', hand: 'Caveat, OFL', mono: 'JetBrains Mono, OFL' };

const text = (content: string, font: 'sans' | 'hand' | 'mono' = 'hand') =>
  shape('text', { w: 10, h: 10 }, { text: content, style: { ...plain, font } });

async function fetched(...elements: ReturnType<typeof text>[]): Promise<string[]> {
  const urls: string[] = [];
  const fetchBytes = (url: string): Promise<ArrayBuffer> => {
    urls.push(url);
    return Promise.resolve(Uint8Array.of(1, 2, 3).buffer);
  };
  await svgFonts(elements, { page, fetchBytes, notices });
  return urls;
}

describe('fonts of an export', () => {
  it('[X3] E2: only the files whose characters the texts use travel in the picture', async () => {
    expect(await fetched(text('boats'))).toEqual(['https://example.org/assets/hand-latin.woff2']);
    expect(await fetched(text('Łódź'))).toEqual([
      'https://example.org/assets/hand-latin.woff2',
      'https://example.org/assets/hand-ext.woff2',
    ]);
    expect(await fetched(text('ẞ'))).toEqual(['https://example.org/assets/hand-ext.woff2']);
    expect(await fetched(text('a'), text('b', 'mono'))).toEqual([
      'https://example.org/assets/hand-latin.woff2',
      'https://example.org/mono.woff2',
    ]);
    expect(await fetched(text('日本'))).toEqual([]);
    expect(await fetched(text(''))).toEqual([]);
    expect(await fetched(shape('rectangle', { w: 1, h: 1 }))).toEqual([]);
  });

  it('[X3] E2: a picture carries its fonts as data, with who made them, and names nothing that would be fetched', async () => {
    const elements = [text('boats')];
    const fonts = await svgFonts(elements, {
      page,
      fetchBytes: async () => Uint8Array.of(1, 2, 3).buffer,
      notices: { ...notices, hand: 'A --> B' },
    });
    const svg = renderSvg(elements, { theme: 'light', fonts });
    expect(svg).toContain('font-family: &quot;Wetink Hand&quot;; font-weight: 400; unicode-range: U+0-FF, U+2000-206F;');
    expect(svg).toContain('url(data:font/woff2;base64,AQID)');
    expect(svg).toContain('A -&gt; B');
    expect(svg.match(/-->/g)).toHaveLength(1);
    expect(svg).not.toMatch(/url\((?!data:font\/woff2;base64,)/);
    expect(renderSvg(elements, { theme: 'light', fonts: [] })).not.toContain('<style');
  });

  it('[X3] E2: a font that can not be had is an error, not another picture', async () => {
    const fetchBytes = (): Promise<ArrayBuffer> => Promise.reject(new TypeError('Failed to fetch'));
    await expect(svgFonts([text('boats')], { page, fetchBytes, notices })).rejects.toThrow('Failed to fetch');
  });

  it('[X2] E1: fonts are loaded before anything is measured in them, each with the characters it is needed for', async () => {
    const asked: [string, string][] = [];
    const fonts = {
      load(font: string, characters = '') {
        asked.push([font.split(',')[0] ?? '', characters]);
        return font.includes('Mono') ? Promise.reject(new Error('offline')) : Promise.resolve([]);
      },
    };
    await loadFonts([text('boot'), text('tea'), text('x', 'mono'), shape('rectangle', { w: 1, h: 1 })], fonts);
    expect(asked).toEqual([
      ['16px "Wetink Hand"', 'botea'],
      ['16px "Wetink Mono"', 'x'],
    ]);
  });
});
