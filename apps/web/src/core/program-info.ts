/** Programs of a board, as the relay's API describes them: bots, which post, and webhooks, which hear. Pure. */

export interface BotInfo {
  id: string;
  name: string;
  /** ms since 1970. */
  createdAt: number;
}

export const webhookKinds = ['message', 'mention', 'shared'] as const;
export type WebhookKind = (typeof webhookKinds)[number];

export interface WebhookAnswer {
  /** ms since 1970. */
  at: number;
  /** Null: there was no answer. */
  status: number | null;
  /** Why it failed; '' after a success. */
  reason: string;
}

export interface WebhookInfo {
  id: string;
  url: string;
  kinds: readonly WebhookKind[];
  /** User id of the person who added it; '' when the relay does not say. */
  by: string;
  last: WebhookAnswer | null;
  /** In a row. */
  failures: number;
  /** Why nothing is sent any more; null: it works. */
  off: string | null;
}

/** Whether a user id is that of a bot. */
export function isProgram(userId: string): boolean {
  return userId.startsWith('bot:');
}

/** Null when it is none. */
export function parseBot(value: unknown): BotInfo | null {
  const { id, name, createdAt } = fieldsOf(value);
  return typeof id === 'string' && typeof name === 'string' && typeof createdAt === 'number' ? { id, name, createdAt } : null;
}

/** Null when it is none. Kinds of a newer relay are left out. */
export function parseWebhook(value: unknown): WebhookInfo | null {
  const { id, url, kinds, by, last, failures, off } = fieldsOf(value);
  if (typeof id !== 'string' || typeof url !== 'string' || !Array.isArray(kinds) || typeof failures !== 'number') return null;
  const known = webhookKinds.filter((kind) => kinds.includes(kind));
  return {
    id,
    url,
    kinds: known,
    by: typeof by === 'string' ? by : '',
    last: parseAnswer(last),
    failures,
    off: typeof off === 'string' ? off : null,
  };
}

/** Null when a part of the list is none. */
export function parseList<T>(value: unknown, parse: (item: unknown) => T | null): readonly T[] | null {
  if (!Array.isArray(value)) return null;
  const items = value.map(parse);
  return items.every((item) => item !== null) ? items : null;
}

export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function parseAnswer(value: unknown): WebhookAnswer | null {
  const { at, status, reason } = fieldsOf(value);
  if (typeof at !== 'number' || typeof reason !== 'string') return null;
  return { at, status: typeof status === 'number' ? status : null, reason };
}
