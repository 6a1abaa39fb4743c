/**
 * Notifications of the system for what arrives in the inbox: if the person turned them on for this device, outside their
 * quiet hours, and while no tab of this browser is looked at. While no page is open, the relay pushes them to the device,
 * if its operator set keys for that.
 */
import * as m from '$words/inbox-alerts';
import { createSubscriber } from 'svelte/reactivity';
import type { InboxEntry } from '@wetink/board';
import type { LookedAt } from '../browser/looked-at.ts';
import type { SystemNotification } from '../browser/system-notifications.ts';
import type { KeyValue } from '../core/key-value.ts';
import type { AlertPermission, PushOutcome } from '../core/notification-rules.ts';
import { notificationTitle, notificationWords } from '../core/notification-sentence.ts';
import type { InboxSession } from '../session/inbox-session.ts';
import { Listeners } from '../session/listeners.ts';
import type { PushDevice } from '../session/push-device.ts';

/** One for each person: another person of this browser has chosen nothing yet. */
const ALERTS_KEY = 'wetink.alerts.';
/** More at once are one notification with their number: nobody reads ten that cover each other. */
const ONE_BY_ONE = 3;

export interface InboxAlertsPorts {
  userId: string;
  session: Pick<InboxSession, 'inbox' | 'onArrival' | 'onChange'>;
  device: PushDevice;
  facts: KeyValue;
  /** Another tab has written a fact. @returns How to stop. */
  onFacts(callback: () => void): () => void;
  lookedAt: LookedAt;
  permission(): AlertPermission;
  ask(): Promise<AlertPermission>;
  show(notification: SystemNotification): void;
  /** Brings the person to what it is about. */
  open(entry: InboxEntry): void;
  /** Minutes since midnight on the person's clock. */
  minute(): number;
}

export class InboxAlerts {
  readonly #ports: InboxAlertsPorts;
  readonly #stops: readonly (() => void)[];
  readonly #changed = new Listeners<[]>();
  readonly #subscribe: () => void;
  /** Null: not known yet. */
  #push = $state.raw<PushOutcome | null>(null);
  /** Id of a notification that was pressed outside the page and is not in the inbox yet; '' for none. */
  #pressed = '';

  constructor(ports: InboxAlertsPorts) {
    this.#ports = ports;
    this.#subscribe = createSubscriber((update) => {
      const stops = [this.#changed.add(update), ports.onFacts(update)];
      return () => stops.forEach((stop) => stop());
    });
    this.#stops = [ports.session.onArrival((entries) => void this.#alert(entries)), ports.session.onChange(() => this.#openPressed())];
    if (this.areOn) void this.#register();
  }
  get permission(): AlertPermission {
    this.#subscribe();
    return this.#ports.permission();
  }
  /** As the person chose last, in whichever tab. */
  get areOn(): boolean {
    this.#subscribe();
    return this.#ports.facts.read(ALERTS_KEY + this.#ports.userId) === true && this.#ports.permission() === 'granted';
  }
  /** Asks the person for the browser's permission if need be. */
  async turnOn(): Promise<void> {
    this.#want({ isWanted: (await this.#ports.ask()) === 'granted' });
    if (this.areOn) void this.#register();
  }
  turnOff(): void {
    this.#want({ isWanted: false });
    this.#push = null;
    void this.#ports.device.remove();
  }
  /** Whether they come while no page is open. Null: off, or not known yet. */
  get push(): PushOutcome | null {
    return this.areOn ? this.#push : null;
  }
  /** Opens the place of a notification that was pressed outside the page, as soon as the inbox has it. */
  open(id: string): void {
    this.#pressed = id;
    this.#openPressed();
  }
  close(): void {
    for (const stop of this.#stops) stop();
    this.#ports.lookedAt.close();
  }

  #want({ isWanted }: { isWanted: boolean }): void {
    this.#ports.facts.write(ALERTS_KEY + this.#ports.userId, isWanted);
    this.#changed.tell();
  }
  async #register(): Promise<void> {
    const outcome = await this.#ports.device.register(this.#ports.userId);
    if (this.areOn) this.#push = outcome;
    // Turned off meanwhile.
    else await this.#ports.device.remove();
  }
  #openPressed(): void {
    const entry = this.#ports.session.inbox?.list().find(({ id }) => id === this.#pressed);
    if (entry === undefined) return;
    this.#pressed = '';
    this.#ports.open(entry);
  }
  async #alert(arrived: readonly InboxEntry[]): Promise<void> {
    const { session, lookedAt, show, open, minute } = this.#ports;
    const { inbox } = session;
    if (!this.areOn || inbox === null || inbox.isQuietAt(minute())) return;
    const wanted = arrived.filter(({ kind }) => inbox.level(kind) === 'push');
    const [newest] = wanted;
    if (newest === undefined || (await lookedAt.anywhere())) return;
    if (wanted.length > ONE_BY_ONE)
      return show({
        id: newest.id,
        title: m.arrived({ count: wanted.length }),
        body: notificationTitle(newest),
        onPress: () => undefined,
      });
    for (const entry of wanted.toReversed())
      show({ id: entry.id, title: notificationTitle(entry), body: notificationWords(entry).text, onPress: () => open(entry) });
  }
}
