/** Reads the keys for Web Push. All three or none. Pure. */

import { isVapidPair, type VapidConfig } from '../push/vapid.ts';
import type { Option, OptionReader } from './options.ts';

const publicKey: Option = {
  flag: null,
  variable: 'WETINK_VAPID_PUBLIC',
  value: 'KEY',
  byDefault: '',
  text: 'Public key for Web Push, with its private key and a subject; wetink-relay vapid-keys makes a pair. Without it no pushes are sent.',
};
const privateKey: Option = {
  flag: null,
  variable: 'WETINK_VAPID_PRIVATE',
  value: 'SECRET',
  byDefault: '',
  text: 'Private key for Web Push.',
  isSecret: true,
};
const subject: Option = {
  flag: null,
  variable: 'WETINK_VAPID_SUBJECT',
  value: 'ADDRESS',
  byDefault: '',
  text: 'Where push services reach you: mailto: or https:.',
};
const privateTargets: Option = {
  flag: null,
  variable: 'WETINK_PRIVATE_TARGETS',
  value: 'HOW',
  byDefault: 'refuse',
  text: 'Whether webhooks and pushes may go to private addresses and over http: refuse or allow.',
};

/** In the order of the help. */
export const pushOptions: readonly Option[] = [publicKey, privateKey, subject, privateTargets];

export interface PushConfig {
  /** Null: no pushes are sent. */
  vapid: VapidConfig | null;
  /** Addresses that people name may be private. */
  allowsPrivateTargets: boolean;
}

export function parsePush({ mistakes, read }: Pick<OptionReader, 'mistakes' | 'read'>): PushConfig {
  const how = read(privateTargets).value;
  if (how !== 'refuse' && how !== 'allow') mistakes.push(`WETINK_PRIVATE_TARGETS is ${JSON.stringify(how)}: it must be refuse or allow`);
  const allowsPrivateTargets = how === 'allow';
  const vapid = { publicKey: read(publicKey).value, privateKey: read(privateKey).value, subject: read(subject).value };
  const missing = [publicKey, privateKey, subject].filter((option) => read(option).value === '').map(({ variable }) => variable);
  if (missing.length === 3) return { vapid: null, allowsPrivateTargets };
  if (missing.length > 0) mistakes.push(`${missing.join(', ')} is not set: Web Push needs both keys and a subject`);
  else {
    if (!isVapidPair(vapid))
      mistakes.push('WETINK_VAPID_PUBLIC and WETINK_VAPID_PRIVATE are no pair: make one with wetink-relay vapid-keys');
    if (!/^mailto:[^\s@]+@[^\s@]+$/.test(vapid.subject) && !isHttps(vapid.subject))
      mistakes.push('WETINK_VAPID_SUBJECT must be mailto: and an e-mail address, or an https:// address');
  }
  return { vapid, allowsPrivateTargets };
}

function isHttps(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}
