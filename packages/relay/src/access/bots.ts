/**
 * Bots of boards: programs that read and write one board with a token of their own. The store has only a hash of the token,
 * and is asked at every call, so that a bot ends on all relays at once.
 *
 *     bots/BOARD   { bots: [{ id, name, by: the owner who made it, createdAt, hash }] }
 *
 * A bot may do what its maker may do on the board at that moment, at most edit.
 */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { Records } from '@wetink/storage';
import { botIdPrefix, type User } from '../identity/answer.ts';
import type { BoardFailure } from './board-types.ts';
import { removeRecord } from './loose-records.ts';

export interface BotView {
  /** Its user id on the board. */
  id: string;
  name: string;
  /** User id of the owner who made it. */
  by: string;
  /** ms since 1970. */
  createdAt: number;
}

export interface Bots {
  /** Oldest first. */
  list(board: string): Promise<BotView[]>;
  /** @returns The token, which nobody can learn again. */
  add(board: string, by: string, name: string): Promise<{ ok: true; bot: BotView; token: string } | { ok: false; code: BoardFailure }>;
  remove(board: string, id: string): Promise<{ ok: true } | { ok: false; code: BoardFailure }>;
  /** Takes the same time for any token. @returns Null when no bot of this board has it. */
  find(board: string, token: string): Promise<{ user: User; by: string } | null>;
  /** Removes all bots of an erased board. Idempotent. */
  forget(board: string): Promise<void>;
}

export interface BotsOptions {
  records: Records;
  /** ms since 1970. */
  wallClock(): number;
  /** Unguessable bytes. */
  randomBytes(count: number): Uint8Array;
}

export const BOTS_PREFIX = 'bots/';
/** They are one record, which is read at every call of each. */
export const MAX_BOTS = 20;
export const MAX_BOT_NAME = 80;
const MAX_ATTEMPTS = 10;
const ID_BYTES = 8;
const SECRET_BYTES = 32;
const TOKEN = /^wetinkbot-([A-Za-z0-9_-]{11})-([A-Za-z0-9_-]{43})$/;

/** Whether this is a bot's token by its beginning, valid or not. */
export function isBotToken(token: string): boolean {
  return token.startsWith('wetinkbot-');
}

/** Whether a user id is that of a bot. */
export function isBotId(userId: string): boolean {
  return userId.startsWith(botIdPrefix);
}

interface StoredBot extends BotView {
  /** SHA-256 of the secret in the token, as base64url. */
  hash: string;
}

export function createBots({ records, wallClock, randomBytes }: BotsOptions): Bots {
  const read = async (board: string): Promise<{ bots: readonly StoredBot[]; version: number }> => {
    const record = await records.get(keyOf(board));
    return record === null ? { bots: [], version: 0 } : { bots: decode(record.value), version: record.version };
  };
  const change = async (
    board: string,
    decide: (bots: readonly StoredBot[]) => readonly StoredBot[] | BoardFailure,
  ): Promise<BoardFailure | null> => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const { bots, version } = await read(board);
      const decided = decide(bots);
      if (typeof decided === 'string') return decided;
      if ((await records.put(keyOf(board), Buffer.from(JSON.stringify({ bots: decided })), version)) !== null) return null;
    }
    return 'busy';
  };
  return {
    list: async (board) => (await read(board)).bots.map(viewOf),
    async add(board, by, name) {
      const id = text(randomBytes(ID_BYTES));
      const secret = text(randomBytes(SECRET_BYTES));
      const bot: StoredBot = { id: botIdPrefix + id, name, by, createdAt: wallClock(), hash: hashOf(secret) };
      const failure = await change(board, (bots) => (bots.length >= MAX_BOTS ? 'too_many_bots' : [...bots, bot]));
      return failure === null ? { ok: true, bot: viewOf(bot), token: `wetinkbot-${id}-${secret}` } : { ok: false, code: failure };
    },
    async remove(board, id) {
      const failure = await change(board, (bots) => {
        const kept = bots.filter((bot) => bot.id !== id);
        return kept.length === bots.length ? 'bot_not_found' : kept;
      });
      return failure === null ? { ok: true } : { ok: false, code: failure };
    },
    async find(board, token) {
      const [, id = '', secret = ''] = TOKEN.exec(token) ?? [];
      const { bots } = await read(board);
      const bot = bots.find((one) => one.id === botIdPrefix + id);
      const isRight = timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(bot?.hash ?? hashOf('no bot')));
      return bot !== undefined && isRight ? { user: { id: bot.id, name: bot.name }, by: bot.by } : null;
    },
    forget: (board) => removeRecord(records, keyOf(board)),
  };
}

function keyOf(board: string): string {
  return BOTS_PREFIX + board;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function viewOf({ id, name, by, createdAt }: StoredBot): BotView {
  return { id, name, by, createdAt };
}

/** @throws {Error} When it is damaged: it opens nothing. */
function decode(value: Uint8Array): StoredBot[] {
  try {
    const { bots } = JSON.parse(new TextDecoder().decode(value)) as { bots: StoredBot[] };
    if (
      bots.every(
        ({ id, name, by, createdAt, hash }) =>
          isBotId(id) && `${name}${by}${hash}` !== '' && hash.length === 43 && Number.isFinite(createdAt),
      )
    )
      return bots;
  } catch (error) {
    throw new Error('the record of the bots of a board is damaged', { cause: error });
  }
  throw new Error('the record of the bots of a board is damaged');
}
