/** The open database of one document: opened when needed, closed when another tab or the browser ends it. */
import { openDatabase } from './database.ts';

export interface DeviceConnectionOptions {
  name: string;
  indexedDB: IDBFactory | undefined;
  /** Another tab erases or upgrades it. */
  onDeleted(): void;
  /** The browser erased it with all data of this site, or gave up on it. */
  onEnded(): void;
}

export class DeviceConnection {
  readonly #options: DeviceConnectionOptions;
  #database: IDBDatabase | null = null;
  #opening: Promise<IDBDatabase> | null = null;
  #isClosed = false;

  constructor(options: DeviceConnectionOptions) {
    this.#options = options;
  }

  /** Null when it has to be opened first. */
  get current(): IDBDatabase | null {
    return this.#database;
  }

  /** May wait for ever, in a browser that blocks storage without saying so. */
  async open(): Promise<IDBDatabase> {
    if (this.#database !== null) return this.#database;
    const { name, indexedDB, onDeleted, onEnded } = this.#options;
    if (indexedDB === undefined) throw new Error('no IndexedDB');
    this.#opening ??= openDatabase(indexedDB, name).finally(() => (this.#opening = null));
    const database = await this.#opening;
    if (this.#isClosed) {
      database.close();
      throw new Error('closed');
    }
    this.#database = database;
    database.onversionchange = () => {
      this.#letGo(database); // Don't stand in the way.
      onDeleted();
    };
    database.onclose = () => {
      this.#letGo(database);
      onEnded();
    };
    return database;
  }

  /** The next use opens it anew. */
  forget(): void {
    if (this.#database !== null) this.#letGo(this.#database);
  }

  close(): void {
    this.#isClosed = true;
    this.forget();
  }

  #letGo(database: IDBDatabase): void {
    database.close();
    if (this.#database === database) this.#database = null;
  }
}
