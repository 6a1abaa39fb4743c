/** One room on this node: what is known of it, and what waits until Redis has confirmed its subscription. */

import type { BusListener, RoomCounts } from '../bus/bus.ts';

export class RedisRoom {
  readonly name: string;
  readonly channel: string;
  readonly listener: BusListener;
  counts: RoomCounts = { people: 0, connections: 0 };
  /** Subscribed, on the link that holds now. */
  isAttached = false;
  /** On an earlier link: others may know that it was open. */
  wasAttached = false;
  isLeft = false;
  /** It was open while the link was down: its listener is told once it hears again. */
  owesRestored: boolean;
  /**
   * What was published before the subscription was confirmed. Sent after it, so that whatever the others say to it is
   * heard too.
   */
  held: { channel: string; bytes: Buffer }[] = [];
  /** Others known to have it open, and how many refreshes in a row the registry did not have them. */
  readonly seen = new Map<string, number>();

  constructor(name: string, channel: string, listener: BusListener, owesRestored: boolean) {
    this.name = name;
    this.channel = channel;
    this.listener = listener;
    this.owesRestored = owesRestored;
  }

  /** The link is gone. What waited is lost; returns how many messages. */
  detach(): number {
    this.wasAttached ||= this.isAttached;
    this.isAttached = false;
    this.owesRestored = true;
    const lost = this.held.length;
    this.held = [];
    return lost;
  }
}
