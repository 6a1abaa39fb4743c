/** Kept copies that are known to be on the device; reads and discards them there. */
import type { DeviceConnection } from './device-connection.ts';
import { deleteKept, readKept, type KeptRecord } from './device-layout.ts';

export class KeptOnDevice {
  readonly #connection: DeviceConnection;
  readonly #ids = new Set<string>();

  constructor(connection: DeviceConnection) {
    this.#connection = connection;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** A completed transaction wrote it, or found it. */
  note(id: string): void {
    this.#ids.add(id);
  }

  /** All kept copies on the device, those of earlier visits and other tabs included. */
  async read(): Promise<KeptRecord[]> {
    const database = this.#connection.current;
    const kept = database === null ? [] : await readKept(database);
    for (const { id } of kept) this.note(id);
    return kept;
  }

  async discard(id: string): Promise<void> {
    this.#ids.delete(id);
    const database = this.#connection.current;
    if (database !== null) await deleteKept(database, id);
  }

  erased(): void {
    this.#ids.clear();
  }
}
