/**
 * Makes this browser a device that the relay pushes to, so that notifications come while no page is open.
 *
 * The browser's subscription belongs to one key of a relay and to one person at a time: another key needs another one, and
 * the relay moves it to the person who registers it last. A browser may drop it any time, so every page that opens an inbox
 * registers it again. The id of the person is kept, so that a page of another person, or of nobody, gives it up.
 */
import type { PushApi } from '../account/push-api.ts';
import type { ApiAnswer } from '../account/relay-api.ts';
import type { KeyValue } from '../core/key-value.ts';
import type { PushOutcome } from '../core/notification-rules.ts';

/** The user id under which this device is registered. */
export const PUSH_KEY = 'wetink.push';

export interface PushDevicePorts {
  api: PushApi;
  facts: KeyValue;
  /** Rejects when none is to be had now. */
  token(): Promise<string>;
  /** Null: this browser has no pushes. Waits for the service worker. */
  manager(): Promise<Pick<PushManager, 'getSubscription' | 'subscribe'> | null>;
  /** Such as 'Europe/Berlin', for quiet hours. */
  timeZone(): string;
}

export interface PushDevice {
  /** The person has allowed notifications. */
  register(userId: string): Promise<PushOutcome>;
  /** The browser gives its subscription up, so nothing arrives here even if the relay can't be reached now. */
  remove(): Promise<void>;
  /** Removes it unless it is this person's; null: nobody is signed in. */
  keepFor(userId: string | null): Promise<void>;
}

export function createPushDevice({ api, facts, token, manager, timeZone }: PushDevicePorts): PushDevice {
  const ask = async <Value>(send: (token: string) => Promise<ApiAnswer<Value>>): Promise<Value | null> => {
    let mine: string;
    try {
      mine = await token();
    } catch {
      return null; // The relay can't be reached.
    }
    const answer = await send(mine);
    return answer.ok ? answer.value : null;
  };
  // One after the other: a device that is given up for one person must not be the next person's registration.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Value>(run: () => Promise<Value>): Promise<Value> => {
    const mine = last.then(run);
    last = mine.catch(() => undefined); // The caller hears of it.
    return mine;
  };
  const remove = async (): Promise<void> => {
    const subscription = await (await manager())?.getSubscription();
    if (subscription !== undefined && subscription !== null) {
      const { endpoint } = subscription;
      // The browser's push service can't be reached: the relay forgets the device in any case.
      const isGone = await subscription.unsubscribe().catch(() => false);
      const isForgotten = (await ask((mine) => api.remove(mine, endpoint))) !== null;
      if (!isGone && !isForgotten) return; // Still this person's: the next page tries again.
    }
    facts.remove(PUSH_KEY);
  };
  return {
    register: (userId) =>
      inTurn(async () => {
        const pushes = await manager();
        if (pushes === null) return 'none';
        const relay = await ask((mine) => api.publicKey(mine));
        if (relay === null) return 'failed';
        if (relay.publicKey === null) return 'none';
        const key = relay.publicKey;
        try {
          facts.write(PUSH_KEY, userId);
          const subscription = await subscribe(pushes, bytesOf(key));
          return (await ask((mine) => api.add(mine, subscription.toJSON(), timeZone()))) === null ? 'failed' : 'registered';
        } catch (error) {
          // The browser's own push service can't be reached, or the browser has none.
          if (error instanceof DOMException) return 'failed';
          throw error;
        }
      }),
    remove: () => inTurn(remove),
    keepFor: (userId) =>
      inTurn(async () => {
        if (facts.read(PUSH_KEY) !== userId) await remove();
      }),
  };
}

async function subscribe(
  manager: Pick<PushManager, 'getSubscription' | 'subscribe'>,
  key: Uint8Array<ArrayBuffer>,
): Promise<PushSubscription> {
  const present = await manager.getSubscription();
  if (present !== null) {
    if (isSame(present.options.applicationServerKey, key)) return present;
    await present.unsubscribe();
  }
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

/** Some browsers do not tell the key: such a subscription is taken for one of this relay. */
function isSame(present: ArrayBuffer | null, key: Uint8Array): boolean {
  if (present === null) return true;
  const bytes = new Uint8Array(present);
  return bytes.length === key.length && bytes.every((byte, at) => byte === key[at]);
}

/** @param text base64url. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
}
