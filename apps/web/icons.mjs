// Makes the PNG icons in static/ from static/icon.svg: `node apps/web/icons.mjs`, needs Chromium (CHROMIUM_PATH).
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(import.meta.dirname, '../e2e/package.json'));
const { chromium } = require('playwright');
const folder = join(import.meta.dirname, 'static');
const svg = await readFile(join(folder, 'icon.svg'), 'utf8');
// Maskable and Apple icons are cut to shape by the system: paper to the very edge, the ink inside the safe circle.
const square = svg.replace(/<rect width[^>]*>/, '<rect width="512" height="512" fill="#fbfaf6"/>').replace(/<rect x=[^>]*>/, '');
const safe = square.replace('<path', '<g transform="translate(64 64) scale(.75)"><path').replace('</svg>', '</g></svg>');

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage();
for (const [name, size, source] of [
  ['icon-192.png', 192, svg],
  ['icon-512.png', 512, svg],
  ['icon-maskable-512.png', 512, safe],
  ['apple-touch-icon.png', 180, square],
]) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${source}`);
  await writeFile(join(folder, name), await page.screenshot({ omitBackground: true }));
}
await browser.close();
