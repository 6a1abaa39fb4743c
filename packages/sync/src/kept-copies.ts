/**
 * Documents that were given up and not thrown away. As long as one with unsaved changes is there, the status says so:
 * a refusal is settled by a person (look, copy over, discard), never by forgetting.
 */
import type { ErrorName } from '@wetink/protocol';
import type { DeviceCopy, KeptRecord } from './device-copy.ts';
import type { KeptCopy } from './types.ts';

/** All but the document: what another tab needs to show it. */
export type KeptMeta = Omit<KeptRecord, 'update'>;

export class KeptCopies {
  readonly #device: DeviceCopy | null;
  readonly #onChange: () => void;
  readonly #metas = new Map<string, KeptMeta>();
  /** Made in this tab: also there when the device refused them. */
  readonly #updates = new Map<string, Uint8Array>();

  constructor(device: DeviceCopy | null, onChange: () => void) {
    this.#device = device;
    this.#onChange = onChange;
  }

  get refused(): { count: number; code: ErrorName } | null {
    const lost = [...this.#metas.values()].filter((meta) => meta.changes > 0);
    const last = lost.at(-1);
    if (last === undefined) return null;
    return { count: lost.reduce((sum, meta) => sum + meta.changes, 0), code: last.code };
  }

  add(record: KeptRecord): void {
    this.#updates.set(record.id, record.update);
    this.note(metaOf(record));
  }

  /** Another tab has made one, on the same device. */
  note(meta: KeptMeta): void {
    this.#metas.set(meta.id, meta);
    this.#onChange();
  }

  /** Those of earlier lives. */
  async restore(): Promise<void> {
    for (const record of await this.#stored()) this.#metas.set(record.id, metaOf(record));
  }

  async list(): Promise<KeptCopy[]> {
    await this.restore();
    return [...this.#metas.values()].map((meta) => this.present(meta));
  }

  present({ id, at, changes, code }: KeptMeta): KeptCopy {
    return { id, at, changes, code, load: () => this.#loadCopy(id), discard: () => this.#discard(id) };
  }

  async #loadCopy(id: string): Promise<Uint8Array> {
    const update = this.#updates.get(id) ?? (await this.#stored()).find((record) => record.id === id)?.update;
    if (update === undefined) throw new RangeError(`no kept copy ${id}`);
    return update;
  }

  async #discard(id: string): Promise<void> {
    this.#metas.delete(id);
    this.#updates.delete(id);
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

export function metaOf({ id, at, changes, code }: KeptRecord): KeptMeta {
  return { id, at, changes, code };
}
