/** One room on this node: its state, and messages that wait until Redis has confirmed its subscription. */

import type { BusListener, RoomCounts } from '../bus/bus.ts';

export class RedisRoom {
  readonly name: string;
  readonly channel: string;
  readonly listener: BusListener;
  counts: RoomCounts = { people: 0, connections: 0 };
  /** Subscribed, on the present link. */
  isAttached = false;
  /** Subscribed on an earlier link: other nodes may know that it was open. */
  wasAttached = false;
  isLeft = false;
  /** It was open while the link was down: its listener gets `restored` once it is subscribed again. */
  owesRestored = false;
  /** Messages published before the subscription was confirmed. Sent after it, so that the answers to them are heard too. */
  held: { channel: string; bytes: Buffer }[] = [];
  /** Other nodes known to have it open, with the number of registry refreshes in a row that missed them. */
  readonly seen = new Map<string, number>();

  constructor(name: string, channel: string, listener: BusListener) {
    this.name = name;
    this.channel = channel;
    this.listener = listener;
  }

  /** Called when the link is gone. Drops the held messages. @returns How many. */
  detach(): number {
    this.wasAttached ||= this.isAttached;
    this.isAttached = false;
    this.owesRestored = true;
    const lost = this.held.length;
    this.held = [];
    return lost;
  }
}
