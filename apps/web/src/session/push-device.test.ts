import { describe, expect, it } from 'vitest';
import type { PushApi } from '../account/push-api.ts';
import type { ApiFailure } from '../account/relay-api.ts';
import { createKeyValue } from '../core/key-value.ts';
import { createPushDevice, PUSH_KEY } from './push-device.ts';

const KEY = 'AQID_-8';
const KEY_BYTES = new Uint8Array([1, 2, 3, 0xff, 0xef]);
const unreachable: ApiFailure = { ok: false, kind: 'unreachable' };

/** A browser with its own push service, and a relay. */
function setup() {
  const world = { key: KEY as string | null, isReachable: true, hasService: true, hasManager: true, hasToken: true, canEnd: true };
  const devices: string[] = [];
  let made = 0;
  let present: PushSubscription | null = null;
  const subscriptionOf = (key: Uint8Array): PushSubscription => {
    const endpoint = `https://push.example/${++made}`;
    return {
      endpoint,
      options: { applicationServerKey: key.slice().buffer, userVisibleOnly: true },
      toJSON: () => ({ endpoint, keys: { p256dh: 'p', auth: 'a' } }),
      unsubscribe: () =>
        world.canEnd ? Promise.resolve(((present = null), true)) : Promise.reject(new DOMException('no push service', 'AbortError')),
    } as unknown as PushSubscription;
  };
  const manager = {
    getSubscription: () => Promise.resolve(present),
    subscribe({ applicationServerKey, userVisibleOnly }: PushSubscriptionOptionsInit = {}) {
      if (!world.hasService || userVisibleOnly !== true) return Promise.reject(new DOMException('no push service', 'AbortError'));
      return Promise.resolve((present = subscriptionOf(applicationServerKey as Uint8Array)));
    },
  };
  const api: PushApi = {
    publicKey: () => Promise.resolve(world.isReachable ? { ok: true, value: { publicKey: world.key } } : unreachable),
    add(token, { endpoint, keys }, timeZone) {
      devices.push(`${token} ${endpoint} ${keys?.['auth']} ${timeZone}`);
      return Promise.resolve({ ok: true, value: true });
    },
    remove(token, endpoint) {
      devices.push(`${token} without ${endpoint}`);
      return Promise.resolve(world.isReachable ? { ok: true, value: true } : unreachable);
    },
  };
  const stored = new Map<string, string>();
  const facts = createKeyValue(() => ({
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => void stored.set(key, value),
    removeItem: (key) => void stored.delete(key),
  }));
  const device = createPushDevice({
    api,
    facts,
    token: () => (world.hasToken ? Promise.resolve('token') : Promise.reject(new Error('no relay'))),
    manager: () => Promise.resolve(world.hasManager ? manager : null),
    timeZone: () => 'Europe/Berlin',
  });
  return { device, devices, world, manager, facts };
}

describe('a device for pushes', () => {
  it('is registered with the key of the relay, and again with each visit, as the same one', async () => {
    const { device, devices, manager } = setup();
    expect(await device.register('ana')).toBe('registered');
    expect(await device.register('ana')).toBe('registered');
    expect(devices).toEqual(Array(2).fill('token https://push.example/1 a Europe/Berlin'));
    expect(new Uint8Array((await manager.getSubscription())!.options.applicationServerKey!)).toEqual(KEY_BYTES);
  });

  it('a relay with another key gets another subscription: a push service refuses pushes signed with the wrong one', async () => {
    const { device, devices, world } = setup();
    await device.register('ana');
    world.key = 'AQID';
    await device.register('ana');
    expect(devices.at(-1)).toContain('push.example/2');
  });

  it('nothing is set up where the relay sends no pushes, or the browser takes none', async () => {
    const { device, devices, world, manager } = setup();
    world.key = null;
    expect(await device.register('ana')).toBe('none');
    world.key = KEY;
    world.hasManager = false;
    expect(await device.register('ana')).toBe('none');
    await device.remove();
    expect([devices, await manager.getSubscription()]).toEqual([[], null]);
  });

  it('a relay or a push service that cannot be reached is a failure that another visit mends', async () => {
    const { device, world } = setup();
    world.isReachable = false;
    expect(await device.register('ana')).toBe('failed');
    world.isReachable = true;
    world.hasToken = false;
    expect(await device.register('ana')).toBe('failed');
    world.hasToken = true;
    world.hasService = false;
    expect(await device.register('ana')).toBe('failed');
    world.hasService = true;
    expect(await device.register('ana')).toBe('registered');
  });

  it('removed while the relay cannot be reached, the browser gives its subscription up: nothing arrives any more', async () => {
    const { device, devices, world, manager } = setup();
    await device.register('ana');
    world.isReachable = false;
    await device.remove();
    expect(await manager.getSubscription()).toBeNull();
    expect(devices.at(-1)).toBe('token without https://push.example/1');
  });

  it('on a page of another person, or of nobody, it is given up before that person can register', async () => {
    const { device, devices, manager, facts } = setup();
    await device.register('ana');
    await device.keepFor('ana');
    expect([await manager.getSubscription(), facts.read(PUSH_KEY)]).toEqual([expect.anything(), 'ana']);
    await device.keepFor(null);
    expect([await manager.getSubscription(), facts.read(PUSH_KEY)]).toEqual([null, null]);
    await device.register('ana');
    const [, outcome] = await Promise.all([device.keepFor('ben'), device.register('ben')]);
    expect([outcome, facts.read(PUSH_KEY), (await manager.getSubscription())?.endpoint]).toEqual([
      'registered',
      'ben',
      'https://push.example/3',
    ]);
    expect(devices.at(-1)).toContain('push.example/3');
  });

  it('one that the browser cannot give up now is forgotten by the relay; where neither can be, the next page tries again', async () => {
    const { device, devices, world, manager, facts } = setup();
    await device.register('ana');
    world.canEnd = false;
    world.isReachable = false;
    await device.keepFor(null);
    expect([await manager.getSubscription(), facts.read(PUSH_KEY)]).toEqual([expect.anything(), 'ana']);
    world.isReachable = true;
    await device.keepFor(null);
    expect([devices.at(-1), facts.read(PUSH_KEY)]).toEqual(['token without https://push.example/1', null]);
  });
});
