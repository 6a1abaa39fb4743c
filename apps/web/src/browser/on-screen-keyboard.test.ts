import { describe, expect, it } from 'vitest';
import { keyboardHeightPx, onKeyboard } from './on-screen-keyboard.ts';

function viewport(height: number, offsetTop = 0, scale = 1) {
  return Object.assign(new EventTarget(), { height, offsetTop, scale });
}

describe('an on-screen keyboard', () => {
  it('D1: in Safari the visible height gives the height of the keyboard', () => {
    expect(keyboardHeightPx({ innerHeight: 844, visualViewport: viewport(508), navigator: {} })).toBe(336);
    // Safari has pushed the page up to show the field.
    expect(keyboardHeightPx({ innerHeight: 844, visualViewport: viewport(508, 100), navigator: {} })).toBe(236);
    expect(keyboardHeightPx({ innerHeight: 844, visualViewport: viewport(844), navigator: {} })).toBe(0);
    expect(keyboardHeightPx({ innerHeight: 844, visualViewport: null, navigator: {} })).toBe(0);
  });

  it('D1: Chromium reports the place of the keyboard and leaves the viewport alone', () => {
    const virtualKeyboard = Object.assign(new EventTarget(), { boundingRect: { height: 300 } });
    expect(keyboardHeightPx({ innerHeight: 844, visualViewport: viewport(844), navigator: { virtualKeyboard } })).toBe(300);
  });

  it('D1: a zoomed page does not count as one with a keyboard', () => {
    expect(keyboardHeightPx({ innerHeight: 844, visualViewport: viewport(422, 0, 2), navigator: {} })).toBe(0);
  });

  it('D1: both kinds of keyboard events are heard, until the listener stops', () => {
    const visualViewport = viewport(844);
    const virtualKeyboard = Object.assign(new EventTarget(), { boundingRect: { height: 0 } });
    let heard = 0;
    const stop = onKeyboard(() => heard++, { innerHeight: 844, visualViewport, navigator: { virtualKeyboard } });
    visualViewport.dispatchEvent(new Event('resize'));
    visualViewport.dispatchEvent(new Event('scroll'));
    virtualKeyboard.dispatchEvent(new Event('geometrychange'));
    expect(heard).toBe(3);
    stop();
    virtualKeyboard.dispatchEvent(new Event('geometrychange'));
    expect(heard).toBe(3);
  });
});
