import { expect, it } from 'vitest';
import { createImageWork } from './image-work.ts';

const hash = '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81'; // SHA-256 of the bytes 1, 2, 3
const bytes = (): Uint8Array<ArrayBuffer> => Uint8Array.of(1, 2, 3);

/** A page of which the first `failing` workers die of their first task. */
function page({ failing }: { failing: number }) {
  const addresses: string[] = [];
  let policies = 0;
  let ended = 0;
  class FakeWorker extends EventTarget {
    readonly #fails: boolean;
    constructor(address: string) {
      super();
      addresses.push(address);
      this.#fails = addresses.length <= failing;
    }
    postMessage(): void {
      const answer = this.#fails ? new Event('error') : Object.assign(new Event('message'), { data: { hash: 'by the worker' } });
      queueMicrotask(() => this.dispatchEvent(answer));
    }
    terminate(): void {
      ended += 1;
    }
  }
  const trustedTypes = {
    createPolicy(_: string, rules: { createScriptURL(address: string): string }) {
      policies += 1;
      if (policies > 1) throw new TypeError('a policy of this name exists');
      return rules;
    },
  };
  const work = createImageWork({ Worker: FakeWorker as unknown as typeof Worker, OffscreenCanvas: class {}, trustedTypes });
  return { work, addresses, ended: () => ended };
}

it('a task whose worker fails is done by the page, and the next one starts another worker at the same trusted address', async () => {
  const { work, addresses, ended } = page({ failing: 1 });
  expect(await work.hashOf(bytes())).toBe(hash);
  expect(await work.hashOf(bytes())).toBe('by the worker');
  expect(await work.hashOf(bytes())).toBe('by the worker');
  expect(addresses).toHaveLength(2);
  expect(new Set(addresses).size).toBe(1);
  expect(ended()).toBe(1);
});

it('while no worker can be started every task is done by the page', async () => {
  const { work } = page({ failing: Infinity });
  expect([await work.hashOf(bytes()), await work.hashOf(bytes())]).toEqual([hash, hash]);
  expect((await work.inspect(bytes())).head).toBeNull();
});

it('a page whose policy allows no such worker does every task itself', async () => {
  class RefusedWorker {
    constructor() {
      throw new TypeError('refused');
    }
  }
  const withoutWorker = { OffscreenCanvas: class {}, Worker: RefusedWorker as unknown as typeof Worker };
  const withoutName = {
    ...withoutWorker,
    trustedTypes: {
      createPolicy(): never {
        throw new TypeError('refused');
      },
    },
  };
  for (const refusing of [withoutWorker, withoutName]) expect(await createImageWork(refusing).hashOf(bytes())).toBe(hash);
});

it('a browser without canvases in workers needs none', async () => {
  expect(await createImageWork({}).hashOf(bytes())).toBe(hash);
});

it('a worker that has read 24 MiB is replaced, and its tasks are answered', async () => {
  const { work, addresses, ended } = page({ failing: 0 });
  const large = new Uint8Array(10 * 1024 * 1024);
  for (let i = 0; i < 2; i++) expect(await work.hashOf(large)).toBe('by the worker');
  expect([addresses.length, ended()]).toEqual([1, 0]);
  expect(await work.hashOf(large)).toBe('by the worker');
  expect([addresses.length, ended()]).toEqual([1, 1]);
  expect(await work.hashOf(large)).toBe('by the worker');
  expect([addresses.length, ended()]).toEqual([2, 1]);
});
