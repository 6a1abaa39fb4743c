/**
 * My identity for the relay: a guest with the secret of this browser, or a user with a token of the operator's.
 *
 *   settings ── none ────> ''                     a relay that identifies nobody, or one without this API
 *            ├─ guests ──> POST /v1/guests        kept on this device, and renewed in good time
 *            └─ tokens ──> GET tokenUrl           with the cookies of that address; 401 or 403: signed out
 *
 * The relay's last settings are remembered: without a network the person keeps their identity. Signed out, they are the guest
 * of this browser, and nothing of the user stays.
 */
import { NO_SETTINGS, parseSettings, pictureAddress, userOfToken, type RelaySettings, type SignedIn } from '../core/board-info.ts';
import type { KeyValue } from '../core/key-value.ts';
import type { GuestToken, RelayApi } from './relay-api.ts';

export const SETTINGS_KEY = 'wetink.relay';
export const USER_KEY = 'wetink.user';
export const TOKEN_KEY = 'wetink.token';
/** A guest token this close to its end is renewed. A guest who stays away longer still has the secret. */
const RENEW_BEFORE_MS = 7 * 24 * 3_600_000;
/** An operator's token lasts minutes; one that ends within this time is not worth presenting. */
const TOKEN_MARGIN_MS = 30_000;
const TOKEN_TIMEOUT_MS = 10_000;

export interface AccountOptions {
  api: RelayApi;
  facts: KeyValue;
  /** The guest of this browser, with the name as it is now. */
  guest(): { id: string; secret: string; name: string };
  /** Called with the operator's user; null: with the guest. */
  onUser(user: SignedIn | null): void;
  /** Signed in or out. */
  onChange(): void;
  /** For tests; the page's by default. */
  fetchFrom?: typeof fetch;
  now?: () => number;
}

export interface TokenRequest {
  /** A token that was refused is of no use, however new it looks. */
  mustBeFresh: boolean;
  /** That token, if the caller knows it: any other that the page has got meanwhile will do. */
  presented?: string;
}

export class Account {
  readonly #options: AccountOptions;
  readonly #now: () => number;
  #settings: RelaySettings | null = null;
  #asking: Promise<RelaySettings> | null = null;
  #token: { token: string; expiresAtMs: number | null } | null = null;
  #isSignedOut = false;
  /** A token on its way, for all that ask meanwhile. */
  #coming: Promise<string> | null = null;

  constructor(options: AccountOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const user = this.#kept();
    if (user !== undefined) options.onUser(user);
  }

  /** Where to sign in, while that is needed; `url` null: the operator named no page. */
  get signIn(): { url: string | null } | null {
    return this.#isSignedOut ? { url: this.known?.loginUrl ?? null } : null;
  }

  /** True once the relay has said that it identifies people, so boards have owners. */
  get hasBoards(): boolean {
    return (this.#settings?.auth ?? 'none') !== 'none';
  }

  /** The relay's settings, or the last that this device received; null: none yet. */
  get known(): RelaySettings | null {
    return this.#settings ?? parseSettings(this.#options.facts.read(SETTINGS_KEY));
  }

  /**
   * The relay's settings; asked once per page.
   * @throws {Error} The relay can't be reached and is known to identify people: it would refuse a client without a token.
   */
  settings(): Promise<RelaySettings> {
    if (this.#settings !== null) return Promise.resolve(this.#settings);
    this.#asking ??= this.#ask().finally(() => (this.#asking = null));
    return this.#asking;
  }

  /** Learns my identity, for pages that open no board. Does nothing when it can't. */
  async meet(): Promise<void> {
    try {
      if ((await this.settings()).auth === 'tokens') await this.token({ mustBeFresh: false });
    } catch {
      return; // Not reachable now: a board that is opened asks again.
    }
  }

  /** Another tab has learnt who is signed in. A token of this one may be another person's. */
  follow(): void {
    const user = this.#kept();
    if (user === undefined) return;
    this.#token = null;
    this.#noteAnswer(user && '');
    this.#options.onUser(user);
  }

  /** '' when the relay needs no token, or when none is available. @throws {Error} Try again later. */
  async token(request: TokenRequest): Promise<string> {
    const settings = await this.settings();
    if (settings.auth === 'none') return '';
    return settings.auth === 'guests' ? this.#guestToken(request) : this.#operatorToken(settings, request);
  }

  /** For one of the page's connections. Of several that need another token at once, the first gets it for all. */
  forConnection(): (request: Pick<TokenRequest, 'mustBeFresh'>) => Promise<string> {
    let presented: string | null = null;
    return async ({ mustBeFresh }) => {
      presented = await this.token({ mustBeFresh, ...(presented !== null && { presented }) });
      return presented;
    };
  }

  async #ask(): Promise<RelaySettings> {
    const { api, facts, onUser, onChange } = this.#options;
    const answer = await api.settings();
    if (!answer.ok && answer.kind === 'unreachable') {
      const known = parseSettings(facts.read(SETTINGS_KEY));
      if (known !== null && known.auth !== 'none') throw new Error('the relay cannot be reached');
      return NO_SETTINGS; // Perhaps it has none: the next connection asks again.
    }
    this.#settings = answer.ok ? answer.value : NO_SETTINGS;
    facts.write(SETTINGS_KEY, this.#settings);
    if (this.#settings.auth !== 'tokens') onUser(null);
    onChange();
    return this.#settings;
  }

  async #guestToken({ mustBeFresh, presented }: TokenRequest): Promise<string> {
    const { api, facts, guest } = this.#options;
    const { id, secret, name } = guest();
    const stored = parseKept(facts.read(TOKEN_KEY));
    const kept = mustBeFresh && isRefused(stored?.token, presented) ? null : stored;
    if (kept !== null && kept.id === id && kept.name === name && kept.expiresAtMs - this.#now() > RENEW_BEFORE_MS) return kept.token;
    const answer = await api.guest({ secret, name });
    if (!answer.ok) {
      // A changed name or an early renewal can wait: the kept token opens every board.
      if (answer.kind === 'unreachable' && kept !== null && kept.id === id && kept.expiresAtMs > this.#now()) return kept.token;
      if (answer.kind === 'unreachable') throw new Error('the relay cannot be reached');
      return '';
    }
    facts.write(TOKEN_KEY, { ...answer.value, id, name });
    return answer.value.token;
  }

  async #operatorToken(settings: RelaySettings, { mustBeFresh, presented }: TokenRequest): Promise<string> {
    const kept = this.#token;
    const isGood = kept !== null && (kept.expiresAtMs ?? Infinity) - this.#now() > TOKEN_MARGIN_MS;
    if (isGood && !(mustBeFresh && isRefused(kept.token, presented))) return kept.token;
    this.#coming ??= this.#newOperatorToken(settings).finally(() => (this.#coming = null));
    return this.#coming;
  }

  async #newOperatorToken({ tokenUrl, imageOrigins }: RelaySettings): Promise<string> {
    const token = tokenUrl === null ? null : await this.#fetchToken(tokenUrl);
    this.#noteAnswer(token);
    if (token === null) {
      this.#token = null;
      this.#options.facts.remove(USER_KEY);
      this.#options.onUser(null);
      return '';
    }
    const user = userOfToken(token);
    this.#token = { token, expiresAtMs: user?.expiresAtMs ?? null };
    if (user !== null) {
      const { id, name, picture } = user;
      this.#options.facts.write(USER_KEY, { id, name, picture });
      this.#options.onUser(personOf({ id, name, picture }, imageOrigins));
    }
    return token;
  }

  /** The user whom a tab of this browser has met last; undefined where the relay takes nobody from the operator. */
  #kept(): SignedIn | null | undefined {
    const { known } = this;
    return known?.auth === 'tokens' ? personOf(this.#options.facts.read(USER_KEY), known.imageOrigins) : undefined;
  }

  /** Null: the operator answered that nobody is signed in. */
  async #fetchToken(url: string): Promise<string | null> {
    const fetchFrom = this.#options.fetchFrom ?? fetch;
    const response = await fetchFrom(url, { credentials: 'include', cache: 'no-store', signal: AbortSignal.timeout(TOKEN_TIMEOUT_MS) });
    if (response.status === 401 || response.status === 403) return null;
    const { token } = (response.ok ? await response.json() : {}) as { token?: unknown };
    if (typeof token !== 'string' || token === '') throw new Error(`no token at ${url}: status ${response.status}`);
    return token;
  }

  /** Without a token the person is signed out. */
  #noteAnswer(token: string | null): void {
    const isSignedOut = token === null;
    if (isSignedOut === this.#isSignedOut) return;
    this.#isSignedOut = isSignedOut;
    this.#options.onChange();
  }
}

/** @param presented Undefined: not known, so it may be this one. */
function isRefused(token: string | undefined, presented: string | undefined): boolean {
  return presented === undefined || token === presented;
}

/** With a picture only from one of these origins. */
function personOf(stored: unknown, imageOrigins: readonly string[]): SignedIn | null {
  const { id, name, picture } = (stored ?? {}) as Partial<Record<keyof SignedIn, unknown>>;
  if (typeof id !== 'string' || id === '' || typeof name !== 'string') return null;
  return { id, name, picture: typeof picture === 'string' ? pictureAddress(picture, imageOrigins) : null };
}

function parseKept(stored: unknown): (GuestToken & { id: unknown; name: unknown }) | null {
  const { token, expiresAtMs, id, name } = (stored ?? {}) as Partial<Record<string, unknown>>;
  return typeof token === 'string' && typeof expiresAtMs === 'number' ? { token, expiresAtMs, id, name } : null;
}
