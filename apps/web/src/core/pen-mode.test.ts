import { describe, expect, it } from 'vitest';
import type { PenMode, StageState } from '@wetink/canvas';
import { keepPenMode } from '../session/keep-pen-mode.ts';
import { createKeyValue, type KeyValue } from './key-value.ts';
import { readPenMode } from './pen-mode.ts';

function device(stored?: string): KeyValue {
  const kept = new Map<string, string>(stored === undefined ? [] : [['wetink.pen-mode', stored]]);
  return createKeyValue(() => ({
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }));
}

/** The part of a stage that pen mode needs. */
function stageOf() {
  const listeners = new Set<() => void>();
  const stage = {
    state: { penMode: 'unseen' } as StageState,
    onState(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setPenMode(penMode: PenMode) {
      stage.state = { ...stage.state, penMode };
      listeners.forEach((listener) => listener());
    },
  };
  return stage;
}

describe('pen mode', () => {
  it('D8: the page announces the first pen once, and after a reload fingers still move the board', () => {
    const facts = device();
    let told = 0;
    const stage = stageOf();
    const stop = keepPenMode(stage, facts, () => (told += 1));
    expect(stage.state.penMode).toBe('unseen');
    stage.setPenMode('on');
    stage.setPenMode('on');
    stop();
    const later = stageOf();
    keepPenMode(later, facts, () => (told += 1));
    expect([told, later.state.penMode]).toEqual([1, 'on']);
  });

  it('D8: fingers that were allowed to draw still draw after a reload', () => {
    const facts = device('"on"');
    const stage = stageOf();
    keepPenMode(stage, facts, () => undefined);
    stage.setPenMode('off');
    const later = stageOf();
    keepPenMode(later, facts, () => undefined);
    expect(later.state.penMode).toBe('off');
  });

  it.each(['{"a":1}', '"maybe"', 'true', '{', '[]', '"__proto__"'])('D8: a stored %s is as good as nothing', (stored) => {
    expect(readPenMode(device(stored))).toBe('unseen');
  });
});
