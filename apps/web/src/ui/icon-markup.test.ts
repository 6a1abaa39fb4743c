import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { iconMarkup, iconsWithProps } from '../../icon-markup.ts';

const icon = (name: string): string =>
  readFileSync(new URL(`../../node_modules/@lucide/svelte/dist/icons/${name}.svelte`, import.meta.url), 'utf8');

it('an icon is the markup that its component would make', () => {
  expect(iconMarkup(icon('menu'))).toBe(
    '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" ' +
      'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" class="lucide lucide-menu lucide-icon">' +
      '<path d="M4 5h16" /><path d="M4 12h16" /><path d="M4 19h16" /></svg>\n',
  );
  expect(() => iconMarkup('<Icon />')).toThrow('no data');
});

it('an icon that gets a prop, which its markup would not show, is found', () => {
  const component = (use: string): string => `<script>import Menu from '@lucide/svelte/icons/menu';</script><p>${use}</p>`;
  expect(iconsWithProps(component('<Menu /><Menu/><Menu aria-hidden="true" /><MenuItem size={3} />'))).toEqual([]);
  expect(iconsWithProps(component('<Menu size={16} />'))).toEqual(['Menu']);
  expect(iconsWithProps(component('<Menu\n  class="x" />'))).toEqual(['Menu']);
});
