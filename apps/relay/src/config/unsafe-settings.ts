/**
 * Settings that an attacker could use, with which the relay refuses to start. The table in README.md is made from these
 * rows. Pure; no sentence contains a secret.
 */

import type { LoadedVersion } from '@wetink/relay';
import { ANY_ORIGIN } from '@wetink/relay/http';
import { minSecretBytes } from '@wetink/relay/identity';

export interface SettingFacts {
  /** Other computers reach the relay, perhaps through a proxy. */
  isPublic: boolean;
  isProduction: boolean;
  /** '' when not set. */
  secret: string;
  jwtSecret: string;
  adminToken: string;
  origins: { source: string; list: readonly string[] };
  trustedProxies: { source: string; list: readonly string[] };
  /** WETINK_TOKEN_URL and WETINK_LOGIN_URL; null when not set or not an address. */
  addresses: readonly { variable: string; url: URL | null }[];
}

export interface UnsafeRow {
  /** The refused setting, for the table. */
  what: string;
  why: string;
  /** @returns One sentence for each setting that is refused. */
  find(facts: SettingFacts): string[];
}

const MIN_ADMIN_TOKEN_LENGTH = 16;
/** Placeholders from documentation, obvious choices, or one short piece repeated. */
const WELL_KNOWN = /change.?me|your.?(own.?)?secret|replace.?(me|this)|default.?secret|^(?<piece>.{1,8}?)\k<piece>+$/i;
const HOW = 'make one with openssl rand -hex 32';

export const unsafeRows: readonly UnsafeRow[] = [
  {
    what: `\`WETINK_SECRET\` shorter than ${minSecretBytes} bytes`,
    why: 'an attacker who finds it can sign in as any guest and make links to any board',
    find: ({ secret }) =>
      secret !== '' && Buffer.byteLength(secret) < minSecretBytes ? [`WETINK_SECRET is shorter than ${minSecretBytes} bytes: ${HOW}`] : [],
  },
  {
    what: '`WETINK_SECRET`, `WETINK_JWT_SECRET` or `WETINK_ADMIN_TOKEN` copied from documentation, or one short piece repeated',
    why: 'attackers try it first',
    find: ({ secret, jwtSecret, adminToken }) =>
      Object.entries({ WETINK_SECRET: secret, WETINK_JWT_SECRET: jwtSecret, WETINK_ADMIN_TOKEN: adminToken })
        .filter(([name, value]) => value.length >= (name === 'WETINK_ADMIN_TOKEN' ? MIN_ADMIN_TOKEN_LENGTH : minSecretBytes))
        .filter(([, value]) => WELL_KNOWN.test(value))
        .map(([name]) => `${name} is easy to guess: ${HOW}`),
  },
  {
    what: `\`WETINK_ADMIN_TOKEN\` shorter than ${MIN_ADMIN_TOKEN_LENGTH} characters, or with characters that a header cannot carry`,
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
    why: 'every client could claim any address, and limits per address would bind no one',
    find: ({ trustedProxies }) =>
      trustedProxies.list
        .filter((part) => /\/0+$/.test(part))
        .map(
          (part) =>
            `${trustedProxies.source} has ${JSON.stringify(part)}: every client would count as a proxy, and could claim any address`,
        ),
  },
  {
    what: '`WETINK_TOKEN_URL` or `WETINK_LOGIN_URL` without https on a relay that other computers reach',
    why: 'tokens would travel unencrypted',
    find: ({ addresses, isPublic }) =>
      addresses
        .filter(({ url }) => isPublic && url?.protocol === 'http:')
        .map(({ variable }) => `${variable} must be https:// on a relay that other computers reach: tokens would travel unencrypted`),
  },
];

/** The oldest versions without known holes. Older ws queues pongs without bound; older lib0 reads past a message. */
export const leastVersions: Readonly<Record<LoadedVersion['name'], readonly [number, number, number]>> = {
  ws: [8, 23, 0],
  lib0: [0, 2, 120],
};

export function unsafeSettings(facts: SettingFacts): string[] {
  return unsafeRows.flatMap(({ find }) => find(facts));
}

/** @returns A sentence for each version that is too old. */
export function unsafeVersions(loaded: readonly LoadedVersion[]): string[] {
  const found = loaded
    .filter(({ name, version }) => version !== null && !isAtLeast(version, leastVersions[name]))
    .map(({ name, version }) => `${name} ${version} is loaded, which has known holes: install ${leastVersions[name].join('.')} or later`);
  return [...new Set(found)];
}

/** The table for README.md, in Markdown. */
export function describeUnsafe(): string {
  const versions = Object.entries(leastVersions).map(([name, least]) => `${name} before ${least.join('.')}`);
  return [
    '| refused | why |',
    '| --- | --- |',
    ...unsafeRows.map(({ what, why }) => `| ${what} | ${why} |`),
    `| ${versions.join(', ')}, loaded at run time | known holes: unbounded memory for pings, memory of other clients in answers |`,
  ].join('\n');
}

function isAtLeast(version: string, least: readonly [number, number, number]): boolean {
  // A pre-release is older than its version.
  const [numbers = '', ...pre] = version.split('-');
  const parts = numbers.split('.').map(Number);
  for (const [i, wanted] of least.entries()) {
    const part = parts[i] ?? NaN;
    if (part !== wanted) return part > wanted;
  }
  return pre.length === 0;
}
