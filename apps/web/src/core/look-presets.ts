/** Looks with a name: a set of filter values, all scaled by one strength. */
import * as m from '$words/look-presets';
import { plainLook, type Look } from '@wetink/board';
import { filterProps } from '@wetink/canvas';

export interface LookPreset {
  readonly name: string;
  /** At full strength; the other filters are 0. */
  readonly look: Partial<Look>;
}

export const presets: readonly LookPreset[] = [
  { name: m.vivid(), look: { saturation: 0.5, contrast: 0.2, exposure: 0.08 } },
  { name: m.warm(), look: { warmth: 0.8, saturation: 0.15, brightness: 0.1 } },
  { name: m.cool(), look: { warmth: -0.8, saturation: 0.05, contrast: 0.1 } },
  { name: m.fade(), look: { contrast: -0.35, saturation: -0.3, brightness: 0.3, warmth: 0.15 } },
  { name: m.mono(), look: { greyscale: 1, contrast: 0.15 } },
  { name: m.noir(), look: { greyscale: 1, contrast: 0.5, brightness: -0.2, vignette: 0.6 } },
  { name: m.sepia(), look: { sepia: 0.9, contrast: -0.1, vignette: 0.3 } },
];

/** Values are kept to whole percent: what a slider shows is what is stored. */
export function toPercent(value: number): number {
  return Math.round(value * 100) + 0;
}

/** All filters of a preset. The corners stay as they are. */
export function lookOf({ look }: LookPreset, strength: number): Partial<Look> {
  return Object.fromEntries(filterProps.map((prop) => [prop, toPercent((look[prop] ?? 0) * strength) / 100]));
}

/** The preset and strength that give exactly this look; null for a look that was set by hand, or none. */
export function presetOf(look: Look): { readonly preset: LookPreset; readonly strength: number } | null {
  // A preset that is weak enough rounds to nothing.
  if (filterProps.every((prop) => look[prop] === 0)) return null;
  for (const preset of presets) {
    // The largest value of the preset tells the strength best.
    const [prop, full] = Object.entries(preset.look).toSorted(([, a], [, b]) => Math.abs(b) - Math.abs(a))[0] as [keyof Look, number];
    const guess = toPercent(look[prop] / full);
    for (const percent of [guess, guess - 1, guess + 1]) {
      if (percent <= 0 || percent > 100) continue;
      const wanted = lookOf(preset, percent / 100);
      if (filterProps.every((one) => look[one] === wanted[one])) return { preset, strength: percent / 100 };
    }
  }
  return null;
}

/** Every filter at 0. The corners stay as they are. */
export const noFilters: Partial<Look> = Object.fromEntries(filterProps.map((prop) => [prop, plainLook[prop]]));
