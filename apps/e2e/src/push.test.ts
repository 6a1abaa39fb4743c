/**
 * Notifications on a device whose page is closed: from the relay, through a push service that decrypts as a browser does, to
 * the service worker, and from the press on one back to its place. The browser's own push service would need the internet.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeVapidKeys } from '../../relay/src/push/vapid.ts';
import { PushService } from '../../relay/src/testing/push-service.ts';
import { linkFor, openByLink, useGuests } from './guests.ts';
import { useWorld, waitForChip, type Person, useServiceWorkers } from './harness.ts';

useServiceWorkers();

const keys = makeVapidKeys();
const world = useWorld({
  WETINK_AUTH: 'guests',
  WETINK_VAPID_PUBLIC: keys.publicKey,
  WETINK_VAPID_PRIVATE: keys.privateKey,
  WETINK_VAPID_SUBJECT: 'mailto:ops@draw.example',
  WETINK_PRIVATE_TARGETS: 'allow',
});
const guests = useGuests(world);
const pushes = new PushService();
beforeAll(() => pushes.start());
afterAll(() => pushes.stop());

/** In place of the browser's push service. */
async function subscribeTo(person: Person, name: string): Promise<void> {
  await person.page.addInitScript((subscription) => {
    let present: object | null = null;
    Object.assign(PushManager.prototype, {
      getSubscription: () => Promise.resolve(present),
      subscribe: ({ applicationServerKey }: PushSubscriptionOptionsInit) => {
        const options = { applicationServerKey: (applicationServerKey as Uint8Array).buffer };
        const unsubscribe = () => Promise.resolve(((present = null), true));
        return Promise.resolve((present = { ...subscription, options, toJSON: () => subscription, unsubscribe }));
      },
    });
  }, pushes.subscribe(name));
}

async function worker({ context }: Person) {
  return context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
}

/** Titles of the notifications that the system shows. */
const shown = async (person: Person): Promise<string[]> =>
  (await worker(person)).evaluate(async () => {
    const { registration } = globalThis as unknown as { registration: ServiceWorkerRegistration };
    return (await registration.getNotifications()).map(({ title }) => title);
  });

/** Gives a push to the service worker, as the browser does with one that it has decrypted. */
async function deliver(person: Person, payload: object): Promise<void> {
  const devtools = await person.context.newCDPSession(person.page);
  const registrationId = new Promise<string>((resolve) =>
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [one] = registrations;
      if (one !== undefined) resolve(one.registrationId);
    }),
  );
  await devtools.send('ServiceWorker.enable');
  await devtools.send('ServiceWorker.deliverPushMessage', {
    origin: world.relay.url,
    registrationId: await registrationId,
    data: JSON.stringify(payload),
  });
  await devtools.detach();
}

it('a mention while the page is closed is pushed to the device and shown there; a press on it leads to the message', async () => {
  const { ana, board } = await guests.owner();
  const link = await linkFor(ana, 'editor');
  await ana.page.keyboard.press('Escape');
  const ben = await guests.person('Ben', { permissions: ['notifications'] });
  await subscribeTo(ben, 'phone');
  await openByLink(ben, link);
  await waitForChip(ben.page, /^Saved/);
  const benId = await ben.page.evaluate(() => window.wetink?.board.userId ?? '');
  await ben.page.getByTestId('bell').click({ timeout: 15_000 });
  await ben.page.getByTestId('inbox-rules').click();
  await ben.page.getByTestId('alerts-on').click();
  await ben.page
    .getByText('Shown on this device, also while this page is closed, unless a page on another device shows them.')
    .waitFor({ timeout: 15_000 });
  await ben.page.goto('about:blank');

  await ana.page.evaluate(
    ([userId]) => {
      const { board } = window.wetink!;
      board.doc.getArray('chat').push([{ i: 'm1', u: board.userId, n: 'Ana', t: 'Look here', d: Date.now(), m: [userId] }]);
    },
    [benId],
  );
  await expect.poll(() => pushes.received.length, { timeout: 20_000 }).toBe(1);
  const [{ payload } = { payload: {} }] = pushes.received;
  expect(payload).toMatchObject({ kind: 'mention', from: 'Ana', text: 'Look here', room: board });
  await deliver(ben, payload);
  await expect.poll(() => shown(ben)).toEqual([expect.stringMatching(/^Ana mentioned you · /)]);

  // The app is open, on its first page: the press comes to it.
  await ben.page.goto(world.relay.url);
  await ben.page.getByTestId('bell-count').waitFor({ timeout: 15_000 });
  await (
    await worker(ben)
  ).evaluate(async () => {
    const scope = globalThis as unknown as {
      registration: ServiceWorkerRegistration;
      NotificationEvent: new (type: string, init: object) => Event;
    };
    const [notification] = await scope.registration.getNotifications();
    dispatchEvent(new scope.NotificationEvent('notificationclick', { notification }));
  });
  await ben.page.waitForURL(new RegExp(`/b/${board}`));
  await ben.page.locator('[data-id="m1"].flash').waitFor();
  await ben.page.getByTestId('bell-count').waitFor({ state: 'detached' });
  expect(await shown(ben)).toEqual([]);

  // It was not: the worker opens a tab at this address.
  await ben.page.goto(`${world.relay.url}/#n=${encodeURIComponent(String((payload as { id: string }).id))}`);
  await ben.page.waitForURL(new RegExp(`/b/${board}`), { timeout: 15_000 });
  await ben.page.locator('[data-id="m1"].flash').waitFor();
});

it('a push shows nothing while the app is looked at: the bell does', async () => {
  const ben = await guests.person('Ben', { permissions: ['notifications'] });
  await ben.page.goto(world.relay.url);
  await ben.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await ben.page.bringToFront();
  await deliver(ben, { id: 'n1', kind: 'mention', from: 'Ana', text: 'Look' });
  const other = await ben.context.newPage();
  await ben.page.close();
  await deliver({ ...ben, page: other }, { id: 'n2', kind: 'mention', from: 'Cleo', text: 'Look' });
  await expect.poll(() => shown({ ...ben, page: other })).toEqual(['Cleo mentioned you']);
});
