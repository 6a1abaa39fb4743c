/** Carries updates between devices: late, some at a time, and in any order between people. */
import type { Device } from './people.ts';

export class Network {
  readonly #devices: readonly Device[];
  /** Updates by sender, then receiver. */
  readonly #queues: readonly (readonly Uint8Array[][])[];

  /** @param devices A page that reloads replaces its device in this list. */
  constructor(devices: readonly Device[]) {
    this.#devices = devices;
    this.#queues = devices.map(() => devices.map(() => []));
  }

  /** Sends what a device has written. */
  flush(sender: number): void {
    const updates = (this.#devices[sender] as Device).outbox.splice(0);
    for (const [receiver, queue] of (this.#queues[sender] as Uint8Array[][]).entries()) {
      if (receiver !== sender) queue.push(...updates);
    }
  }

  /** Delivers some of the updates of one device to another. */
  deliverSome(sender: number, choice: number): void {
    this.flush(sender);
    const receiver = choice % this.#devices.length;
    if (receiver === sender) return;
    const queue = this.#queue(sender, receiver);
    for (const update of queue.splice(0, 1 + ((choice >> 4) % (queue.length + 1)))) this.#devices[receiver]?.receive(update);
  }

  /** Delivers everything that was sent to a device. */
  pull(receiver: number): void {
    for (const sender of this.#devices.keys()) {
      this.flush(sender);
      for (const update of this.#queue(sender, receiver).splice(0)) this.#devices[receiver]?.receive(update);
    }
  }

  /** Delivers all updates to all devices, also those that pages write in response. */
  settle(): void {
    for (let round = 0; round < 20; round++) {
      for (const index of this.#devices.keys()) this.pull(index);
      for (const index of this.#devices.keys()) this.flush(index);
      if (this.#queues.flat(2).length === 0) return;
    }
    throw new Error('P1 the devices never come to rest');
  }

  #queue(sender: number, receiver: number): Uint8Array[] {
    return (this.#queues[sender] as Uint8Array[][])[receiver] as Uint8Array[];
  }
}
