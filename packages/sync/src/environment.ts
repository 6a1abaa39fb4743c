/**
 * Everything the client takes from the machine it runs on, as parameters: time, randomness, sockets, storage,
 * the other tabs and the page. Nothing here is touched at import, so the package loads in Node, in a worker and
 * while a page is rendered on a server. What a machine lacks is `undefined`, and the feature is off.
 */

/** The part of a browser's WebSocket that is used. Global `WebSocket` and `ws` both fit. */
export interface SocketLike {
  binaryType: string;
  readonly bufferedAmount: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: Uint8Array): void;
  close(code?: number, reason?: string): void;
}
export type SocketConstructor = new (url: string) => SocketLike;

/** The part of BroadcastChannel that is used. */
export interface ChannelLike {
  onmessage: ((event: never) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}
export type ChannelConstructor = new (name: string) => ChannelLike;

/** The part of `navigator.locks` that is used. Rejects with an `AbortError` when stolen or aborted. */
export interface LocksLike {
  request(name: string, options: { steal?: boolean; signal?: AbortSignal }, hold: (lock: unknown) => Promise<void>): Promise<unknown>;
}

/** The page around the client, and its events. Every `onX` returns its own unsubscribe. */
export interface PageLike {
  isVisible(): boolean;
  onVisibility(listener: () => void): () => void;
  /** The page may never run again after this. */
  onHide(listener: () => void): () => void;
  /** The page is back from the back/forward cache. */
  onShow(listener: () => void): () => void;
}

export interface Environment {
  /** Milliseconds since 1970, by the device's clock. For points in time only: a person may set that clock. */
  now(): number;
  /** Milliseconds since some moment, on a clock that cannot be set: for durations. */
  elapsed(): number;
  /** 0 <= value < 1. */
  random(): number;
  /** Runs `task` once after `delayMs`; the returned function cancels it. */
  schedule(task: () => void, delayMs: number): () => void;
  /** Resolves in a task of its own, behind waiting input and painting. Unlike a timer, it is not held back in a hidden page. */
  nextTask(): Promise<void>;
  WebSocket: SocketConstructor | undefined;
  indexedDB: IDBFactory | undefined;
  /** Asks the browser not to evict what this origin keeps when space runs low. It may ask the person, and may refuse. */
  persist(): void;
  BroadcastChannel: ChannelConstructor | undefined;
  locks: LocksLike | undefined;
  onOnline(listener: () => void): () => void;
  onOffline(listener: () => void): () => void;
  page: PageLike;
  /** Receives errors that an application's observers throw while a change of others is applied. */
  report(error: unknown): void;
}

/** The environment of this machine, with `overrides` in front. Read when a room opens, never at import. */
export function environmentOf(overrides: Partial<Environment> = {}): Environment {
  return {
    now: () => Date.now(),
    elapsed: () => performance.now(),
    random: () => Math.random(),
    schedule: (task, delayMs) => {
      const timer = setTimeout(task, delayMs);
      return () => clearTimeout(timer);
    },
    nextTask,
    WebSocket: globalThis.WebSocket as SocketConstructor | undefined,
    indexedDB: storageOfPage(),
    persist: () => {
      // Refused or failed, the copy is kept as long as there is room, as before.
      (globalThis.navigator as Navigator | undefined)?.storage?.persist?.().catch(() => undefined);
    },
    BroadcastChannel: globalThis.BroadcastChannel as unknown as ChannelConstructor | undefined,
    locks: (globalThis.navigator as { locks?: LocksLike } | undefined)?.locks,
    onOnline: (listener) => listen(globalThis.window, 'online', listener),
    onOffline: (listener) => listen(globalThis.window, 'offline', listener),
    page: {
      isVisible: () => globalThis.document?.visibilityState !== 'hidden',
      onVisibility: (listener) => listen(globalThis.document, 'visibilitychange', listener),
      onHide: (listener) => listen(globalThis.window, 'pagehide', listener),
      onShow: (listener) => listen(globalThis.window, 'pageshow', listener),
    },
    // Node has no `reportError`, and an uncaught throw would end the process over somebody else's update.
    report: (error) => globalThis.reportError?.(error),
    ...overrides,
  };
}

/** Unique among the tabs and copies of one browser; not a secret. */
export function mintId({ random, now }: Pick<Environment, 'random' | 'now'>): string {
  const chance = Math.floor(random() * 36 ** 8).toString(36);
  return now().toString(36) + chance.padStart(8, '0');
}

/** Tabs are shared by default where there are tabs: in a page. */
export function hasTabs(): boolean {
  return globalThis.document !== undefined;
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Some browsers throw on the mere mention of `indexedDB` when cookies are blocked. */
function storageOfPage(): IDBFactory | undefined {
  try {
    return globalThis.indexedDB;
  } catch {
    return undefined; // Blocked by policy is the same as absent: the room says memory-only.
  }
}

function listen(target: EventTarget | undefined, type: string, listener: () => void): () => void {
  if (target === undefined) return () => undefined;
  target.addEventListener(type, listener);
  return () => target.removeEventListener(type, listener);
}
