/** The few facts about the machine that change the interface. */
import type { Platform } from '../core/shortcuts.ts';

export const platform: Platform = /Mac|iPhone|iPad/.test(navigator.platform) ? 'mac' : 'other';
