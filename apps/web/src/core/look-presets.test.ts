import { describe, expect, it } from 'vitest';
import { isLookValue, plainLook, type Look } from '@wetink/board';
import { lookOf, noFilters, presetOf, presets } from './look-presets.ts';

describe('presets of looks', () => {
  it('every preset is within the bounds of a look, at every strength, and is recognised with its strength', () => {
    for (const preset of presets) {
      for (const strength of [0.1, 0.37, 0.5, 1]) {
        const look = { ...plainLook, radius: 0.2, ...lookOf(preset, strength) };
        for (const [prop, value] of Object.entries(look)) expect([prop, isLookValue(prop as keyof Look, value)]).toEqual([prop, true]);
        const found = presetOf(look);
        expect(found?.preset.name).toBe(preset.name);
        expect({ ...plainLook, radius: 0.2, ...lookOf(preset, found?.strength ?? 0) }).toEqual(look);
      }
    }
  });

  it('a look set by hand, and none, are no preset', () => {
    expect(presetOf(plainLook)).toBeNull();
    expect(presetOf({ ...plainLook, hue: 0.3 })).toBeNull();
    const [vivid] = presets;
    expect(presetOf({ ...plainLook, ...(vivid && lookOf(vivid, 0.5)), sepia: 0.01 })).toBeNull();
  });

  it('taking all filters off leaves the corners', () => {
    expect('radius' in noFilters).toBe(false);
    expect(Object.values(noFilters).every((value) => value === 0)).toBe(true);
  });
});
