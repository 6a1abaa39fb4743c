/** Sentences about programs of a board, in the share dialog of its owner. Pure. */
import * as m from '$words/program-sentences';
import { failureSentence } from './access-sentences.ts';
import { agoSentence } from './ago.ts';
import type { WebhookInfo, WebhookKind } from './program-info.ts';

export const kindLabels: Readonly<Record<WebhookKind, string>> = {
  message: m.everyMessageInTheChat(),
  mention: m.messagesThatMentionSomebody(),
  shared: m.changesOfWhoMayOpen(),
};

export function madeSentence(createdAt: number, nowMs: number, locale: string): string {
  return m.added({ ago: agoSentence(createdAt, nowMs, locale) });
}

/** Outcome of the last delivery. @param owner User id of the board's owner, who reads it. */
export function answerSentence(
  { by, last, failures, off }: Pick<WebhookInfo, 'by' | 'last' | 'failures' | 'off'>,
  owner: string,
  nowMs: number,
  locale: string,
): string {
  // A test is sent for the owner who added it alone.
  const remedy = by === '' || by === owner ? m.sendATestToSwitch() : m.removeItAndAddIt();
  if (off !== null) return m.switchedOff({ off, remedy });
  if (last === null) return m.nothingWasSentYet();
  const ago = agoSentence(last.at, nowMs, locale);
  if (last.reason === '') return last.status === null ? m.deliveredSilent({ ago }) : m.delivered({ ago, status: last.status });
  const tries = failures > 1 ? m.tries({ count: failures }) : '';
  return m.notDelivered({ ago, reason: last.reason, tries });
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
  return isAddress ? m.theServerRefusedThisAddress() : programFailure(failure);
}

const refusals: Readonly<Record<string, string>> = {
  too_many_bots: m.thisBoardHasAsMany(),
  bot_not_found: m.thatProgramWasEndedAlready(),
  too_many_webhooks: m.thisBoardHasAsMany2(),
  webhook_not_found: m.thatWebhookWasRemovedAlready(),
  webhook_maker_left: m.thePersonWhoAddedThis(),
};
