import { expect, it } from 'vitest';
import { elementsInMarkup, toMarkup } from './clipboard-markup.ts';

it('other programs get the texts, whatever is in them, and a board gets the elements', () => {
  const markup = toMarkup({ file: 'AbC+/w==', copy: 'a_b-C' }, ['One\ntwo', '<img src=x onerror=alert(1)> & "more"']);
  expect(elementsInMarkup(`<html><body><!--StartFragment-->${markup}</body></html>`)).toEqual({ file: 'AbC+/w==', copy: 'a_b-C' });
  expect(markup).toContain('<p>One<br>two</p>');
  expect(markup).toContain('<p>&lt;img src=x onerror=alert(1)&gt; &amp; &quot;more&quot;</p>');
});

it('a text that looks like elements is a text, and markup of others is none', () => {
  expect(elementsInMarkup(toMarkup({ file: 'AAAA', copy: '' }, ['<div data-wetink="BBBB" data-wetink-copy="">']))?.file).toBe('AAAA');
  expect(elementsInMarkup('<p>&lt;div data-wetink="BBBB" data-wetink-copy=""&gt;</p>')).toBe(null);
  expect(elementsInMarkup('<div data-wetink="no base64!" data-wetink-copy="">')).toBe(null);
  expect(elementsInMarkup(`<div data-wetink="" data-wetink-copy="${'x'.repeat(65)}">`)).toBe(null);
  expect(elementsInMarkup('')).toBe(null);
  expect(elementsInMarkup('<div data-wetink="" data-wetink-copy="">')).toBe(null);
});
