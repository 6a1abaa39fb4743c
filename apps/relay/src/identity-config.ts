/** How people are told apart, from the environment: every mistake is collected, and nothing of a secret is in one. Pure. */

import { guestAudience, minSecretBytes, readKeys, tokenAlgorithms, type TokenAlgorithm, type TokenKeys } from '@wetink/relay/identity';
import type { Option, OptionReader } from './options.ts';
import type { SettingFacts } from './unsafe-settings.ts';

export const authModes = ['open', 'guests', 'tokens'] as const;

/** `secret` null: made once and kept in the data folder; in open mode without a folder there is none, and no boards. */
export type IdentityConfig =
  /** Rooms without an owner are everyone's. */
  | { mode: 'open'; secret: string | null }
  | { mode: 'guests'; secret: string | null }
  | ({ mode: 'tokens'; secret: string | null } & TokensConfig);

export interface TokensConfig {
  keys: TokenKeys;
  algorithms: readonly TokenAlgorithm[];
  issuer: string;
  audience: string;
  /** Where the web app fetches `{token}`, with the cookies of that address. */
  tokenUrl: string | null;
  /** Where the web app sends people who have no token. */
  loginUrl: string | null;
}

export interface IdentitySurroundings {
  /** False when there is no data folder to keep a secret in. */
  hasFolder: boolean;
  /** Others than this computer reach the relay, perhaps through a proxy. */
  isPublic: boolean;
}

const auth: Option = {
  flag: '--auth',
  variable: 'WETINK_AUTH',
  value: 'MODE',
  byDefault: '',
  text: "open: rooms without an owner are everyone's; the default on loopback without a proxy. guests: people with an id signed by this relay; the default elsewhere. tokens: people with a JWT of the operator's.",
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
  text: 'Of tokens, with commas; HS256 when there is a secret.',
};
const jwtIssuer: Option = { flag: null, variable: 'WETINK_JWT_ISSUER', value: 'NAME', byDefault: '', text: 'What iss of a token must be.' };
const jwtAudience: Option = {
  flag: null,
  variable: 'WETINK_JWT_AUDIENCE',
  value: 'NAME',
  byDefault: '',
  text: 'What aud of a token must be.',
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

const keyOptions = [jwtSecret, jwtPublicKey, jwtJwks];
const tokenOptions = [...keyOptions, jwtAlgorithms, jwtIssuer, jwtAudience, tokenAddress, loginAddress];
/** In the order of the help. */
export const identityOptions: readonly Option[] = [auth, secret, ...tokenOptions];

export function parseIdentity({ mistakes, read }: OptionReader, { hasFolder, isPublic }: IdentitySurroundings): IdentityConfig {
  const given = read(auth);
  const byHost = isPublic ? 'guests' : 'open';
  const mode = given.value === '' ? byHost : (authModes.find((known) => known === given.value) ?? byHost);
  if (given.value !== '' && mode !== given.value)
    mistakes.push(`${given.source} is ${JSON.stringify(given.value)}: it must be one of ${authModes.join(', ')}`);

  const signing = read(secret).value;
  if (mode !== 'open' && signing === '' && !hasFolder)
    mistakes.push(
      `WETINK_AUTH is ${mode}${given.value === '' ? ', as wherever others can come,' : ''} and boards are in MongoDB: set WETINK_SECRET, the same on all relays`,
    );

  if (mode !== 'tokens') {
    const unused = tokenOptions.filter((option) => read(option).value !== '').map(({ variable }) => variable);
    // Whoever sets these believes that tokens are checked.
    if (unused.length > 0)
      mistakes.push(`${unused.join(', ')} is set, and tokens are not asked for: set WETINK_AUTH to tokens, or leave it out`);
    return { mode, secret: signing === '' ? null : signing };
  }
  return { mode, secret: signing === '' ? null : signing, ...parseTokens({ mistakes, read }) };
}

/** What decides whether these settings are safe. */
export function identityFacts({ read }: Pick<OptionReader, 'read'>): Pick<SettingFacts, 'secret' | 'jwtSecret' | 'addresses'> {
  const addresses = [tokenAddress, loginAddress].map((option) => {
    const { value } = read(option);
    return { variable: option.variable ?? '', url: URL.canParse(value) ? new URL(value) : null };
  });
  return { secret: read(secret).value, jwtSecret: read(jwtSecret).value, addresses };
}

/** Everything that must not be seen in a log. */
export function identitySecrets(config: IdentityConfig): string[] {
  const ofTokens = config.mode === 'tokens' && config.keys.kind === 'secret' ? [config.keys.secret] : [];
  return [...(config.secret === null ? [] : [config.secret]), ...ofTokens];
}

function parseTokens({ mistakes, read }: Pick<OptionReader, 'mistakes' | 'read'>): TokensConfig {
  const addressOf = (option: Option): string | null => {
    const { value } = read(option);
    if (value === '') return null;
    const url = URL.canParse(value) ? new URL(value) : null;
    if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
      mistakes.push(`${option.variable ?? ''} must be an http:// or https:// address without a user`);
    return value;
  };
  const addresses = { tokenUrl: addressOf(tokenAddress), loginUrl: addressOf(loginAddress) };
  const [issuer, audience] = [read(jwtIssuer).value, read(jwtAudience).value];
  if (issuer === '') mistakes.push('WETINK_JWT_ISSUER is not set: say whose tokens are meant');
  if (audience === '') mistakes.push('WETINK_JWT_AUDIENCE is not set: a token for another service would open boards');
  if (audience === guestAudience) mistakes.push(`WETINK_JWT_AUDIENCE is ${guestAudience}, which is that of guests`);

  const set = keyOptions.filter((option) => read(option).value !== '');
  const [option] = set;
  if (option === undefined || set.length > 1) {
    mistakes.push(`WETINK_AUTH is tokens: set one of ${keyOptions.map(({ variable }) => variable).join(', ')}`);
    return { keys: { kind: 'secret', secret: '' }, algorithms: [], issuer, audience, ...addresses };
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
  return { keys, algorithms, issuer, audience, ...addresses };
}

function keysOf(option: Option, value: string): TokenKeys {
  if (option === jwtSecret) return { kind: 'secret', secret: value };
  if (option === jwtPublicKey) return { kind: 'public-key', pem: value.replaceAll('\\n', '\n') };
  return value.trimStart().startsWith('{') ? { kind: 'jwks', document: value } : { kind: 'jwks-url', url: value };
}
