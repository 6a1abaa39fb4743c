import type { InboxEntry } from '@wetink/board';
import { describe, expect, it } from 'vitest';
import type { SystemNotification } from '../browser/system-notifications.ts';
import { createKeyValue } from '../core/key-value.ts';
import type { AlertPermission, PushOutcome } from '../core/notification-rules.ts';
import { InboxAlerts } from './inbox-alerts.svelte.ts';

const entry = (id: string, kind: InboxEntry['kind'] = 'mention'): InboxEntry =>
  ({ id, kind, from: { id: 'ben', name: 'Ben' }, title: 'Plans', text: `text of ${id}`, room: 'abcdefgh', isRead: false }) as InboxEntry;

function setup({ permission = 'default' as AlertPermission, answer = 'granted' as AlertPermission } = {}) {
  const shown: SystemNotification[] = [];
  const opened: string[] = [];
  const world = { isLookedAt: false, isQuiet: false, permission, push: 'registered' as PushOutcome };
  const list: InboxEntry[] = [];
  let change: () => void = () => undefined;
  const registered: string[] = [];
  let arrive: (entries: readonly InboxEntry[]) => void = () => undefined;
  const stored = new Map<string, string>();
  const facts = createKeyValue(() => ({
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => void stored.set(key, value),
    removeItem: (key) => void stored.delete(key),
  }));
  const inbox = { list: () => list, isQuietAt: () => world.isQuiet, level: (kind: string) => (kind === 'reply' ? 'bell' : 'push') };
  const ports = {
    session: {
      inbox,
      onArrival: (callback: typeof arrive) => ((arrive = callback), () => (arrive = () => undefined)),
      onChange: (callback: typeof change) => ((change = callback), () => (change = () => undefined)),
    },
    device: {
      register: (userId: string) => Promise.resolve((registered.push(`register ${userId}`), world.push)),
      remove: () => Promise.resolve(void registered.push('remove')),
    },
    facts,
    onFacts: () => () => undefined,
    lookedAt: { anywhere: () => Promise.resolve(world.isLookedAt), close: () => undefined },
    permission: () => world.permission,
    ask: () => Promise.resolve((world.permission = answer)),
    show: (notification: SystemNotification) => void shown.push(notification),
    open: ({ id }: InboxEntry) => void opened.push(id),
    minute: () => 0,
  };
  const create = (userId = 'ana') => new InboxAlerts({ ...ports, userId } as never);
  return {
    alerts: create(),
    create,
    world,
    shown,
    opened,
    registered,
    put(id: string) {
      list.unshift(entry(id));
      change();
    },
    async arrive(...entries: InboxEntry[]) {
      arrive(entries);
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

describe('notifications of the system', () => {
  it('none is shown before the person has turned them on for this device, even if the browser allows them', async () => {
    const { alerts, arrive, shown } = setup({ permission: 'granted' });
    await arrive(entry('a'));
    expect([shown, alerts.areOn]).toEqual([[], false]);
  });

  it('each arrival is shown, oldest first; a press opens its place', async () => {
    const { alerts, arrive, shown, opened } = setup();
    await alerts.turnOn();
    await arrive(entry('b'), entry('a'));
    expect(shown.map(({ id, title, body }) => [id, title, body])).toEqual([
      ['a', 'Ben mentioned you · Plans', 'text of a'],
      ['b', 'Ben mentioned you · Plans', 'text of b'],
    ]);
    shown[1]?.onPress();
    expect(opened).toEqual(['b']);
  });

  it('many at once are one with their number', async () => {
    const { alerts, arrive, shown } = setup();
    await alerts.turnOn();
    await arrive(...['d', 'c', 'b', 'a'].map((id) => entry(id)));
    expect(shown.map(({ id, title }) => [id, title])).toEqual([['d', '4 new notifications']]);
  });

  it('none is shown in quiet hours, while a tab is looked at, or of a kind that is only for the list', async () => {
    const { alerts, arrive, shown, world } = setup();
    await alerts.turnOn();
    world.isQuiet = true;
    await arrive(entry('a'));
    world.isQuiet = false;
    world.isLookedAt = true;
    await arrive(entry('b'));
    world.isLookedAt = false;
    await arrive(entry('c', 'reply'));
    expect(shown).toEqual([]);
    await arrive(entry('d', 'reply'), entry('e'));
    expect(shown.map(({ id }) => id)).toEqual(['e']);
  });

  it('the choice outlives a reload; a refusal by the browser, then or later, turns them off', async () => {
    const { alerts, create, world, arrive, shown } = setup();
    await alerts.turnOn();
    expect(create().areOn).toBe(true);
    world.permission = 'denied';
    expect(create().areOn).toBe(false);
    await arrive(entry('a'));
    expect(shown).toEqual([]);
    const refused = setup({ answer: 'denied' });
    await refused.alerts.turnOn();
    expect([refused.alerts.areOn, refused.alerts.permission, refused.create().areOn]).toEqual([false, 'denied', false]);
  });

  it('a choice made in another tab holds in this one', async () => {
    const { alerts, create, arrive, shown } = setup();
    await alerts.turnOn();
    const here = create();
    alerts.turnOff();
    await arrive(entry('a'));
    expect([shown, here.areOn]).toEqual([[], false]);
    await alerts.turnOn();
    await arrive(entry('b'));
    expect([shown.map(({ id }) => id), here.areOn]).toEqual([['b'], true]);
  });

  it('turned off, or closed with its inbox, it shows none', async () => {
    const { alerts, arrive, shown } = setup();
    await alerts.turnOn();
    alerts.turnOff();
    await arrive(entry('a'));
    await alerts.turnOn();
    alerts.close();
    await arrive(entry('b'));
    expect(shown).toEqual([]);
  });

  it('turned on, and at each visit, the device is registered for pushes; turned off, it is removed', async () => {
    const { alerts, create, registered, world } = setup();
    expect(alerts.push).toBeNull();
    await alerts.turnOn();
    await Promise.resolve();
    expect([alerts.push, registered]).toEqual(['registered', ['register ana']]);
    world.push = 'failed';
    const next = create();
    await Promise.resolve();
    expect([next.push, registered.length]).toEqual(['failed', 2]);
    next.turnOff();
    expect([next.push, registered.at(-1)]).toEqual([null, 'remove']);
    create();
    expect(registered.length).toBe(3);
  });

  it('a choice is the person’s: another person of this browser is asked anew', async () => {
    const { alerts, create, registered } = setup();
    await alerts.turnOn();
    expect([create('ben').areOn, registered]).toEqual([false, ['register ana']]);
  });

  it('a press on a notification that was pushed opens its place once the inbox has it, and only once', () => {
    const { alerts, opened, put } = setup();
    put('a');
    alerts.open('b');
    expect(opened).toEqual([]);
    put('b');
    put('c');
    expect(opened).toEqual(['b']);
    alerts.open('a');
    expect(opened).toEqual(['b', 'a']);
  });
});
