/** Options of the service, and those it shares with the other commands. */

import { identityOptions } from './identity-config.ts';
import type { Option } from './options.ts';
import { pushOptions } from './push-config.ts';
import { roomRules } from './room-rules-config.ts';
import { logLevels } from './config.ts';
import { webhooks } from './webhooks-config.ts';

/** Long enough for a load balancer that probes every few seconds. A single node has none to wait for. */
export const CLUSTER_DRAIN_WAIT_SECONDS = 5;

export const data: Option = {
  flag: '--data',
  variable: 'WETINK_DATA',
  value: 'FOLDER',
  byDefault: './data',
  text: 'Folder for boards; made if missing. Not used with MongoDB.',
};
export const port: Option = {
  flag: '--port',
  variable: 'PORT',
  value: 'NUMBER',
  byDefault: '8787',
  text: 'Port to listen on; 0: the system chooses one.',
};
export const host: Option = {
  flag: '--host',
  variable: 'WETINK_HOST',
  value: 'ADDRESS',
  byDefault: '127.0.0.1',
  text: 'Address to listen on; 0.0.0.0: every network.',
};
export const staticFiles: Option = {
  flag: '--static',
  variable: 'WETINK_STATIC',
  value: 'FOLDER',
  byDefault: '',
  text: 'Folder of the built web app, served at /.',
};
export const mongodb: Option = {
  flag: '--mongodb',
  variable: 'MONGODB_URI',
  value: 'ADDRESS',
  byDefault: '',
  text: 'Keep boards in MongoDB instead of a folder. With a password, use the environment.',
  isSecret: true,
};
export const mongodbPool: Option = {
  flag: '--mongodb-pool',
  variable: 'WETINK_MONGODB_POOL',
  value: 'NUMBER',
  byDefault: '',
  text: "Connections to MongoDB; the store's own default otherwise.",
};
export const blobs: Option = {
  flag: '--blobs',
  variable: 'WETINK_BLOBS',
  value: 'ADDRESS',
  byDefault: '',
  text: 'Keep pictures and files in a bucket, such as s3://bucket/prefix, instead of the folder or MongoDB.',
};
export const blobUnusedDays: Option = {
  flag: '--blob-unused-days',
  variable: 'WETINK_BLOB_UNUSED_DAYS',
  value: 'NUMBER',
  byDefault: '30',
  text: 'Days for which a picture or file is kept that its board no longer needs; 0: as long as the board.',
};
export const chatMessages: Option = {
  flag: '--chat-messages',
  variable: 'WETINK_CHAT_MESSAGES',
  value: 'NUMBER',
  byDefault: '1000',
  text: "Newest chat messages that stay in a board's document; older ones move to its history. 0: all stay.",
};
/** The usual variables of AWS, read only with a bucket. */
export const awsOptions: readonly Option[] = (
  [
    ['AWS_ACCESS_KEY_ID', 'SECRET', 'Key for the bucket of --blobs.'],
    ['AWS_SECRET_ACCESS_KEY', 'SECRET', 'Secret of that key.'],
    ['AWS_SESSION_TOKEN', 'SECRET', 'Token of a key that expires.'],
    ['AWS_REGION', 'NAME', 'Region of the bucket; us-east-1 otherwise.'],
    ['AWS_DEFAULT_REGION', 'NAME', 'Region of the bucket, without AWS_REGION.'],
    ['AWS_ENDPOINT_URL_S3', 'ADDRESS', "Another S3-compatible server than Amazon's."],
    ['AWS_ENDPOINT_URL', 'ADDRESS', 'The same, without AWS_ENDPOINT_URL_S3.'],
  ] as const
).map(([variable, value, text]) => ({ flag: null, variable, value, byDefault: '', text, isSecret: value === 'SECRET' }));
export const redis: Option = {
  flag: '--redis',
  variable: 'REDIS_URL',
  value: 'ADDRESS',
  byDefault: '',
  text: 'Join other relays on the same MongoDB. Several addresses, with commas, for a Redis Cluster.',
  isSecret: true,
};
export const trustedProxies: Option = {
  flag: '--trusted-proxies',
  variable: 'WETINK_TRUSTED_PROXIES',
  value: 'LIST',
  byDefault: '',
  text: 'Addresses or CIDR ranges of proxies whose X-Forwarded-For is believed, with commas.',
};
export const pageOrigins: Option = {
  flag: '--origins',
  variable: 'WETINK_ORIGINS',
  value: 'LIST',
  byDefault: '',
  text: 'Other origins whose pages may use this relay, such as https://draw.example, with commas.',
};
export const logLevelOption: Option = {
  flag: '--log-level',
  variable: 'WETINK_LOG_LEVEL',
  value: 'LEVEL',
  byDefault: 'info',
  text: `One of ${logLevels.join(', ')}. Logs are JSON lines on stderr.`,
};
export const logRoomsOption: Option = {
  flag: '--log-rooms',
  variable: 'WETINK_LOG_ROOMS',
  value: 'HOW',
  byDefault: 'hash',
  text: 'How logs name a room: hash or name. Anyone who reads a name in the log may enter an open room.',
};
export const drainSeconds: Option = {
  flag: '--drain-seconds',
  variable: 'WETINK_DRAIN_SECONDS',
  value: 'NUMBER',
  byDefault: '25',
  text: 'Longest time to finish after SIGTERM, in seconds.',
};
export const drainWait: Option = {
  flag: '--drain-wait-seconds',
  variable: 'WETINK_DRAIN_WAIT_SECONDS',
  value: 'NUMBER',
  byDefault: '',
  text: `Seconds from failing /readyz to disconnecting clients. Default: 0, with Redis ${CLUSTER_DRAIN_WAIT_SECONDS}.`,
};
export const drainSpread: Option = {
  flag: '--drain-spread-seconds',
  variable: 'WETINK_DRAIN_SPREAD_SECONDS',
  value: 'NUMBER',
  byDefault: '',
  text: 'Seconds over which clients are disconnected. Default: 2, or 1 for every 200 clients if that is more.',
};
export const directory: Option = {
  flag: '--directory',
  variable: 'WETINK_DIRECTORY',
  value: 'WHO',
  byDefault: 'shared',
  text: 'People whom a user finds online and may write to: shared (both entered a board and have a role there), all, or off (nobody is listed; people may still write to those with whom they share a board).',
};
export const adminToken: Option = {
  flag: null,
  variable: 'WETINK_ADMIN_TOKEN',
  value: 'SECRET',
  byDefault: '',
  text: 'Token for the admin API, and for /metrics from other computers. Without it, and without WETINK_ROLES_CLAIM, both are off.',
  isSecret: true,
};
/** Options of the service, in the order of its help. */
export const serviceOptions: readonly Option[] = [
  port,
  host,
  data,
  staticFiles,
  mongodb,
  mongodbPool,
  blobs,
  ...awsOptions,
  blobUnusedDays,
  chatMessages,
  redis,
  trustedProxies,
  pageOrigins,
  directory,
  adminToken,
  ...identityOptions,
  roomRules,
  webhooks,
  ...pushOptions,
  logLevelOption,
  logRoomsOption,
  drainSeconds,
  drainWait,
  drainSpread,
];
