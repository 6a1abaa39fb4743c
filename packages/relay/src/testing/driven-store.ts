/** A store whose caller a test drives: it dies at a given call, is slow, or waits for the test. For tests only. */

import type { Store } from '@wetink/storage';

export interface Drive {
  /** The call at which the caller dies: this and later calls neither resolve nor reject. */
  dieAt?: number;
  /** Whether that call still has its effect. */
  when?: 'before' | 'after';
  /** Runs before each call, and after it. */
  before?(): Promise<void>;
  after?(): Promise<void>;
}

export interface DrivenStore {
  store: Store;
  /** Calls so far. */
  calls(): number;
}

export function drivenStore(inner: Store, { dieAt = Infinity, when = 'before', before, after }: Drive): DrivenStore {
  let calls = 0;
  const dead = new Promise<never>(() => undefined);
  const around =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const number = (calls += 1);
      await before?.();
      if (number > dieAt || (number === dieAt && when === 'before')) return dead;
      const result = await call(...args);
      if (number === dieAt) return dead;
      await after?.();
      return result;
    };
  const { records } = inner;
  return {
    calls: () => calls,
    store: {
      ...inner,
      records: { get: around(records.get), put: around(records.put), remove: around(records.remove), list: around(records.list) },
      append: around(inner.append),
      load: around(inner.load),
      list: around(inner.list),
      remove: around(inner.remove),
      putBlob: around(inner.putBlob),
      getBlob: around(inner.getBlob),
      listBlobs: around(inner.listBlobs),
      removeBlobs: around(inner.removeBlobs),
      sizeOfBlob: around(inner.sizeOfBlob),
      readBlob: around(inner.readBlob),
      writeUpload: around(inner.writeUpload),
      uploadedBytes: around(inner.uploadedBytes),
      finishUpload: around(inner.finishUpload),
      dropUpload: around(inner.dropUpload),
      listUploads: around(inner.listUploads),
    },
  };
}

/** Put before each call; lets the given number of calls pass and holds the others. */
export class Gate {
  #left = 0;
  #waiting: (() => void)[] = [];

  readonly enter = async (): Promise<void> => {
    while (this.#left === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#left -= 1;
  };

  /** From now on no call passes. */
  hold(): void {
    this.#left = 0;
  }

  let(calls: number): void {
    this.#left += calls;
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
