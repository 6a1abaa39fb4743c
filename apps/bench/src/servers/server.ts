/** A server under test: how it is started, and which protocol its clients speak. */

import type { Protocol } from '../clients/client.ts';
import type { Core } from './process.ts';

export const serverNames = ['wetink', 'y-websocket', 'hocuspocus', 'socket.io', 'ceiling'] as const;
export type ServerName = (typeof serverNames)[number];

export interface RunningServer {
  name: ServerName;
  /** One, or several relays that share a Redis. */
  nodes: readonly { url: string; pid: number }[];
  /** A guest's token; empty where clients need none. */
  token: string;
  /** Key that signs guests; empty where there are none. */
  secret: string;
  /** The relay's `/metrics`; empty elsewhere. */
  metricsUrl: string;
}

export interface Started {
  server: RunningServer;
  /** Kills it and removes its files. */
  stop(): Promise<void>;
}

export interface Server {
  name: ServerName;
  /** Name and version for the report. */
  title: string;
  /** The protocol of plain clients. */
  protocol: Protocol;
  /** Starts a new process. */
  start(core: Core): Promise<Started>;
  /** Starts several that share a Redis, all on one core. */
  startCluster?(core: Core, nodes: number): Promise<Started>;
}
