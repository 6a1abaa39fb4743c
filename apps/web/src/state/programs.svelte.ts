/**
 * Bots and webhooks of this board, for its owner. Shows the relay's last answer. Its code is fetched with the part of the share
 * dialog that shows it.
 */
import { createProgramApi, type ProgramApi } from '../account/program-api.ts';
import type { ApiAnswer } from '../account/relay-api.ts';
import type { BoardId } from '../core/board-id.ts';
import type { BotInfo, WebhookInfo, WebhookKind } from '../core/program-info.ts';
import { exampleCommand, programFailure, webhookFailure } from '../core/program-sentences.ts';
import { apiUrlFor } from '../core/relay-url.ts';
import { getBoardContext } from './board-context.ts';
import { getApp } from './context.ts';
import type { Sharing } from './sharing.svelte.ts';

export class Programs {
  readonly #api: ProgramApi;
  readonly #boardId: BoardId;
  readonly #sharing: Pick<Sharing, 'ask'>;
  readonly #apiUrl: string;
  #bots = $state.raw<readonly BotInfo[] | null>(null);
  #webhooks = $state.raw<readonly WebhookInfo[] | null>(null);
  #hasWebhooks = $state(true);
  #problem = $state('');
  #isBusy = $state(false);
  #changing: Promise<unknown> = Promise.resolve();
  #shown = $state.raw<ReadonlyMap<string, string>>(new Map());

  /** @param apiUrl `https://…` of the relay, which may be another than the page's. */
  constructor(boardId: BoardId, api: ProgramApi, sharing: Pick<Sharing, 'ask'>, apiUrl: string) {
    this.#boardId = boardId;
    this.#apiUrl = apiUrl;
    this.#api = api;
    this.#sharing = sharing;
  }
  /** Null: not known yet. */
  get bots(): readonly BotInfo[] | null {
    return this.#bots;
  }
  get webhooks(): readonly WebhookInfo[] | null {
    return this.#webhooks;
  }
  /** False: this relay sends none. */
  get hasWebhooks(): boolean {
    return this.#hasWebhooks;
  }
  /** The last failure, as a sentence; '' without one. */
  get problem(): string {
    return this.#problem;
  }
  get isBusy(): boolean {
    return this.#isBusy;
  }
  /** The token of a bot, or the secret of a webhook, that was made since the section was opened; null for others: nobody can see it again. */
  secretOf(id: string): string | null {
    return this.#shown.get(id) ?? null;
  }

  async refresh(): Promise<void> {
    const [bots, webhooks] = await Promise.all([
      this.#sharing.ask((token) => this.#api.bots(token, this.#boardId)),
      this.#sharing.ask((token) => this.#api.webhooks(token, this.#boardId)),
    ]);
    this.#hasWebhooks = !isWithout(webhooks);
    this.#problem = problemOf(bots) || (this.#hasWebhooks ? problemOf(webhooks) : '');
    if (bots?.ok === true) this.#bots = bots.value;
    if (webhooks?.ok === true) this.#webhooks = webhooks.value;
  }
  /** @returns Whether it was made, as in the calls below. */
  addBot(name: string): Promise<boolean> {
    return this.#change(
      (token) => this.#api.makeBot(token, this.#boardId, name),
      ({ bot, token }) => {
        this.#bots = [...(this.#bots ?? []), bot];
        this.#shown = new Map([...this.#shown, [bot.id, token]]);
      },
    );
  }
  endBot(id: string): Promise<boolean> {
    return this.#change(
      (token) => this.#api.endBot(token, this.#boardId, id),
      (left) => (this.#bots = left),
    );
  }
  addWebhook(url: string, kinds: readonly WebhookKind[]): Promise<boolean> {
    return this.#change(
      (token) => this.#api.makeWebhook(token, this.#boardId, { url, kinds }),
      ({ webhook, secret }) => {
        this.#webhooks = [...(this.#webhooks ?? []), webhook];
        this.#shown = new Map([...this.#shown, [webhook.id, secret]]);
      },
      webhookFailure,
    );
  }
  removeWebhook(id: string): Promise<boolean> {
    return this.#change(
      (token) => this.#api.removeWebhook(token, this.#boardId, id),
      (left) => (this.#webhooks = left),
    );
  }
  testWebhook(id: string): Promise<boolean> {
    return this.#change(
      (token) => this.#api.testWebhook(token, this.#boardId, id),
      (after) => (this.#webhooks = (this.#webhooks ?? []).map((webhook) => (webhook.id === id ? after : webhook))),
    );
  }
  exampleFor(token: string): string {
    return exampleCommand(this.#apiUrl, this.#boardId, token);
  }

  /** One after the other: a question may be answered while another change waits for the relay. */
  #change<T>(run: (token: string) => Promise<ApiAnswer<T>>, take: (value: T) => void, sentenceOf = programFailure): Promise<boolean> {
    const change = this.#changing.then(() => this.#changeNow(run, take, sentenceOf));
    this.#changing = change;
    return change;
  }
  async #changeNow<T>(
    run: (token: string) => Promise<ApiAnswer<T>>,
    take: (value: T) => void,
    sentenceOf: typeof programFailure,
  ): Promise<boolean> {
    this.#isBusy = true;
    try {
      const answer = await this.#sharing.ask(run);
      this.#problem = '';
      if (answer?.ok === true) take(answer.value);
      else this.#problem = problemOf(answer, sentenceOf);
      return answer?.ok === true;
    } finally {
      this.#isBusy = false;
    }
  }
}

/** While the component is being made. */
export function createPrograms(): Programs {
  const { boardId, sharing } = getBoardContext();
  const apiUrl = apiUrlFor(getApp().relayUrl);
  return new Programs(boardId, createProgramApi(apiUrl), sharing, apiUrl);
}

/** Null: the relay gave no answer. */
function problemOf(answer: ApiAnswer<unknown> | null, sentenceOf = programFailure): string {
  return answer?.ok === true ? '' : sentenceOf(answer ?? { kind: 'unreachable' });
}

function isWithout(answer: ApiAnswer<unknown> | null): boolean {
  return answer !== null && !answer.ok && answer.kind === 'refused' && answer.code === 'webhooks_off';
}
