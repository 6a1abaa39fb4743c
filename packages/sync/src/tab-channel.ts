/**
 * Messages between tabs of one browser about one room. Same origin, so as trustworthy as the page itself; but
 * another tab may run another version of it, so every message carries a version and foreign ones are passed over.
 */
import type { ErrorName } from '@wetink/protocol';
import type { ChannelConstructor, ChannelLike } from './environment.ts';
import type { Epoch } from './device-layout.ts';
import type { CounterList } from './ledger.ts';
import type { LinkFacts } from './status.ts';

/** Raised when a message changes its meaning. Tabs of different versions each keep a copy on the device and a socket. */
const VERSION = 3;

export interface WetMessage {
  clientId: number;
  gesture: string;
  index: number;
  isEnd: boolean;
  payload: Uint8Array;
}
/** A relay's notice for a person. With `retryAfterMs` 0, what the relay said before is over. */
export interface Notice {
  code: ErrorName;
  text: string;
  retryAfterMs: number;
}

/** Changes of each tab that are in the copy with this id. Void once that copy was erased. */
export interface KeptClaim {
  copyId: string | null;
  made: CounterList;
}

/** A message with an epoch is about the document of that epoch. */
export type TabMessage =
  /** A tab has come; every other answers with `state`. */
  | { type: 'hello'; epoch: Epoch; stateVector: Uint8Array }
  /** Sent to the tab `to`: all that it lacks, and whose changes those are. */
  | {
      type: 'state';
      to: string;
      epoch: Epoch;
      stateVector: Uint8Array;
      update: Uint8Array;
      made: CounterList;
      settled: CounterList;
      kept?: KeptClaim;
    }
  /** Changes that the sender has and an older tab lacked: rows that an earlier life left on the device. */
  | { type: 'offer'; epoch: Epoch; update: Uint8Array; made: CounterList; settled: CounterList; kept?: KeptClaim }
  /** Changes `since` + 1 to `made` of the sending tab, of which up to `settled` are saved. */
  | { type: 'update'; epoch: Epoch; update: Uint8Array; since: number; made: number; settled: number }
  /** From the relay. @param isUnkept The sender cannot write it to the device. */
  | { type: 'remote'; epoch: Epoch; update: Uint8Array; isUnkept?: boolean }
  /** Completed transactions on this device hold these changes of each tab. */
  | { type: 'written'; kept: KeptClaim }
  /** The copy on this device is gone. */
  | { type: 'erased' }
  /** A person has discarded this kept copy. */
  | { type: 'discarded'; id: string }
  | { type: 'settled'; settled: CounterList }
  /** From the tab that holds the socket, at every change and to every newcomer. Tabs share no clock: `retryAtMs` counts from 0 here. */
  | { type: 'link'; facts: LinkFacts; isVisible: boolean }
  /** A new leader asks for what is not saved. */
  | { type: 'handover' }
  /** A tab's own awareness state. */
  | { type: 'presence'; clientId: number; body: Uint8Array }
  /** Awareness states of others, from the relay. */
  | { type: 'awareness'; body: Uint8Array }
  | { type: 'wet'; message: WetMessage; isOwn: boolean }
  | { type: 'notice'; notice: Notice }
  /** The documents before `epoch` were given up; `covered` is in the kept copy. Sent again to a tab that missed it. */
  | { type: 'replaced'; epoch: Epoch; covered: CounterList }
  /** Asks the tab with the socket to fetch a token and send it. Older tabs pass it over: the next connection asks anyway. */
  | { type: 'authenticate' }
  /** A visible tab wants to know whether the one that holds the socket is awake. Older versions don't answer, and lose it. */
  | { type: 'ping' }
  | { type: 'pong' }
  /** A tab asks the one that holds the socket for `link`. */
  | { type: 'facts' }
  /** A visible tab would like to hold the socket. */
  | { type: 'want' }
  | { type: 'yield'; to: string }
  | { type: 'bye'; clientId: number };

interface Envelope {
  wetink: number;
  from: string;
  message: TabMessage;
}

export class TabChannel {
  readonly #channel: ChannelLike;
  readonly #tab: string;

  constructor(Channel: ChannelConstructor, name: string, tab: string, receive: (from: string, message: TabMessage) => void) {
    this.#tab = tab;
    this.#channel = new Channel(name);
    this.#channel.onmessage = ({ data }: { data: unknown }) => {
      if (isEnvelope(data) && data.from !== tab) receive(data.from, data.message);
    };
  }

  post(message: TabMessage): void {
    this.#channel.postMessage({ wetink: VERSION, from: this.#tab, message } satisfies Envelope);
  }

  close(): void {
    this.#channel.onmessage = null;
    this.#channel.close();
  }
}

function isEnvelope(data: unknown): data is Envelope {
  return typeof data === 'object' && data !== null && 'wetink' in data && data.wetink === VERSION;
}
