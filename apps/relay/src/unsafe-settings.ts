/**
 * Settings that the relay refuses to start with, because somebody else could use them: each row says which, and why. The
 * table of README.md is these rows. Pure; nothing of a secret is part of a sentence.
 */

import type { LoadedVersion } from '@wetink/relay';
import { minSecretBytes } from '@wetink/relay/identity';
import { ANY_ORIGIN } from './http-origins.ts';

export interface SettingFacts {
  /** Others than this computer reach the relay, perhaps through a proxy. */
  isPublic: boolean;
  isProduction: boolean;
  /** '' for what is not set. */
  secret: string;
  jwtSecret: string;
  adminToken: string;
  origins: { source: string; list: readonly string[] };
  trustedProxies: { source: string; list: readonly string[] };
  /** WETINK_TOKEN_URL and WETINK_LOGIN_URL; null for what is not set or no address. */
  addresses: readonly { variable: string; url: URL | null }[];
}

export interface UnsafeRow {
  /** What is refused, for the table. */
  what: string;
  why: string;
  /** A sentence for each that is so. */
  find(facts: SettingFacts): string[];
}

const MIN_ADMIN_TOKEN_LENGTH = 16;
/** Out of documentation and of heads, or one short piece again and again. */
const WELL_KNOWN = /change.?me|your.?(own.?)?secret|replace.?(me|this)|default.?secret|^(?<piece>.{1,8}?)\k<piece>+$/i;
const HOW = 'make one with openssl rand -hex 32';

export const unsafeRows: readonly UnsafeRow[] = [
  {
    what: `\`WETINK_SECRET\` of less than ${minSecretBytes} bytes`,
    why: 'whoever finds it signs any guest and makes links to any board',
    find: ({ secret }) =>
      secret !== '' && Buffer.byteLength(secret) < minSecretBytes ? [`WETINK_SECRET is shorter than ${minSecretBytes} bytes: ${HOW}`] : [],
  },
  {
    what: '`WETINK_SECRET`, `WETINK_JWT_SECRET` or `WETINK_ADMIN_TOKEN` out of documentation, or one short piece repeated',
    why: 'it is the first that anybody tries',
    find: ({ secret, jwtSecret, adminToken }) =>
      Object.entries({ WETINK_SECRET: secret, WETINK_JWT_SECRET: jwtSecret, WETINK_ADMIN_TOKEN: adminToken })
        .filter(([name, value]) => value.length >= (name === 'WETINK_ADMIN_TOKEN' ? MIN_ADMIN_TOKEN_LENGTH : minSecretBytes))
        .filter(([, value]) => WELL_KNOWN.test(value))
        .map(([name]) => `${name} is one that others know or can guess: ${HOW}`),
  },
  {
    what: `\`WETINK_ADMIN_TOKEN\` of less than ${MIN_ADMIN_TOKEN_LENGTH} characters, or with characters that a header cannot carry`,
    why: 'it erases rooms and suspends people',
    find: ({ adminToken }) => {
      if (adminToken !== '' && !/^[!-~]+$/.test(adminToken))
        return ['WETINK_ADMIN_TOKEN has characters that a header cannot carry: use letters and digits'];
      return adminToken !== '' && adminToken.length < MIN_ADMIN_TOKEN_LENGTH
        ? [`WETINK_ADMIN_TOKEN is shorter than ${MIN_ADMIN_TOKEN_LENGTH} characters: ${HOW}`]
        : [];
    },
  },
  {
    what: '`*` in `WETINK_ORIGINS` with `NODE_ENV=production`',
    why: "any page could use the relay in its visitors' names",
    find: ({ origins, isProduction }) =>
      isProduction && origins.list.includes(ANY_ORIGIN)
        ? [`${origins.source} has "*" with NODE_ENV=production: any page could use this relay in its visitors' names; name the pages`]
        : [],
  },
  {
    what: 'a range of all addresses in `WETINK_TRUSTED_PROXIES`',
    why: 'everybody could say where they come from, and limits of an address would bind nobody',
    find: ({ trustedProxies }) =>
      trustedProxies.list
        .filter((part) => /\/0+$/.test(part))
        .map((part) => `${trustedProxies.source} has ${JSON.stringify(part)}: everybody would be a proxy, and could claim any address`),
  },
  {
    what: '`WETINK_TOKEN_URL` or `WETINK_LOGIN_URL` without https on a relay that others reach',
    why: 'tokens would travel in the clear',
    find: ({ addresses, isPublic }) =>
      addresses
        .filter(({ url }) => isPublic && url?.protocol === 'http:')
        .map(({ variable }) => `${variable} must be https:// on a relay that others reach: tokens would travel in the clear`),
  },
];

/** The least versions without known holes. ws before it queues pongs without end, lib0 before it reads past a message. */
export const leastVersions: Readonly<Record<LoadedVersion['name'], readonly [number, number, number]>> = {
  ws: [8, 23, 0],
  lib0: [0, 2, 120],
};

export function unsafeSettings(facts: SettingFacts): string[] {
  return unsafeRows.flatMap(({ find }) => find(facts));
}

/** @returns A sentence for each that is too old. */
export function unsafeVersions(loaded: readonly LoadedVersion[]): string[] {
  const found = loaded
    .filter(({ name, version }) => version !== null && !isAtLeast(version, leastVersions[name]))
    .map(({ name, version }) => `${name} ${version} is loaded, which has known holes: install ${leastVersions[name].join('.')} or later`);
  return [...new Set(found)];
}

/** The table of README.md, in Markdown. */
export function describeUnsafe(): string {
  const versions = Object.entries(leastVersions).map(([name, least]) => `${name} before ${least.join('.')}`);
  return [
    '| refused | why |',
    '| --- | --- |',
    ...unsafeRows.map(({ what, why }) => `| ${what} | ${why} |`),
    `| ${versions.join(', ')}, loaded at run time | known holes: pings without end, bytes of other people |`,
  ].join('\n');
}

function isAtLeast(version: string, least: readonly [number, number, number]): boolean {
  // A pre-release comes before the version it is of.
  const [numbers = '', ...pre] = version.split('-');
  const parts = numbers.split('.').map(Number);
  for (const [i, wanted] of least.entries()) {
    const part = parts[i] ?? NaN;
    if (part !== wanted) return part > wanted;
  }
  return pre.length === 0;
}
