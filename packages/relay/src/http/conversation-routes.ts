/** Conversations over HTTP. The README of apps/relay describes each call. */

import { MAX_PEOPLE, type ConversationFailure, type Conversations } from '../access/conversations.ts';
import type { User } from '../identity/answer.ts';
import { isUserId } from '../identity/user-claims.ts';
import type { Relay } from '../relay.ts';
import { boardOf } from './board-routes.ts';
import { ApiFailure, bodyInvalid } from './failures.ts';
import type { Call, Route } from './routes.ts';

/** A person was added to a conversation by another. */
export interface PersonAdded {
  conversation: string;
  by: User;
  person: string;
}

export interface ConversationRoutePorts {
  conversations: Conversations;
  relay: Pick<Relay, 'recheck' | 'erase'>;
  /** @throws {ApiFailure} Too many of this user or address. */
  mayMake(call: Call, userId: string): Promise<void>;
  /** A person was added by another. The call's answer waits for it. Never rejects. */
  onAdded(added: PersonAdded): Promise<void>;
  /** Removes everything else that is stored for a room that was erased. */
  onErased(room: string): Promise<void>;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;
/** 50 user ids of 128 characters. */
const MAX_BODY_BYTES = 32 * 1024;
const BUSY_RETRY_SECONDS = '1';

export function conversationRoutes(ports: ConversationRoutePorts): Route[] {
  const { conversations, relay, mayMake, onAdded, onErased } = ports;
  return [
    {
      pattern: '/v1/conversations',
      methods: {
        async GET(call) {
          const { id: userId } = await call.user();
          return { status: 200, body: { conversations: await conversations.list(userId, limitOf(call)) } };
        },
        async POST(call) {
          const { id: userId } = await call.user();
          const people = readPeople(await call.fields(MAX_BODY_BYTES));
          const { conversation, isNew } = allowed(await conversations.open(userId, people, () => mayMake(call, userId)));
          relay.recheck({ room: conversation.id });
          return { status: isNew ? 201 : 200, body: { conversation } };
        },
      },
    },
    {
      pattern: '/v1/conversations/:',
      methods: {
        async GET(call) {
          const { id: userId } = await call.user();
          const { conversation } = allowed(await conversations.view(boardOf(call), userId));
          return { status: 200, body: { conversation } };
        },
        async DELETE(call) {
          const { id: userId } = await call.user();
          const room = boardOf(call);
          const { isEmpty } = allowed(await conversations.leave(room, userId));
          if (isEmpty) {
            await relay.erase(room);
            await onErased(room);
          }
          relay.recheck({ room });
          return { status: 204 };
        },
      },
    },
    {
      pattern: '/v1/conversations/:/people',
      methods: {
        async POST(call) {
          const user = await call.user();
          const { id: person } = await call.fields();
          if (typeof person !== 'string') throw bodyInvalid('id must be the id of a person');
          if (!isUserId(person)) throw conversationFailure('person_not_found');
          const room = boardOf(call);
          const { conversation, isListed } = allowed(await conversations.add(room, user.id, person));
          relay.recheck({ room });
          if (isListed && person !== user.id) await onAdded({ conversation: room, by: user, person });
          return { status: 200, body: { conversation } };
        },
      },
    },
  ];
}

function readPeople({ people }: Record<string, unknown>): string[] {
  if (!Array.isArray(people) || people.length === 0 || people.length >= MAX_PEOPLE || !people.every((id) => typeof id === 'string'))
    throw bodyInvalid(`people must be an array of 1 to ${MAX_PEOPLE - 1} user ids`);
  const ids = people.filter((id): id is string => typeof id === 'string');
  if (!ids.every(isUserId)) throw conversationFailure('person_not_found');
  return ids;
}

function limitOf({ query }: Call): number {
  const given = query.get('limit');
  const limit = given === null ? DEFAULT_LIMIT : /^\d{1,4}$/.test(given) ? Number(given) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw new ApiFailure(400, 'query_invalid', `limit must be 1 to ${MAX_LIMIT}`);
  return limit;
}

const failures: Readonly<Record<ConversationFailure, readonly [status: number, message: string]>> = {
  conversation_not_found: [404, 'there is no such conversation, or you are not in it'],
  person_not_found: [404, 'there is no such person, or none with whom you share a board'],
  too_many_people: [409, `a conversation has at most ${MAX_PEOPLE} people`],
  too_many_conversations: [409, 'you have reached the limit of conversations: leave one first'],
  conversation_direct: [409, 'this is a conversation of two: begin another with everyone'],
  busy: [503, 'someone else changed this at the same time: try again'],
};

function conversationFailure(code: ConversationFailure): ApiFailure {
  const [status, message] = failures[code];
  return new ApiFailure(status, code, message, code === 'busy' ? { 'Retry-After': BUSY_RETRY_SECONDS } : {});
}

/** @throws {ApiFailure} The outcome is a failure. */
function allowed<T extends { ok: true }>(outcome: T | { ok: false; code: ConversationFailure }): T {
  if (!outcome.ok) throw conversationFailure(outcome.code);
  return outcome;
}
