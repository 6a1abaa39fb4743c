import { describe, expect, it } from 'vitest';
import { colorTokens, type Style } from '@wetink/board';
import { defaultStyle, type StageState } from '@wetink/canvas';
import { keepStyle } from '../session/keep-style.ts';
import { createKeyValue, type KeyValue } from './key-value.ts';
import { readStyleChoice, STYLE_KEY, STYLE_PEOPLE_MAX, writeStyleChoice } from './style-choice.ts';

const ANA = 'guest:ana';
const BO = 'bo@example.org';
const chosen: Style = {
  color: 'teal',
  width: 9,
  fill: '#ffee00',
  opacity: 0.35,
  fontSize: 40,
  font: 'hand',
  dash: 'dotted',
  corners: 'round',
  startHead: 'dot',
  endHead: 'none',
};

function device(stored?: string): KeyValue {
  const kept = new Map<string, string>(stored === undefined ? [] : [[STYLE_KEY, stored]]);
  return createKeyValue(() => ({
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }));
}

/** The part of a stage that keeping its style needs. */
function stageOf() {
  const listeners = new Set<() => void>();
  const change = (patch: Partial<StageState>): void => {
    stage.state = { ...stage.state, ...patch };
    listeners.forEach((listener) => listener());
  };
  const stage = {
    state: { style: defaultStyle } as StageState,
    onState(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setStyle: (patch: Partial<Style>) => change({ style: { ...stage.state.style, ...patch } }),
    pan: () => change({ camera: { x: 1, y: 0, zoom: 1 } }),
  };
  return stage;
}

describe('the style of the next stroke', () => {
  it('D19: colour, width, fill, opacity, size and face are the same after a reload and on a new board', () => {
    const facts = device();
    const stop = keepStyle(stageOf(), facts, ANA);
    const stage = stageOf();
    keepStyle(stage, facts, ANA);
    for (const prop of Object.keys(chosen) as (keyof Style)[]) stage.setStyle({ [prop]: chosen[prop] });
    stop();
    const later = stageOf();
    keepStyle(later, facts, ANA);
    expect(later.state.style).toEqual(chosen);
  });

  it('D19: two people who sign in on one device each have their own style', () => {
    const facts = device();
    writeStyleChoice(facts, ANA, chosen);
    expect(readStyleChoice(facts, BO)).toEqual(defaultStyle);
    writeStyleChoice(facts, BO, { ...defaultStyle, color: 'red' });
    expect([readStyleChoice(facts, ANA), readStyleChoice(facts, BO).color]).toEqual([chosen, 'red']);
  });

  it('D19: the device keeps the styles of the last few people, not of everybody who ever signed in', () => {
    const facts = device();
    for (let person = 0; person < 3 * STYLE_PEOPLE_MAX; person += 1) writeStyleChoice(facts, `person ${person}`, chosen);
    expect(facts.read(STYLE_KEY)).toHaveLength(STYLE_PEOPLE_MAX);
    expect(readStyleChoice(facts, `person ${3 * STYLE_PEOPLE_MAX - 1}`)).toEqual(chosen);
  });

  it('D19: moving or opening a board writes nothing', () => {
    const facts = device();
    const stage = stageOf();
    keepStyle(stage, facts, ANA);
    stage.pan();
    expect(facts.read(STYLE_KEY)).toBeNull();
  });

  it.each(['{', 'null', 'true', '7', '"red"', '{"color":"red"}', '[]', '[null]', '[["guest:ana"]]', '[["guest:ana",[]]]', '[[7,{}]]'])(
    'D19: a stored %s is as good as nothing',
    (stored) => {
      expect(readStyleChoice(device(stored), ANA)).toEqual(defaultStyle);
    },
  );

  const bad: { readonly [Prop in keyof Style]: readonly unknown[] } = {
    color: [null, 'none', 'reddish', 'url(#x)', '#12345', 7, ['red']],
    width: [null, '4', 0, 0.5, 21, -4, 1e300],
    fill: [null, 'transparent', '#ffee00ff', {}],
    opacity: [null, '1', 0, 0.05, 1.5, -1],
    fontSize: [null, '24', 0, 23, 1e9],
    font: [null, 'comic', '__proto__', 1],
    dash: [null, 'wavy', 0],
    corners: [null, 'square', true],
    startHead: [null, 'crown', 1],
    endHead: [undefined, ['dot'], ''],
  };
  it.each(Object.entries(bad))('D19: a bad %s becomes the default, and the rest is kept', (prop, values) => {
    for (const value of values) {
      const facts = device(JSON.stringify([[ANA, { ...chosen, [prop]: value, unheard: 1 }]]));
      expect(readStyleChoice(facts, ANA)).toEqual({ ...chosen, [prop]: defaultStyle[prop as keyof Style] });
    }
  });

  it('D19: each colour that the panel offers is kept', () => {
    const facts = device();
    for (const color of colorTokens) {
      writeStyleChoice(facts, ANA, { ...chosen, color, fill: color });
      expect(readStyleChoice(facts, ANA)).toEqual({ ...chosen, color, fill: color });
    }
  });
});
