/** Wetink's cluster as plain processes on loopback, for tests and for `pnpm cluster`. */

export interface ClusterOptions {
  /** 1 to 9; 2 when left out. */
  relays?: number;
  /** Where logs, configuration, certificate and data are put. Made when missing, never removed. */
  folder: string;
  /** false: plain http and ws. */
  isTls?: boolean;
  /** How nginx spreads clients; `least_conn`, as the nginx.conf that ships, when left out. */
  balance?: 'least_conn' | 'round_robin' | 'hash';
  /** `lmdb`: one relay with its embedded store, without MongoDB and Redis. `mongodb` when left out. */
  store?: 'mongodb' | 'lmdb';
  /** nginx's port; a free one when left out. */
  port?: number;
  /**
   * Environment of one relay, for the first start and every restart: to put a proxy in front of its MongoDB or Redis,
   * or to choose other limits. `index` counts from 0; `env` holds MONGODB_URI, REDIS_URL and WETINK_ADMIN_TOKEN.
   */
  relayEnv?(index: number, env: Record<string, string>): Record<string, string>;
  /** Told what was started, one line each. */
  log?(line: string): void;
}

export interface ClusterRelay {
  /** ws://127.0.0.1:port, past nginx. */
  readonly url: string;
  /** The same for /healthz, /readyz, /metrics and /v1. */
  readonly httpUrl: string;
  readonly port: number;
  readonly logFile: string;
  /** Changes with each restart. */
  readonly pid: number;
  /** Resolves with the exit code or signal for SIGKILL (the default), SIGTERM and SIGINT, at once with null for others. */
  kill(signal?: NodeJS.Signals): Promise<number | string | null>;
  /** On the same port. One that still runs is drained first. */
  restart(): Promise<void>;
  /** Drains and ends it. */
  stop(): Promise<number | string>;
}

export interface ClusterRedis {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Empty, on the same port. */
  restart(): Promise<void>;
}

export interface ClusterMongo {
  readonly uri: string;
  /** Which program serves: `uri` (one that MONGODB_URI names), `mongod`, `secantusdb`, … */
  readonly kind: string;
  /** null for a server that runs already: it cannot be killed or restarted. */
  readonly pid: number | null;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

export interface ClusterNginx {
  readonly pid: number;
  /** Throws when the configuration is wrong, and then nothing has changed. */
  reload(): void;
}

export interface Cluster {
  /** wss://localhost:port (ws:// without TLS): rooms are below it. */
  readonly url: string;
  /** https://localhost:port: the web app, when it is built. */
  readonly origin: string;
  /** The authority that signed nginx's certificate, PEM; '' without TLS. */
  readonly certificate: string;
  readonly certificateFile: string;
  /** Opens /metrics and /v1 of the relays. */
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
 * @throws {Error} when a program is missing (what to install), the relay is not built, or a program does not start
 *   (the end of its log). Everything already started has been ended then.
 * @throws {RangeError} when an option is out of range.
 */
export function startCluster(options: ClusterOptions): Promise<Cluster>;
