/** Gives the stage the style this person drew with last on this device, and remembers what it becomes. */
import type { Stage } from '@wetink/canvas';
import type { KeyValue } from '../core/key-value.ts';
import { readStyleChoice, writeStyleChoice } from '../core/style-choice.ts';

/** @param stage With nothing selected: its style would change too. Returns how to stop. */
export function keepStyle(stage: Pick<Stage, 'state' | 'onState' | 'setStyle'>, facts: KeyValue, personId: string): () => void {
  stage.setStyle(readStyleChoice(facts, personId));
  let { style } = stage.state;
  return stage.onState(() => {
    if (stage.state.style === style) return;
    style = stage.state.style;
    writeStyleChoice(facts, personId, style);
  });
}
