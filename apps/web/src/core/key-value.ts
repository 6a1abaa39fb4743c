/**
 * Small facts kept on this device: my identity, the boards I opened, light or dark.
 *
 * Over `localStorage`, which a browser may refuse (blocked cookies, full disk, private windows). Then the facts live
 * as long as the page, and `isDurable` says so. What is read back is never trusted: readers get `unknown`.
 */
export interface KeyValue {
  /** False once the device refused to keep something. */
  readonly isDurable: boolean;
  /** The parsed JSON of `key`, or null when absent or not JSON. */
  read(key: string): unknown;
  write(key: string, value: unknown): void;
  remove(key: string): void;
}

export type StringStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** @param open Returns the device's store; may throw, as `window.localStorage` does when site data is blocked. */
export function createKeyValue(open: () => StringStore): KeyValue {
  const memory = new Map<string, string>();
  let isDurable = true;

  const onDevice = <T>(action: (store: StringStore) => T, fallback: T): T => {
    try {
      return action(open());
    } catch {
      isDurable = false; // Refused or full: the copy in memory serves this page.
      return fallback;
    }
  };

  return {
    get isDurable() {
      return isDurable;
    },
    read(key) {
      // Memory wins only where the device failed to keep the newer value.
      const text = memory.get(key) ?? onDevice((store) => store.getItem(key), null);
      if (text === null) return null;
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return null; // Written by something else: as good as absent.
      }
    },
    write(key, value) {
      const text = JSON.stringify(value);
      const kept = onDevice((store) => (store.setItem(key, text), text), null);
      if (kept !== null) memory.delete(key);
      else memory.set(key, text);
    },
    remove(key) {
      memory.delete(key);
      onDevice((store) => store.removeItem(key), undefined);
    },
  };
}
