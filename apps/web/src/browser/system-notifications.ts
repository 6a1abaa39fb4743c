/** Notifications of the system, outside the page. On phones only a service worker may show them. */
import type { AlertPermission } from '../core/notification-rules.ts';
import { pressOf, readPress } from '../core/pushed-notification.ts';

export interface SystemNotification {
  /** A later one with the same id takes its place: several tabs of a browser show one. */
  readonly id: string;
  readonly title: string;
  readonly body: string;
  onPress(): void;
}

export function systemNotificationPermission(): AlertPermission {
  return typeof Notification === 'function' && isSecureContext ? Notification.permission : 'unavailable';
}

/** Asks the person. Only after a press: browsers refuse it otherwise. */
export async function askForSystemNotifications(): Promise<AlertPermission> {
  if (systemNotificationPermission() === 'default') await Notification.requestPermission();
  return systemNotificationPermission();
}

export function showSystemNotification({ id, title, body, onPress }: SystemNotification): void {
  const options = { body, tag: id, icon: '/icon-192.png' };
  try {
    const shown = new Notification(title, options);
    shown.onclick = () => {
      window.focus();
      shown.close();
      onPress();
    };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // A press on one of the service worker's comes back as a message: see `onNotificationPress`.
    const data = pressOf({ id, link: '' });
    void navigator.serviceWorker?.ready.then((worker) => worker.showNotification(title, { ...options, data }));
  }
}

/** Hears of presses on the service worker's notifications, by the id of the inbox's entry. @returns How to stop. */
export function onNotificationPress(callback: (id: string) => void): () => void {
  const listen = ({ data }: MessageEvent<unknown>): void => {
    const { id } = readPress(data);
    if (id !== '') callback(id);
  };
  navigator.serviceWorker?.addEventListener('message', listen);
  return () => navigator.serviceWorker?.removeEventListener('message', listen);
}

/** Null: this browser takes no pushes, or has no service worker for this page. */
export async function pushManager(): Promise<PushManager | null> {
  if (!('serviceWorker' in navigator) || !('PushManager' in window)) return null;
  return (await navigator.serviceWorker.ready).pushManager ?? null;
}
