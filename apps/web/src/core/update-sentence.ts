/**
 * A new version of the app: the words about it, and what it waits for before the page reloads into it. Pure.
 *
 *   none ──installed──> ready ──asked for here──> asked ──nothing would be lost──> reload
 *                         └──asked for in another tab──> taken ──nothing is interrupted──> reload
 */
import * as m from '$words/update-sentence';

/** `asked`: the person asked for it on this page. `taken`: it has started, since another tab asked for it. */
export type UpdateStep = 'none' | 'ready' | 'asked' | 'taken';

/** Things that a reload would lose or interrupt, the most important first. */
export const holds = ['unsaved', 'gesture', 'draft', 'typing', 'dialog'] as const;
export type Hold = (typeof holds)[number];

/** A person who asks for the reload is done with any open text or dialog. The reload still waits for what would be lost. */
const holdsAsked: ReadonlySet<Hold> = new Set<Hold>(['unsaved', 'gesture', 'draft']);

/** The first thing that a reload has to wait for; null: nothing. */
export function firstHold(step: UpdateStep, present: ReadonlySet<Hold>): Hold | null {
  return holds.find((hold) => present.has(hold) && (step !== 'asked' || holdsAsked.has(hold))) ?? null;
}

/** The page's sentence, or null. `canAsk`: there is a button that asks for the reload. */
export function updateSentence(step: UpdateStep, hold: Hold | null): { text: string; canAsk: boolean } | null {
  switch (step) {
    case 'none':
      return null;
    case 'ready':
      return { text: m.ready(), canAsk: true };
    case 'asked':
      return hold === null ? null : { text: asked[hold](), canAsk: false };
    case 'taken':
      return { text: (hold === null ? m.taken : taken[hold])(), canAsk: true };
  }
}

type Sentences = Readonly<Record<Hold, () => string>>;

const asked: Sentences = {
  unsaved: m.askedUnsaved,
  gesture: m.askedGesture,
  draft: m.askedDraft,
  typing: m.askedTyping,
  dialog: m.askedDialog,
};

const taken: Sentences = {
  unsaved: m.takenUnsaved,
  gesture: m.takenGesture,
  draft: m.takenDraft,
  typing: m.takenTyping,
  dialog: m.takenDialog,
};
