/** Whether this page can be opened without a network, and if not, why. Pure. */
import * as m from '$words/offline-sentence';

/** Values other than `ready` and `preparing` do not change until the page is opened again or in another way. */
export type OfflineFact = 'ready' | 'preparing' | 'insecure' | 'unsupported' | 'failed';

export interface OfflineSigns {
  /** The page came from https or localhost. */
  isSecure: boolean;
  /** The browser offers service workers to this window. */
  hasWorkers: boolean;
  /** A worker holds the app. */
  isReady: boolean;
  /** The browser refused a worker, or the worker could not store the app. */
  hasFailed: boolean;
}

export function offlineFactOf({ isSecure, hasWorkers, isReady, hasFailed }: OfflineSigns): OfflineFact {
  if (!hasWorkers) return isSecure ? 'unsupported' : 'insecure';
  if (isReady) return 'ready';
  return hasFailed ? 'failed' : 'preparing';
}

export function offlineSentence(fact: OfflineFact): string {
  switch (fact) {
    case 'ready':
      return m.thisPageOpensWithoutA();
    case 'preparing':
      return m.gettingReadyToOpenWithout();
    case 'insecure':
      return m.thisPageDoesNotOpen();
    case 'unsupported':
      return m.thisPageDoesNotOpen2();
    case 'failed':
      return m.thisPageDoesNotOpen3();
  }
}
