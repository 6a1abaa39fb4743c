/** Gives the stage the last style that this person drew with on this device, and remembers its changes. */
import type { Stage } from '@wetink/canvas';
import type { KeyValue } from '../core/key-value.ts';
import { readStyleChoice, writeStyleChoice } from '../core/style-choice.ts';

/** @param stage Nothing may be selected on it, or the selection's style would change too. Returns how to stop. */
export function keepStyle(stage: Pick<Stage, 'state' | 'onState' | 'setStyle'>, facts: KeyValue, personId: string): () => void {
  stage.setStyle(readStyleChoice(facts, personId));
  let { style } = stage.state;
  return stage.onState(() => {
    if (stage.state.style === style) return;
    style = stage.state.style;
    writeStyleChoice(facts, personId, style);
  });
}
