/** Reads the identity settings from the environment. Collects every mistake, none of which contains a secret. Pure. */

import {
  guestAudience,
  minSecretBytes,
  readKeys,
  tokenAlgorithms,
  type RolesClaim,
  type TokenAlgorithm,
  type TokenKeys,
} from '@wetink/relay/identity';
import { originMistake } from '@wetink/relay/http';
import type { Option, OptionReader } from './options.ts';
import type { RoomRule } from '@wetink/relay/access';
import { parseRoles, rolesOptions } from './roles-config.ts';
import type { SettingFacts } from './unsafe-settings.ts';

export const authModes = ['open', 'guests', 'tokens'] as const;

/** `secret` null: made once and kept in the data folder. Without a folder, open mode has no secret and so no boards. */
export type IdentityConfig =
  /** Anyone may edit rooms without an owner. */
  | { mode: 'open'; secret: string | null }
  | { mode: 'guests'; secret: string | null }
  | ({ mode: 'tokens'; secret: string | null } & TokensConfig);

export interface TokensConfig {
  keys: TokenKeys;
  algorithms: readonly TokenAlgorithm[];
  issuer: string;
  audience: string;
  /** Null: tokens give no roles. */
  roles: RolesClaim | null;
  /** Where the web app fetches `{token}`, with the cookies of that address. */
  tokenUrl: string | null;
  /** Where the web app sends people who have no token. */
  loginUrl: string | null;
  /** Origins, as browsers write them, that the claim `picture` of a token may name. */
  imageOrigins: readonly string[];
}

export interface IdentitySurroundings {
  /** False when there is no data folder to keep a secret in. */
  hasFolder: boolean;
  /** Other computers reach the relay, perhaps through a proxy. */
  isPublic: boolean;
  roomRules: readonly RoomRule[];
}

const auth: Option = {
  flag: '--auth',
  variable: 'WETINK_AUTH',
  value: 'MODE',
  byDefault: '',
  text: "How users are identified. open: also without an id, anyone edits rooms without an owner; the default on loopback without a proxy. guests: by an id that this relay signs; the default otherwise. tokens: by the operator's JWTs.",
};
const secret: Option = {
  flag: null,
  variable: 'WETINK_SECRET',
  value: 'SECRET',
  byDefault: '',
  text: `Signs guests and links; at least ${minSecretBytes} bytes, the same on all relays. Made once and kept in the data folder otherwise.`,
  isSecret: true,
};
const jwtSecret: Option = {
  flag: null,
  variable: 'WETINK_JWT_SECRET',
  value: 'SECRET',
  byDefault: '',
  text: 'Verifies tokens of HS256, HS384 or HS512.',
  isSecret: true,
};
const jwtPublicKey: Option = {
  flag: null,
  variable: 'WETINK_JWT_PUBLIC_KEY',
  value: 'PEM',
  byDefault: '',
  text: 'Verifies tokens; line breaks may be written as \\n.',
};
const jwtJwks: Option = {
  flag: null,
  variable: 'WETINK_JWT_JWKS',
  value: 'ADDRESS',
  byDefault: '',
  text: 'Verifies tokens: the https address of a JWK set, or the set itself.',
};
const jwtAlgorithms: Option = {
  flag: null,
  variable: 'WETINK_JWT_ALGORITHMS',
  value: 'LIST',
  byDefault: '',
  text: 'Allowed algorithms of tokens, with commas; HS256 when there is a secret.',
};
const jwtIssuer: Option = { flag: null, variable: 'WETINK_JWT_ISSUER', value: 'NAME', byDefault: '', text: 'Required iss of a token.' };
const jwtAudience: Option = {
  flag: null,
  variable: 'WETINK_JWT_AUDIENCE',
  value: 'NAME',
  byDefault: '',
  text: 'Required aud of a token.',
};
const tokenAddress: Option = {
  flag: null,
  variable: 'WETINK_TOKEN_URL',
  value: 'ADDRESS',
  byDefault: '',
  text: 'Where the web app fetches {"token": JWT}, with the cookies of that address.',
};
const loginAddress: Option = {
  flag: null,
  variable: 'WETINK_LOGIN_URL',
  value: 'ADDRESS',
  byDefault: '',
  text: 'Where the web app sends people who have no token.',
};
const imageOrigins: Option = {
  flag: '--image-origins',
  variable: 'WETINK_IMAGE_ORIGINS',
  value: 'LIST',
  byDefault: '',
  text: 'https origins, with commas, whose pictures of people the app shows: those that the claim picture of a token names. Their servers learn the address of every reader.',
};

const keyOptions = [jwtSecret, jwtPublicKey, jwtJwks];
const tokenOptions = [...keyOptions, jwtAlgorithms, jwtIssuer, jwtAudience, ...rolesOptions, tokenAddress, loginAddress, imageOrigins];
/** In the order of the help. */
export const identityOptions: readonly Option[] = [auth, secret, ...tokenOptions];

export function parseIdentity({ mistakes, read }: OptionReader, { hasFolder, isPublic, roomRules }: IdentitySurroundings): IdentityConfig {
  const given = read(auth);
  const byHost = isPublic ? 'guests' : 'open';
  const mode = given.value === '' ? byHost : (authModes.find((known) => known === given.value) ?? byHost);
  if (given.value !== '' && mode !== given.value)
    mistakes.push(`${given.source} is ${JSON.stringify(given.value)}: it must be one of ${authModes.join(', ')}`);

  const signing = read(secret).value;
  if (mode !== 'open' && signing === '' && !hasFolder)
    mistakes.push(
      `WETINK_AUTH is ${mode}${given.value === '' ? ', the default where other computers can connect,' : ''} and boards are in MongoDB: set WETINK_SECRET, the same on all relays`,
    );

  if (mode !== 'tokens') {
    const unused = tokenOptions.filter((option) => read(option).value !== '').map(({ variable }) => variable);
    // An operator who sets these expects tokens to be checked.
    if (unused.length > 0)
      mistakes.push(`${unused.join(', ')} is set, but tokens are not used: set WETINK_AUTH to tokens, or leave it out`);
    mistakes.push(...rulesWithoutTokens(roomRules));
    if (mode === 'open' && signing === '' && !hasFolder && roomRules.length > 0)
      mistakes.push('room rules are set, but this relay has no users: set WETINK_SECRET');
    return { mode, secret: signing === '' ? null : signing };
  }
  return { mode, secret: signing === '' ? null : signing, ...parseTokens({ mistakes, read }, roomRules) };
}

/** The facts that decide whether these settings are safe. */
export function identityFacts({ read }: Pick<OptionReader, 'read'>): Pick<SettingFacts, 'secret' | 'jwtSecret' | 'addresses'> {
  const addresses = [tokenAddress, loginAddress].map((option) => {
    const { value } = read(option);
    return { variable: option.variable ?? '', url: URL.canParse(value) ? new URL(value) : null };
  });
  return { secret: read(secret).value, jwtSecret: read(jwtSecret).value, addresses };
}

/** All secrets that must not appear in a log. */
export function identitySecrets(config: IdentityConfig): string[] {
  const ofTokens = config.mode === 'tokens' && config.keys.kind === 'secret' ? [config.keys.secret] : [];
  return [...(config.secret === null ? [] : [config.secret]), ...ofTokens];
}

/** Without tokens every user is a guest: there is no one to sign in, and no role. */
function rulesWithoutTokens(rules: readonly RoomRule[]): string[] {
  const [rule] = rules.filter(({ allow }) => allow !== 'public');
  return rule === undefined
    ? []
    : [`the room rule for ${JSON.stringify(rule.prefix)} has "allow": "${rule.allow}", which needs tokens: set WETINK_AUTH to tokens`];
}

function parseTokens({ mistakes, read }: Pick<OptionReader, 'mistakes' | 'read'>, roomRules: readonly RoomRule[]): TokensConfig {
  const addressOf = (option: Option): string | null => {
    const { value } = read(option);
    if (value === '') return null;
    const url = URL.canParse(value) ? new URL(value) : null;
    if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
      mistakes.push(`${option.variable ?? ''} must be an http:// or https:// address without a user`);
    return value;
  };
  const addresses = {
    tokenUrl: addressOf(tokenAddress),
    loginUrl: addressOf(loginAddress),
    imageOrigins: parseImageOrigins({ mistakes, read }),
  };
  const [issuer, audience] = [read(jwtIssuer).value, read(jwtAudience).value];
  if (issuer === '') mistakes.push('WETINK_JWT_ISSUER is not set: name the issuer whose tokens to accept');
  if (audience === '') mistakes.push('WETINK_JWT_AUDIENCE is not set: a token for another service would open boards');
  if (audience === guestAudience) mistakes.push(`WETINK_JWT_AUDIENCE is ${guestAudience}, which is that of guests`);

  const named = roomRules.flatMap((rule) => (rule.allow === 'role' ? [rule.role] : []));
  const roles = parseRoles({ mistakes, read }, named);
  if (roles === null && named.length > 0)
    mistakes.push(`the room rules name the role ${JSON.stringify(named[0])}, but no claim gives roles: set WETINK_ROLES_CLAIM`);

  const set = keyOptions.filter((option) => read(option).value !== '');
  const [option] = set;
  if (option === undefined || set.length > 1) {
    mistakes.push(`WETINK_AUTH is tokens: set one of ${keyOptions.map(({ variable }) => variable).join(', ')}`);
    return { keys: { kind: 'secret', secret: '' }, algorithms: [], issuer, audience, roles, ...addresses };
  }
  const keys = keysOf(option, read(option).value);
  const names = read(jwtAlgorithms)
    .value.split(',')
    .flatMap((part) => part.trim() || []);
  const listed = names.length === 0 && keys.kind === 'secret' ? ['HS256'] : names;
  const algorithms = tokenAlgorithms.filter((known) => listed.includes(known));
  const unknown = listed.filter((name) => !algorithms.some((known) => known === name));
  if (unknown.length > 0 || listed.length === 0)
    mistakes.push(`WETINK_JWT_ALGORITHMS is ${JSON.stringify(names.join(','))}: it must list some of ${tokenAlgorithms.join(', ')}`);
  else {
    const checked = readKeys(keys, algorithms);
    if (!checked.ok) mistakes.push(...checked.mistakes.map((mistake) => `${option.variable} ${mistake}`));
  }
  return { keys, algorithms, issuer, audience, roles, ...addresses };
}

/** The origins as browsers write them: lower case, without the port 443. Each goes into the policy of the app, so nothing else may. */
function parseImageOrigins({ mistakes, read }: Pick<OptionReader, 'mistakes' | 'read'>): string[] {
  const { value, source } = read(imageOrigins);
  return value
    .split(',')
    .flatMap((part) => part.trim() || [])
    .flatMap((part) => {
      if (originMistake(part) === null && part !== '*' && /^https:/i.test(part)) return new URL(part).origin;
      mistakes.push(`${source} has ${JSON.stringify(part)}: it must be https, host and port, such as https://pictures.example`);
      return [];
    });
}

function keysOf(option: Option, value: string): TokenKeys {
  if (option === jwtSecret) return { kind: 'secret', secret: value };
  if (option === jwtPublicKey) return { kind: 'public-key', pem: value.replaceAll('\\n', '\n') };
  return value.trimStart().startsWith('{') ? { kind: 'jwks', document: value } : { kind: 'jwks-url', url: value };
}
