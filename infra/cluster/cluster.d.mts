/** A Wetink cluster of plain processes on loopback, for tests and for `pnpm cluster`. */

export interface ClusterOptions {
  /** 1 to 9. Default: 2. */
  relays?: number;
  /** Gets logs, configuration, certificate and data. Made if missing, never removed. */
  folder: string;
  /** false: plain http and ws. */
  isTls?: boolean;
  /** How nginx spreads clients. Default: `least_conn`, as in the shipped nginx.conf. */
  balance?: 'least_conn' | 'round_robin' | 'hash';
  /** `lmdb`: one relay with its embedded store, without MongoDB and Redis. Default: `mongodb`. */
  store?: 'mongodb' | 'lmdb';
  /** nginx's port. Default: a free one. */
  port?: number;
  /**
   * Environment of one relay, for the first start and every restart: to put a proxy in front of its MongoDB or Redis,
   * or to choose other limits. `index` counts from 0; `env` holds MONGODB_URI, REDIS_URL and WETINK_ADMIN_TOKEN.
   */
  relayEnv?(index: number, env: Record<string, string>): Record<string, string>;
  /** Gets one line for each program that was started. */
  log?(line: string): void;
}

export interface ClusterRelay {
  /** ws://127.0.0.1:port, not through nginx. */
  readonly url: string;
  /** http://127.0.0.1:port, for /healthz, /readyz, /metrics and /v1. */
  readonly httpUrl: string;
  readonly port: number;
  readonly logFile: string;
  /** Changes with each restart. */
  readonly pid: number;
  /** Resolves with the exit code or signal for SIGKILL (the default), SIGTERM and SIGINT, at once with null for others. */
  kill(signal?: NodeJS.Signals): Promise<number | string | null>;
  /** Restarts on the same port. A running relay is drained first. */
  restart(): Promise<void>;
  /** Drains and stops the relay. */
  stop(): Promise<number | string>;
}

export interface ClusterRedis {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Restarts empty, on the same port. */
  restart(): Promise<void>;
}

export interface ClusterMongo {
  readonly uri: string;
  /** The program that runs: `uri` (one that MONGODB_URI names), `mongod`, `secantusdb`, … */
  readonly kind: string;
  /** null for a server that the cluster did not start, and so cannot kill or restart. */
  readonly pid: number | null;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

export interface ClusterNginx {
  readonly pid: number;
  /** Reloads the configuration. @throws {Error} It is wrong; nothing has changed. */
  reload(): void;
}

export interface Cluster {
  /** wss://localhost:port (ws:// without TLS): rooms are below it. */
  readonly url: string;
  /** https://localhost:port: the web app, if it is built. */
  readonly origin: string;
  /** Certificate of the authority that signed nginx's, as PEM; '' without TLS. */
  readonly certificate: string;
  readonly certificateFile: string;
  /** Token for /metrics and the admin API of the relays. */
  readonly adminToken: string;
  readonly folder: string;
  readonly hasWebApp: boolean;
  readonly accessLogFile: string;
  readonly relays: readonly ClusterRelay[];
  /** null with `store: 'lmdb'`. */
  readonly redis: ClusterRedis | null;
  readonly mongo: ClusterMongo | null;
  readonly nginx: ClusterNginx;
  /** Ends every process of the cluster, relays by draining them. The folder stays. Idempotent. */
  stop(): Promise<void>;
}

/**
 * @throws {Error} A program is missing (the message says what to install), the relay is not built, or a program does not
 *   start (the message has the end of its log). Programs already started are stopped first.
 * @throws {RangeError} An option is out of range.
 */
export function startCluster(options: ClusterOptions): Promise<Cluster>;
