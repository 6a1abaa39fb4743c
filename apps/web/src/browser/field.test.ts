import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isField, isTextField } from './field.ts';

/** Elements with the properties that tell fields apart. */
class Page extends EventTarget {
  isContentEditable = false;
}
class Input extends Page {
  readonly type: string;
  constructor(type: string) {
    super();
    this.type = type;
  }
}
class TextArea extends Page {}
class Select extends Page {}

beforeEach(() => {
  vi.stubGlobal('HTMLElement', Page);
  vi.stubGlobal('HTMLInputElement', Input);
  vi.stubGlobal('HTMLTextAreaElement', TextArea);
  vi.stubGlobal('HTMLSelectElement', Select);
});
afterEach(() => vi.unstubAllGlobals());

it.each([
  ['text', true, true],
  ['search', true, true],
  ['submit', true, false],
  ['reset', true, false],
  ['button', false, false],
  ['checkbox', false, false],
  ['color', false, false],
  ['file', false, false],
  ['radio', false, false],
  ['range', false, false],
])('an input of type %s: a field %s, of text %s', (type, field, text) => {
  const input = new Input(type);
  expect([isField(input), isTextField(input)]).toEqual([field, text]);
});

it('texts and lists are fields, other elements only while they can be edited', () => {
  expect([isField(new TextArea()), isTextField(new TextArea())]).toEqual([true, true]);
  expect([isField(new Select()), isTextField(new Select())]).toEqual([true, false]);
  const other = new Page();
  expect([isField(other), isField(null)]).toEqual([false, false]);
  other.isContentEditable = true;
  expect([isField(other), isTextField(other)]).toEqual([true, false]);
});
