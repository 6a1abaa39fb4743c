/** Whether this page can be opened without a network, and if not, why. Pure. */

/** `impossible` ones stay so until the page is opened in another way. */
export type OfflineFact = 'ready' | 'preparing' | 'insecure' | 'unsupported' | 'failed';

export function offlineSentence(fact: OfflineFact): string {
  switch (fact) {
    case 'ready':
      return 'This page opens without a network too.';
    case 'preparing':
      return 'Getting ready to open without a network.';
    case 'insecure':
      return 'This page does not open without a network: that needs https (or localhost).';
    case 'unsupported':
      return 'This page does not open without a network: this browser, or a private window of it, does not allow that.';
    case 'failed':
      return 'This page does not open without a network: the browser refused to store it. A reload tries again.';
  }
}
