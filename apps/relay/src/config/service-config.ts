/** Reads the options of the service. Each part pushes its mistakes; the order of parts is that of the mistakes. */

import { cidrMistake, originMistake } from '@wetink/relay/http';
import { readBackends } from './backends-config.ts';
import { logLevels, type Config, type ParsedConfig } from './config.ts';
import { openToPublic } from './hosts.ts';
import { identityFacts, parseIdentity } from './identity-config.ts';
import type { ReadLimits } from './limits-config.ts';
import type { Option, OptionReader } from './options.ts';
import { parsePush } from './push-config.ts';
import { parseRoomRules } from './room-rules-config.ts';
import {
  adminToken,
  chatMessages,
  CLUSTER_DRAIN_WAIT_SECONDS,
  data,
  directory,
  drainSeconds,
  drainSpread,
  drainWait,
  host,
  logLevelOption,
  logRoomsOption,
  pageOrigins,
  port,
  staticFiles,
  trustedProxies,
} from './service-options.ts';
import { unsafeSettings } from './unsafe-settings.ts';
import { parseWebhooks } from './webhooks-config.ts';

/** Readers of a document show its newest 10,000 messages, and a move begins a tenth above the number. */
const MAX_CHAT_MESSAGES = 9_000;

export interface ServiceInput {
  options: OptionReader;
  isProduction: boolean;
  limits: ReadLimits;
  /** Reads a file. @throws When it cannot. */
  readText(path: string): string;
}

export function parseService({ options, isProduction, limits: { limits, mistakes: ofLimits }, readText }: ServiceInput): ParsedConfig {
  const { mistakes, read, integer } = options;
  const portNumber = integer(port, 0, 65_535);
  const messages = integer(chatMessages, 0, MAX_CHAT_MESSAGES);
  const deadlineSeconds = integer(drainSeconds, 1, 3_600);
  const hostName = readHost(options);
  const logging = readLogging(options);
  const directoryRule = readDirectory(options);
  const backends = readBackends(options);
  const drain = readDrain(options, { deadlineSeconds, isClustered: backends.redisUrl !== null });
  const proxies = readList(options, trustedProxies, cidrMistake);
  const pages = readList(options, pageOrigins, originMistake);
  const token = read(adminToken).value;
  // A relay on loopback behind a proxy on this machine is as public as that proxy.
  const isPublic = openToPublic(hostName) || proxies.list.length > 0;
  const roomRules = parseRoomRules(options, readText);
  const identity = parseIdentity(options, { hasFolder: backends.mongodb === null, isPublic, roomRules });
  const push = parsePush(options);
  const hasWebhooks = parseWebhooks(options);
  mistakes.push(
    ...unsafeSettings({ isPublic, isProduction, adminToken: token, origins: pages, trustedProxies: proxies, ...identityFacts(options) }),
    ...ofLimits,
  );
  if (mistakes.length > 0 || logging === null) return { kind: 'mistakes', mistakes };
  const folder = read(staticFiles).value;
  return {
    kind: 'run',
    config: {
      port: portNumber,
      host: hostName,
      dataFolder: read(data).value,
      staticFolder: folder === '' ? null : folder,
      ...logging,
      directory: directoryRule,
      ...drain,
      ...backends,
      chatMessages: messages === 0 ? null : messages,
      adminToken: token === '' ? null : token,
      trustedProxies: proxies.list,
      limits,
      origins: pages.list.length === 0 ? null : pages.list,
      identity,
      roomRules,
      push,
      hasWebhooks,
    },
  };
}

function readHost({ mistakes, read }: OptionReader): string {
  const { value, source } = read(host);
  if (!/^[0-9A-Za-z.:_-]+$/.test(value)) mistakes.push(`${source} is ${JSON.stringify(value)}: it must be an address or a host name`);
  return value;
}

function readDirectory({ mistakes, read }: OptionReader): Config['directory'] {
  const { value, source } = read(directory);
  if (value === 'shared' || value === 'all' || value === 'off') return value;
  mistakes.push(`${source} is ${JSON.stringify(value)}: it must be shared, all or off`);
  return 'shared';
}

/** @returns null after a mistake. */
function readLogging({ mistakes, read }: OptionReader): Pick<Config, 'logLevel' | 'logRooms'> | null {
  const level = read(logLevelOption);
  const logLevel = logLevels.find((known) => known === level.value);
  if (logLevel === undefined) mistakes.push(`${level.source} is ${JSON.stringify(level.value)}: it must be one of ${logLevels.join(', ')}`);
  const rooms = read(logRoomsOption);
  const logRooms = rooms.value === 'hash' || rooms.value === 'name' ? rooms.value : undefined;
  if (logRooms === undefined) mistakes.push(`${rooms.source} is ${JSON.stringify(rooms.value)}: it must be hash or name`);
  return logLevel === undefined || logRooms === undefined ? null : { logLevel, logRooms };
}

/** @param isClustered Other relays take the clients of this one, once a load balancer has noticed that it stops. */
function readDrain(
  { mistakes, read, integer }: OptionReader,
  { deadlineSeconds, isClustered }: { deadlineSeconds: number; isClustered: boolean },
): Pick<Config, 'drainDeadlineMs' | 'drainWaitMs' | 'drainSpreadMs'> {
  const byDefault = isClustered ? CLUSTER_DRAIN_WAIT_SECONDS : 0;
  const waitSeconds = read(drainWait).value === '' ? byDefault : integer(drainWait, 0, 600);
  if (waitSeconds >= deadlineSeconds)
    mistakes.push(
      `${read(drainWait).source} is ${waitSeconds}: it must be less than ${read(drainSeconds).source}, which is ${deadlineSeconds}`,
    );
  const spreadSeconds = read(drainSpread).value === '' ? null : integer(drainSpread, 0, 600);
  if (spreadSeconds !== null && spreadSeconds * 2 > deadlineSeconds - waitSeconds)
    mistakes.push(
      `${read(drainSpread).source} is ${spreadSeconds}: half of the drain, which has ${deadlineSeconds - waitSeconds} s after the wait, is kept for saving; raise ${read(drainSeconds).source}`,
    );
  return {
    drainDeadlineMs: deadlineSeconds * 1_000,
    drainWaitMs: waitSeconds * 1_000,
    drainSpreadMs: spreadSeconds === null ? null : spreadSeconds * 1_000,
  };
}

/** Reads a list with commas. @param mistakeOf What is wrong with one entry, or null. */
function readList(
  { mistakes, read }: OptionReader,
  option: Option,
  mistakeOf: (entry: string) => string | null,
): { source: string; list: readonly string[] } {
  const { value, source } = read(option);
  const list = value.split(',').flatMap((part) => part.trim() || []);
  for (const part of list) {
    const mistake = mistakeOf(part);
    if (mistake !== null) mistakes.push(`${source} has ${JSON.stringify(part)}: ${mistake}`);
  }
  return { source, list };
}
