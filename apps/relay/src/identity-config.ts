/** How people are told apart, from the environment: every mistake is collected, and nothing of a secret is in one. Pure. */

import { guestAudience, minSecretBytes, readKeys, tokenAlgorithms, type TokenAlgorithm, type TokenKeys } from '@wetink/relay/identity';
import type { Option, OptionReader } from './options.ts';

export const authModes = ['open', 'guests', 'tokens'] as const;

export type IdentityConfig =
  /** Everyone is an editor without a name. */
  | { mode: 'open' }
  /** `secret` null: made once, and kept in the data folder. */
  | { mode: 'guests'; secret: string | null }
  | { mode: 'tokens'; keys: TokenKeys; algorithms: readonly TokenAlgorithm[]; issuer: string; audience: string };

const auth: Option = {
  flag: '--auth',
  variable: 'WETINK_AUTH',
  value: 'MODE',
  byDefault: 'open',
  text: "open: everyone edits. guests: with an id signed by this relay. tokens: with a JWT of the operator's.",
};
const secret: Option = {
  flag: null,
  variable: 'WETINK_SECRET',
  value: 'SECRET',
  byDefault: '',
  text: `Signs guests; at least ${minSecretBytes} bytes, the same on all relays. Made once and kept in the data folder otherwise.`,
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

const keyOptions = [jwtSecret, jwtPublicKey, jwtJwks];
const tokenOptions = [...keyOptions, jwtAlgorithms, jwtIssuer, jwtAudience];
/** In the order of the help. */
export const identityOptions: readonly Option[] = [auth, secret, ...tokenOptions];

/** Out of documentation and of heads, or one short piece again and again. */
const WELL_KNOWN = /change.?me|your.?(own.?)?secret|replace.?(me|this)|default.?secret|^(?<piece>.{1,8}?)\k<piece>+$/i;

/** @param hasFolder False when there is no data folder to keep a secret in. */
export function parseIdentity({ mistakes, read }: OptionReader, hasFolder: boolean): IdentityConfig {
  const given = read(auth);
  const mode = authModes.find((known) => known === given.value) ?? 'open';
  if (mode !== given.value) mistakes.push(`${given.source} is ${JSON.stringify(given.value)}: it must be one of ${authModes.join(', ')}`);

  const signing = read(secret).value;
  if (signing !== '' && Buffer.byteLength(signing) < minSecretBytes)
    mistakes.push(`WETINK_SECRET is shorter than ${minSecretBytes} bytes: make one with openssl rand -hex 32`);
  for (const option of [secret, jwtSecret])
    if (read(option).value.length >= minSecretBytes && WELL_KNOWN.test(read(option).value))
      mistakes.push(`${option.variable} is one that others know or can guess: make one with openssl rand -hex 32`);
  if (mode === 'guests' && signing === '' && !hasFolder)
    mistakes.push('WETINK_AUTH is guests and boards are in MongoDB: set WETINK_SECRET, the same on all relays');

  if (mode !== 'tokens') {
    const unused = tokenOptions.filter((option) => read(option).value !== '').map(({ variable }) => variable);
    // Whoever sets these believes that tokens are checked.
    if (unused.length > 0)
      mistakes.push(`${unused.join(', ')} is set, and tokens are not asked for: set WETINK_AUTH to tokens, or leave it out`);
    return mode === 'guests' ? { mode, secret: signing === '' ? null : signing } : { mode };
  }
  return parseTokens({ mistakes, read });
}

/** Everything that must not be seen in a log. */
export function identitySecrets(config: IdentityConfig): string[] {
  if (config.mode === 'guests') return config.secret === null ? [] : [config.secret];
  return config.mode === 'tokens' && config.keys.kind === 'secret' ? [config.keys.secret] : [];
}

function parseTokens({ mistakes, read }: Pick<OptionReader, 'mistakes' | 'read'>): IdentityConfig {
  const [issuer, audience] = [read(jwtIssuer).value, read(jwtAudience).value];
  if (issuer === '') mistakes.push('WETINK_JWT_ISSUER is not set: say whose tokens are meant');
  if (audience === '') mistakes.push('WETINK_JWT_AUDIENCE is not set: a token for another service would open boards');
  if (audience === guestAudience) mistakes.push(`WETINK_JWT_AUDIENCE is ${guestAudience}, which is that of guests`);

  const set = keyOptions.filter((option) => read(option).value !== '');
  const [option] = set;
  if (option === undefined || set.length > 1) {
    mistakes.push(`WETINK_AUTH is tokens: set one of ${keyOptions.map(({ variable }) => variable).join(', ')}`);
    return { mode: 'open' };
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
  return { mode: 'tokens', keys, algorithms, issuer, audience };
}

function keysOf(option: Option, value: string): TokenKeys {
  if (option === jwtSecret) return { kind: 'secret', secret: value };
  if (option === jwtPublicKey) return { kind: 'public-key', pem: value.replaceAll('\\n', '\n') };
  return value.trimStart().startsWith('{') ? { kind: 'jwks', document: value } : { kind: 'jwks-url', url: value };
}
