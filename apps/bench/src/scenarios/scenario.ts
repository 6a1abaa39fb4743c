/** A scenario puts one kind of load on one new server, and says what it saw and whether the result was right. */

import type { Client, Listener } from '../clients/client.ts';
import type { ServerName } from '../servers/server.ts';

export interface Scenario {
  /** For `--only`. */
  name: string;
  title: string;
  /** The servers that can do it; all of them by default. */
  servers?: readonly ServerName[];
  /** Relays that share a Redis; one by default. */
  nodes?: number;
  columns: readonly Column[];
  run(bed: Bed): Promise<Outcome>;
}

export interface Column {
  key: string;
  /** With the unit. */
  label: string;
  digits: number;
}

/** Figures by the key of their column. NaN: not known here. */
export interface Outcome {
  figures: Record<string, number>;
  /** Everything that was not as it must be, a sentence each: documents that differ, updates that never came. */
  problems: string[];
}

/** Given to a scenario: its server, and clients for it. */
export interface Bed {
  server: ServerName;
  /** Small numbers: the run is for its results, not for its times. */
  isQuick: boolean;
  /** Opens a plain client of the server's protocol. */
  open(room: string, listener?: Listener): Client;
  /** Opens a plain client of one of several nodes. */
  openAt(node: number, room: string, listener?: Listener): Client;
  /** Opens a client whose updates the server acknowledges, where it does. */
  openAcked(room: string, listener?: Listener, token?: string): Client;
  /** Mints a guest of its own; wetink only. */
  mintToken(): Promise<string>;
  /** The CPU time of the server, or of all nodes, since its start. */
  cpuSeconds(): number;
  /** Resident memory of the server, or of all nodes. */
  residentBytes(): number;
  /** Text of the relay's `/metrics`; empty for the others. */
  metrics(): Promise<string>;
  /** Watches the load from here to the end of `work`: the part of a scenario whose figures count. */
  watch<T>(work: () => Promise<T>): Promise<T>;
}
