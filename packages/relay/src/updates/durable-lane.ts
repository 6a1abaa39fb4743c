/** The durable lane of a room's fan-out: the changes of one tick, framed once for all members. */

import type { RelayLimits } from '../limits/limits.ts';
import type { Seat } from '../member/seat.ts';
import { createOutgoing, type Framing, type Outgoing } from '../framing/outgoing.ts';
import { firstClocks } from '../document/room-document.ts';

/** Authors in one tick above which every member gets the same frame: to make one for each costs more than the echo. */
const MAX_AUTHORS_LEFT_OUT = 2;

/** Author of a change: a member, a member that has left, another node, or several (a change that filled a hole of others). */
export type Author = Seat | 'left' | 'node' | 'several';

/** Part of a change, by one author. */
export interface ChangePart {
  author: Author;
  update: Uint8Array;
}

/** A change of the document, and the updates that it was made from. */
interface Change {
  update: Uint8Array;
  parts: readonly ChangePart[];
}

interface Batch {
  outgoing: Outgoing;
  /** More than a socket's budget. */
  isLarge: boolean;
  /** The first clock of each client in it. */
  first(): Map<number, number>;
}

export interface DurableLaneContext {
  framing: Framing;
  limits: RelayLimits;
}

export class DurableLane {
  readonly #context: DurableLaneContext;
  #changes: Change[] = [];

  constructor(context: DurableLaneContext) {
    this.#context = context;
  }

  push(update: Uint8Array, parts: readonly ChangePart[]): void {
    this.#changes.push({ update, parts });
  }

  /** Takes all that waits. @returns A function that sends it to one member; null when nothing waits. */
  take(): ((seat: Seat) => void) | null {
    const changes = this.#changes;
    if (changes.length === 0) return null;
    this.#changes = [];
    const authors = new Set<Author>();
    for (const { parts } of changes) for (const { author } of parts) authors.add(author);
    const shared = this.#batches(changes.map((change) => change.update));
    const isEchoed = authors.size > MAX_AUTHORS_LEFT_OUT;
    return (seat) => {
      if (isEchoed || !authors.has(seat)) return send(seat, shared);
      const others = changes.flatMap((change) => withoutPartsOf(seat, change));
      if (others.length > 0) send(seat, this.#batches(others));
    };
  }

  clear(): void {
    this.#changes = [];
  }

  /** Changes in order, cut so that each batch fits a socket's budget; a change that is too large is a batch of its own. */
  #batches(updates: readonly Uint8Array[]): Batch[] {
    const { softSendBytes } = this.#context.limits;
    const batches: Batch[] = [];
    let open: Uint8Array[] = [];
    let openBytes = 0;
    const cut = (): void => {
      if (open.length > 0) batches.push(this.#batch(open, { isLarge: openBytes > softSendBytes }));
      open = [];
      openBytes = 0;
    };
    for (const update of updates) {
      if (openBytes + update.length > softSendBytes / 2) cut();
      open.push(update);
      openBytes += update.length;
    }
    cut();
    return batches;
  }

  #batch(updates: readonly Uint8Array[], { isLarge }: { isLarge: boolean }): Batch {
    let first: Map<number, number> | null = null;
    return {
      isLarge,
      outgoing: createOutgoing(
        updates.map((update) => ({ type: 'update', update })),
        this.#context.framing,
      ),
      first: () => (first ??= firstClocks(updates)),
    };
  }
}

function send(seat: Seat, batches: readonly Batch[]): void {
  const { member } = seat;
  for (const batch of batches) {
    // A socket with room takes a large change like a first sync: from Buffers that all receivers share.
    if (seat.missed === null && !member.isBehind() && !(batch.isLarge && member.isWaiting())) {
      member.sendSync(batch.outgoing, { isShared: batch.isLarge });
    } else seat.miss(batch.first());
  }
}

function withoutPartsOf(seat: Seat, { update, parts }: Change): Uint8Array[] {
  if (parts.every(({ author }) => author !== seat)) return [update];
  return parts.flatMap((part) => (part.author === seat ? [] : [part.update]));
}
