/**
 * Documents that were given up and kept. As long as one with unsaved changes is there, the status says so:
 * a refusal is settled by a person (look, copy over, discard), never by forgetting.
 */
import * as Y from 'yjs';
import type { DeviceCopy } from './device-copy.ts';
import type { KeptMeta, KeptRecord, KeptToWrite } from './device-layout.ts';
import type { CopyFact, Refused } from './status.ts';
import type { KeptCopy } from './types.ts';

/** A copy that another tab has made of the same document. */
export interface OtherCopy {
  kept: KeptMeta;
  /** It holds all that this tab has. */
  isCovered: boolean;
  /** It was made just now. An older one is on the device, or a person has discarded it. */
  isNews: boolean;
}

export class KeptCopies {
  readonly #device: DeviceCopy | null;
  readonly #onChange: () => void;
  readonly #onDiscard: (id: string) => void;
  /** Copies made in this tab include their document, since the device may refuse it. */
  readonly #byId = new Map<string, KeptMeta & { update?: Uint8Array }>();

  /** @param onDiscard A person has discarded one: other tabs may show it. */
  constructor(device: DeviceCopy | null, onChange: () => void, onDiscard: (id: string) => void) {
    this.#device = device;
    this.#onChange = onChange;
    this.#onDiscard = onDiscard;
  }

  get refused(): Refused | null {
    const lost = [...this.#byId.values()].filter((copy) => copy.changes > 0);
    const last = lost.at(-1);
    if (last === undefined) return null;
    return { count: lost.reduce((sum, copy) => sum + copy.changes, 0), code: last.code, where: this.#whereOf(lost) };
  }

  /** Where copies with changes are: all on the device, some about to be, or some in this tab alone. */
  #whereOf(lost: readonly KeptMeta[]): CopyFact {
    if (lost.every(({ id }) => this.#isOnDevice(id))) return 'kept';
    return this.#device?.storage === 'working' ? 'writing' : 'none';
  }

  #isOnDevice(id: string): boolean {
    return this.#device?.hasKept(id) ?? false;
  }

  /**
   * @param byTab Copy that another tab made on the same device: ours is a second one only if theirs lacks changes of ours.
   * @returns The copy to announce, and the record that this tab must write, if any.
   */
  setAside(doc: Y.Doc, meta: KeptMeta, byTab?: OtherCopy): { kept: KeptMeta; record: KeptToWrite | null } {
    if (byTab !== undefined) this.#byId.set(byTab.kept.id, byTab.kept);
    if (byTab?.isCovered) {
      if (!byTab.isNews) return { kept: byTab.kept, record: null };
      // The other tab may fail to write it, or be gone before it has: this one has all of it in its document.
      const spare = { ...byTab.kept, update: Y.encodeStateAsUpdate(doc) };
      this.#byId.set(spare.id, spare);
      return { kept: byTab.kept, record: { ...spare, isSpare: true } };
    }
    const record = { ...meta, update: Y.encodeStateAsUpdate(doc) };
    this.#byId.set(meta.id, record);
    return { kept: meta, record };
  }

  /** Drops copies that only the erased device had. @returns Those that are still in memory. */
  erased(): KeptRecord[] {
    const records = [...this.#byId.values()];
    for (const { id, update } of records) if (update === undefined) this.#byId.delete(id);
    return records.flatMap(({ update, ...meta }) => (update === undefined ? [] : [{ ...meta, update }]));
  }

  /** Adds the copies of earlier visits. */
  async restore(): Promise<void> {
    for (const { update: _, ...meta } of await this.#stored()) {
      if (!this.#byId.has(meta.id)) this.#byId.set(meta.id, meta);
    }
  }

  /** Checks whether the copy that another tab made is on the device. */
  async look(): Promise<void> {
    await this.#device?.flush();
    await this.restore();
    this.#onChange();
  }

  async list(): Promise<KeptCopy[]> {
    await this.restore();
    return [...this.#byId.values()].map((copy) => this.present(copy));
  }

  present({ id, at, changes, code }: KeptMeta): KeptCopy {
    const isOnDevice = (): boolean => this.#isOnDevice(id);
    return {
      id,
      at,
      changes,
      code,
      get onDevice() {
        return isOnDevice();
      },
      load: () => this.#load(id),
      discard: () => {
        this.#onDiscard(id);
        return this.forget(id);
      },
    };
  }

  async #load(id: string): Promise<Uint8Array> {
    const update = this.#byId.get(id)?.update ?? (await this.#stored()).find((record) => record.id === id)?.update;
    if (update === undefined) throw new RangeError('no such copy');
    return update;
  }

  /** Drops a copy that was discarded, here or in another tab. */
  async forget(id: string): Promise<void> {
    this.#byId.delete(id);
    this.#onChange();
    await this.#device?.discard(id);
  }

  async #stored(): Promise<KeptRecord[]> {
    try {
      return (await this.#device?.kept()) ?? [];
    } catch {
      return []; // The device is failing; its state says so, and those of this tab are in memory.
    }
  }
}
