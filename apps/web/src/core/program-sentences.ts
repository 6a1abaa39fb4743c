/** Sentences about programs of a board, in the share dialog of its owner. Pure. */
import { failureSentence } from './access-sentences.ts';
import { agoSentence } from './ago.ts';
import type { WebhookInfo, WebhookKind } from './program-info.ts';

export const kindLabels: Readonly<Record<WebhookKind, string>> = {
  message: 'Every message in the chat',
  mention: 'Messages that mention somebody',
  shared: 'Changes of who may open the board',
};

export function madeSentence(createdAt: number, nowMs: number, locale: string): string {
  return `Added ${agoSentence(createdAt, nowMs, locale)}`;
}

/** Outcome of the last delivery. @param owner User id of the board's owner, who reads it. */
export function answerSentence(
  { by, last, failures, off }: Pick<WebhookInfo, 'by' | 'last' | 'failures' | 'off'>,
  owner: string,
  nowMs: number,
  locale: string,
): string {
  // A test is sent for the owner who added it alone.
  const remedy = by === '' || by === owner ? 'Send a test to switch it on again.' : 'Remove it and add it again.';
  if (off !== null) return `Switched off: ${off}. ${remedy}`;
  if (last === null) return 'Nothing was sent yet.';
  const ago = agoSentence(last.at, nowMs, locale);
  if (last.reason === '') return `Delivered ${ago}, answered with ${last.status ?? 'nothing'}.`;
  const tries = failures > 1 ? ` ${failures} times in a row.` : '';
  return `Not delivered ${ago}: ${last.reason}.${tries}`;
}

/** A command that posts to the chat of the board, for a shell. */
export function exampleCommand(origin: string, boardId: string, token: string): string {
  return [
    `curl ${origin}/v1/boards/${boardId}/messages`,
    `-H 'Authorization: Bearer ${token}'`,
    `-H 'Content-Type: application/json'`,
    `-d '{"text": "Hello from a program"}'`,
  ].join(' \\\n  ');
}

/** Why nothing was changed. */
export function programFailure(failure: Parameters<typeof failureSentence>[0] & { message?: string }): string {
  return (failure.kind === 'refused' ? refusals[failure.code] : undefined) ?? failureSentence(failure);
}

/** Why no webhook was added. */
export function webhookFailure(failure: Parameters<typeof programFailure>[0]): string {
  const isAddress = failure.kind === 'refused' && failure.code === 'body_invalid';
  return isAddress ? 'The server refused this address. It must be public and begin with https://.' : programFailure(failure);
}

const refusals: Readonly<Record<string, string>> = {
  too_many_bots: 'This board has as many programs as it can have. End one first.',
  bot_not_found: 'That program was ended already.',
  too_many_webhooks: 'This board has as many webhooks as it can have. Remove one first.',
  webhook_not_found: 'That webhook was removed already.',
  webhook_maker_left: 'The person who added this webhook does not own the board any more. Remove it and add it again.',
};
