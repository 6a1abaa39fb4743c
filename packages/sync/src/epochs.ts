/**
 * Which document the room holds. A document that the relay refused, or that another tab gave up, is set aside as a kept
 * copy, and the room goes on in an empty one: the next epoch.
 */
import type { ErrorName } from '@wetink/protocol';
import type { DeviceCopy } from './device-copy.ts';
import { FIRST_EPOCH, type Epoch, type KeptMeta } from './device-layout.ts';
import { mintId, type Environment } from './environment.ts';
import type { KeptCopies, OtherCopy } from './kept-copies.ts';
import type { Counters, Ledger } from './ledger.ts';
import type { Replica } from './replica.ts';
import type { SpareEdits } from './spare-edits.ts';
import type { Tabs } from './tabs.ts';

export interface EpochsOptions {
  environment: Environment;
  /** This tab. */
  tab: string;
  ledger: Ledger;
  device: DeviceCopy | null;
  kept: KeptCopies;
  spare: SpareEdits;
  tabs: Tabs;
  replica(): Replica;
  /** Puts a new document in the place of the present one. @param kept The copy of that one. */
  beginAnew(kept: KeptMeta): void;
}

export class Epochs {
  readonly #options: EpochsOptions;
  #current = FIRST_EPOCH;

  constructor(options: EpochsOptions) {
    this.#options = options;
  }

  get current(): Epoch {
    return this.#current;
  }

  /** Rows of `epoch` were read from the device. @returns False when their document was given up meanwhile. */
  enter(epoch: Epoch): boolean {
    if (epoch.number < this.#current.number) return false;
    this.#current = epoch;
    return true;
  }

  /** Another tab gave the document up. Changes of ours that may be in no other place become one more kept copy. */
  follow(epoch: Epoch, covered?: Counters): void {
    const { device, kept: copies, ledger, replica, tab, tabs } = this.#options;
    const { kept } = epoch;
    if (kept === null || replica().content() === null) {
      this.#current = epoch;
      device?.enter(epoch);
    } else {
      const held = Math.max(covered?.get(tab) ?? 0, ledger.settled(tab));
      this.replace(kept.code, { epoch, kept, isCovered: held >= ledger.made(tab), isNews: (covered?.size ?? 0) > 0 });
      void copies.look();
    }
    tabs.sayHello();
  }

  /**
   * Gives the document up: the room goes on in a new one.
   * @param byTab Another tab has begun the next epoch and made a copy, which may hold our changes as well.
   */
  replace(code: ErrorName, byTab?: OtherCopy & { epoch: Epoch }): void {
    const { environment, ledger, device, kept: copies, spare, tabs, replica, beginAnew } = this.#options;
    const old = replica();
    old.release();
    const covered = ledger.allMade();
    const meta = { id: mintId(environment), at: environment.now(), changes: ledger.waiting(), code };
    const { kept, record } = copies.setAside(old.doc, meta, byTab);
    ledger.settle(covered);
    spare.forget();
    this.#current = byTab?.epoch ?? { number: this.#current.number + 1, kept };
    device?.replace(this.#current, record);
    tabs.beginEpoch(byTab === undefined ? covered : null);
    beginAnew(kept);
  }
}
