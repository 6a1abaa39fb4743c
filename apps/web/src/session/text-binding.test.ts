import { BoardError, type ElementText, type TextDelta } from '@wetink/board';
import { describe, expect, it } from 'vitest';
import { bindText, type TextBox } from './text-binding.ts';

const TEXT_MAX = 30;

/** A text that both sides edit, without a document below it. */
function fakeText(initial: string) {
  let value = initial;
  const callbacks = new Set<(delta: readonly TextDelta[], by: { readonly isLocal: boolean }) => void>();
  let edits = 0;
  const change = (start: number, deleteCount: number, insert: string, by: { isLocal: boolean }): void => {
    value = value.slice(0, start) + insert + value.slice(start + deleteCount);
    for (const callback of callbacks) callback([{ index: start, deleted: deleteCount, inserted: insert }], by);
  };
  const text: ElementText = {
    get value() {
      return value;
    },
    edit(start, deleteCount, insert) {
      if (value.length - deleteCount + insert.length > TEXT_MAX) throw new BoardError('TOO_LARGE');
      edits++;
      change(start, deleteCount, insert, { isLocal: true });
    },
    onChange(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    undo: () => change(0, value.length, initial, { isLocal: true }),
    redo: () => undefined,
    close: () => undefined,
  };
  const remote = (start: number, deleteCount: number, insert: string): void => change(start, deleteCount, insert, { isLocal: false });
  return { text, remote, editCount: () => edits };
}

function fakeBox() {
  const target = new EventTarget();
  const box = {
    value: '',
    selectionStart: 0,
    selectionEnd: 0,
    selectionDirection: 'none' as const,
    setSelectionRange(start: number, end: number) {
      box.selectionStart = start;
      box.selectionEnd = end;
    },
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
  };
  const fire = (name: string) => target.dispatchEvent(new Event(name));
  const type = (insert: string) => {
    box.value = box.value.slice(0, box.selectionStart) + insert + box.value.slice(box.selectionEnd);
    box.setSelectionRange(box.selectionStart + insert.length, box.selectionStart + insert.length);
    fire('input');
  };
  return { box: box as unknown as TextBox, raw: box, fire, type };
}

function setup(initial: string) {
  const { text, remote, editCount } = fakeText(initial);
  const { box, raw, fire, type } = fakeBox();
  let shown = 0;
  const refused: string[] = [];
  const unbind = bindText(box, text, { onShown: () => shown++, onRefused: ({ code }) => refused.push(code) });
  return { text, remote, box: raw, fire, type, unbind, refused, editCount, shownCount: () => shown };
}

describe('a text box that others type into', () => {
  it('my typing is sent, and others’ typing appears around my caret', () => {
    const { text, remote, box, type } = setup('two boats');
    box.setSelectionRange(3, 3);
    type(' big');
    expect(text.value).toBe('two big boats');
    remote(0, 0, 'Ana: ');
    expect(box.value).toBe('Ana: two big boats');
    expect(box.selectionStart).toBe(12);
    type('!');
    expect(text.value).toBe('Ana: two big! boats');
  });

  it('a selection stays on the selected text', () => {
    const { remote, box } = setup('abcdef');
    box.setSelectionRange(2, 4);
    remote(0, 1, 'XYZ');
    expect(box.value.slice(box.selectionStart, box.selectionEnd)).toBe('cd');
  });

  it('the box shows my own undo', () => {
    const { text, box, type } = setup('a');
    box.setSelectionRange(1, 1);
    type('b');
    text.undo();
    expect(box.value).toBe('a');
  });

  it('a composition is left alone, then merged with edits that came meanwhile', () => {
    const { text, remote, box, fire } = setup('hello');
    box.setSelectionRange(5, 5);
    fire('compositionstart');
    box.value = 'helloに';
    box.setSelectionRange(6, 6);
    fire('input');
    expect(text.value).toBe('hello');
    remote(0, 0, 'Oh ');
    expect(box.value).toBe('helloに');
    box.value = 'hello日本';
    box.setSelectionRange(7, 7);
    fire('compositionend');
    expect(text.value).toBe('Oh hello日本');
    expect(box.value).toBe('Oh hello日本');
    expect(box.selectionStart).toBe(10);
  });

  it('after a cancelled composition the box shows edits that others made meanwhile', () => {
    const { remote, box, fire } = setup('hello');
    fire('compositionstart');
    remote(5, 0, '!');
    fire('compositionend');
    expect(box.value).toBe('hello!');
  });

  it('typing that the text has no room for is taken out and reported, and the binding goes on', () => {
    const { text, box, type, refused } = setup('start ');
    box.setSelectionRange(6, 6);
    type('x'.repeat(TEXT_MAX));
    expect([box.value, box.selectionStart, refused]).toEqual(['start ', 6, ['TOO_LARGE']]);
    type('end');
    expect([text.value, box.value]).toEqual(['start end', 'start end']);
    expect(refused).toHaveLength(1);
  });

  it('a composition that the text has no room for is taken out, and edits of others stay', () => {
    const { text, remote, box, fire, refused } = setup('x'.repeat(TEXT_MAX - 1));
    box.setSelectionRange(TEXT_MAX - 1, TEXT_MAX - 1);
    fire('compositionstart');
    box.value += '日本';
    box.setSelectionRange(TEXT_MAX + 1, TEXT_MAX + 1);
    remote(0, 1, '');
    fire('compositionend');
    expect([text.value, refused]).toEqual(['x'.repeat(TEXT_MAX - 2) + '日本', []]);
    fire('compositionstart');
    box.value += '語';
    fire('compositionend');
    expect([box.value, refused]).toEqual([text.value, ['TOO_LARGE']]);
  });

  it.each<[string, readonly ('start' | 'input' | 'end')[]]>([
    ['Chromium: the last letter comes before the end', ['start', 'input', 'input', 'end']],
    ['Firefox: one more input comes after the end', ['start', 'input', 'end', 'input']],
    ['Safari: letters go and come again before the end, and its keydown after', ['start', 'input', 'input', 'input', 'end']],
  ])('D12: a word of an input method goes into the text once, in the event order of %s', (_, order) => {
    const { text, box, fire, editCount } = setup('to ');
    const steps = ['にほ', '日本'];
    box.setSelectionRange(3, 3);
    for (const step of order) {
      if (step === 'input') {
        box.value = `to ${steps[0] ?? '日本'}`;
        if (steps.length > 1) steps.shift();
        box.setSelectionRange(box.value.length, box.value.length);
        fire('input');
        continue;
      }
      if (step === 'end') box.value = 'to 日本';
      box.setSelectionRange(box.value.length, box.value.length);
      fire(step === 'start' ? 'compositionstart' : 'compositionend');
    }
    expect([text.value, box.value, editCount()]).toEqual(['to 日本', 'to 日本', 1]);
  });

  it('D15: a text with carriage returns is shown without them, and my first edit removes them and keeps others’ typing', () => {
    const { text, remote, box, type } = setup('a\r\nb\rc');
    expect(box.value).toBe('a\nb\nc');
    box.setSelectionRange(5, 5);
    remote(4, 0, 'X');
    expect([box.value, box.selectionStart]).toEqual(['a\nbX\nc', 6]);
    type('!');
    expect([text.value, box.value, box.selectionStart]).toEqual(['a\nbX\nc!', 'a\nbX\nc!', 7]);
    remote(0, 0, '\r\n');
    expect([box.value, box.selectionStart]).toEqual(['\na\nbX\nc!', 8]);
  });

  it('an unbound text box is silent', () => {
    const { text, remote, box, type, unbind, shownCount } = setup('a');
    unbind();
    remote(0, 0, 'x');
    expect(box.value).toBe('a');
    type('b');
    expect(text.value).toBe('xa');
    expect(shownCount()).toBe(0);
  });
});
