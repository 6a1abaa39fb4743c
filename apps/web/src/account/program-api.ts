/** Bots and webhooks of the relay's HTTP API. A refusal is an outcome and never thrown; the sentences are in core/program-sentences.ts. */
import type { BoardId } from '../core/board-id.ts';
import { fieldsOf, parseBot, parseList, parseWebhook, type BotInfo, type WebhookInfo, type WebhookKind } from '../core/program-info.ts';
import { createApiCall, type ApiAnswer, type ApiCall } from './relay-api.ts';

export interface ProgramApi {
  /** Oldest first, as are webhooks. */
  bots(token: string, board: BoardId): Promise<ApiAnswer<readonly BotInfo[]>>;
  /** With a token that cannot be seen again. */
  makeBot(token: string, board: BoardId, name: string): Promise<ApiAnswer<{ bot: BotInfo; token: string }>>;
  /** @returns Those left. */
  endBot(token: string, board: BoardId, id: string): Promise<ApiAnswer<readonly BotInfo[]>>;
  webhooks(token: string, board: BoardId): Promise<ApiAnswer<readonly WebhookInfo[]>>;
  /** With a secret that cannot be seen again. */
  makeWebhook(
    token: string,
    board: BoardId,
    made: { url: string; kinds: readonly WebhookKind[] },
  ): Promise<ApiAnswer<{ webhook: WebhookInfo; secret: string }>>;
  /** @returns Those left. */
  removeWebhook(token: string, board: BoardId, id: string): Promise<ApiAnswer<readonly WebhookInfo[]>>;
  /** Answers when the receiver has, or after ten seconds. */
  testWebhook(token: string, board: BoardId, id: string): Promise<ApiAnswer<WebhookInfo>>;
}

/** @param url `http://…` or `https://…`, without a slash at the end. */
export function createProgramApi(url: string, fetchFrom?: typeof fetch): ProgramApi {
  const call: ApiCall = createApiCall(url, fetchFrom);
  const pathOf = (board: BoardId, what: 'bots' | 'webhooks', id = ''): string =>
    `/v1/boards/${board}/${what}${id === '' ? '' : `/${encodeURIComponent(id)}`}`;
  const bots = (value: unknown): readonly BotInfo[] | null => parseList(fieldsOf(value)['bots'], parseBot);
  const webhooks = (value: unknown): readonly WebhookInfo[] | null => parseList(fieldsOf(value)['webhooks'], parseWebhook);
  return {
    bots: (token, board) => call(pathOf(board, 'bots'), bots, { token }),
    makeBot: (token, board, name) => call(pathOf(board, 'bots'), madeBot, { method: 'POST', token, body: { name } }),
    endBot: (token, board, id) => call(pathOf(board, 'bots', id), bots, { method: 'DELETE', token }),
    webhooks: (token, board) => call(pathOf(board, 'webhooks'), webhooks, { token }),
    makeWebhook: (token, board, made) => call(pathOf(board, 'webhooks'), madeWebhook, { method: 'POST', token, body: made }),
    removeWebhook: (token, board, id) => call(pathOf(board, 'webhooks', id), webhooks, { method: 'DELETE', token }),
    testWebhook: (token, board, id) =>
      call(`${pathOf(board, 'webhooks', id)}/test`, (value) => parseWebhook(fieldsOf(value)['webhook']), { method: 'POST', token }),
  };
}

function madeBot(value: unknown): { bot: BotInfo; token: string } | null {
  const { bot: given, token } = fieldsOf(value);
  const bot = parseBot(given);
  return bot !== null && typeof token === 'string' ? { bot, token } : null;
}

function madeWebhook(value: unknown): { webhook: WebhookInfo; secret: string } | null {
  const { webhook: given, secret } = fieldsOf(value);
  const webhook = parseWebhook(given);
  return webhook !== null && typeof secret === 'string' ? { webhook, secret } : null;
}
