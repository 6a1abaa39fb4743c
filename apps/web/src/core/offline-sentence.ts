/** Whether this page can be opened without a network, and if not, why. Pure. */

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
      return 'This page opens without a network too.';
    case 'preparing':
      return 'Getting ready to open without a network.';
    case 'insecure':
      return 'This page does not open without a network: that needs https.';
    case 'unsupported':
      return 'This page does not open without a network: this browser, or a private window of it, does not allow that.';
    case 'failed':
      return 'This page does not open without a network: it could not be stored in this browser. A reload tries again.';
  }
}
