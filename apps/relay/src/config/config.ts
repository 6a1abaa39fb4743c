/** The settings of the command line and the environment, read and checked. */

import type { RelayLimits } from '@wetink/relay';
import type { DirectoryRule, RoomRule } from '@wetink/relay/access';
import type { PushConfig } from './push-config.ts';
import type { IdentityConfig } from './identity-config.ts';

export interface Config {
  /** 0: the system chooses one. */
  port: number;
  host: string;
  /** Not used with `mongodb`. */
  dataFolder: string;
  /** Files of the web app; null: none are served. */
  staticFolder: string | null;
  logLevel: LogLevel;
  /** Whether log lines have the name of a room, or a hash of it. */
  logRooms: 'hash' | 'name';
  /** From SIGTERM to giving up on whatever is unfinished. */
  drainDeadlineMs: number;
  /** From failing readiness to disconnecting clients: the time that a load balancer needs to notice. */
  drainWaitMs: number;
  /** Time over which clients are disconnected; null: by their number. */
  drainSpreadMs: number | null;
  mongodb: { uri: string; poolSize: number | null } | null;
  /** The bucket of pictures and files; null: they are in the store. */
  blobs: { address: string; environment: Readonly<Record<string, string>> } | null;
  /** For how long a picture or file is kept that its board no longer needs; null: as long as the board. */
  blobUnusedMs: number | null;
  /** Newest chat messages that stay in a board's document; null: all of them. */
  chatMessages: number | null;
  redisUrl: string | null;
  adminToken: string | null;
  /** Addresses and CIDR ranges whose forwarding headers the relay believes. */
  trustedProxies: readonly string[];
  /** Limits that differ from the defaults. */
  limits: Partial<RelayLimits>;
  /** Other origins whose pages may use this relay; null: not set; `['*']`: every page. */
  origins: readonly string[] | null;
  identity: IdentityConfig;
  /** Whom users find online and may write to. */
  directory: DirectoryRule;
  /** Rules for rooms that are no boards. */
  roomRules: readonly RoomRule[];
  push: PushConfig;
  /** Boards may have webhooks. */
  hasWebhooks: boolean;
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export type ParsedConfig =
  | { kind: 'run'; config: Config }
  | { kind: 'backup'; dataFolder: string; to: string }
  | { kind: 'restore'; from: string; dataFolder: string }
  | { kind: 'import'; from: string; collection: string | null; isMultipleCollections: boolean; mongodb: string | null; dataFolder: string }
  | { kind: 'vapid-keys' }
  | { kind: 'help' }
  | { kind: 'version' }
  | { kind: 'mistakes'; mistakes: string[] };
