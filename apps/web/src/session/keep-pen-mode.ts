/** Gives the stage the pen mode of this device, and remembers its changes. */
import type { Stage } from '@wetink/canvas';
import type { KeyValue } from '../core/key-value.ts';
import { readPenMode, writePenMode } from '../core/pen-mode.ts';

/** @param onFirstPen The first pen on this device has switched it on. Returns how to stop. */
export function keepPenMode(stage: Pick<Stage, 'state' | 'onState' | 'setPenMode'>, facts: KeyValue, onFirstPen: () => void): () => void {
  stage.setPenMode(readPenMode(facts));
  let { penMode } = stage.state;
  return stage.onState(() => {
    const before = penMode;
    penMode = stage.state.penMode;
    if (penMode === before) return;
    writePenMode(facts, penMode);
    if (before === 'unseen') onFirstPen();
  });
}
