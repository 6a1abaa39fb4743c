/**
 * Conversations: rooms with members and no owner, by the records of boards, so that entering, rechecking and refusing are the
 * same. Beside those there are
 *
 *     talk/USER/ID    { at }   the user's list; USER and PAIR are hashes
 *     pair/PAIR       { id }   the conversation of two, so that it is found again
 *
 * A member without an entry in their list can enter and is not notified: they have blocked the person who added them, and that
 * person cannot tell.
 */

import type { Records, StoredRecord } from '@wetink/storage';
import { boardKey, decodeBoard, decodeMember, encodeFacts, isBoardId, memberKey, membersPrefix } from './board-codec.ts';
import type { BoardUsers, PersonView } from './board-types.ts';
import { looseFields, removeRecord } from './loose-records.ts';
import type { BoardFacts } from './roles.ts';
import { hashedKey } from './user-keys.ts';

export interface ConversationView {
  id: string;
  /** Two people, who find it again instead of making another. */
  isDirect: boolean;
  people: PersonView[];
  /** ms since 1970. */
  createdAt: number;
  /** ms since 1970 of the last message, to the minute; of the beginning before the first. */
  at: number;
}

export type ConversationFailure =
  /** There is none, or the user is not in it. */
  | 'conversation_not_found'
  /** A person who does not exist, or whom the user may not address. */
  | 'person_not_found'
  | 'too_many_people'
  | 'too_many_conversations'
  /** People are not added to a conversation of two. */
  | 'conversation_direct'
  | 'busy';

export type ConversationOutcome<T> = ({ ok: true } & T) | { ok: false; code: ConversationFailure };

export interface Conversations {
  /**
   * @param people Others, at least one. With one, an earlier conversation of the two is found again.
   * @param mayMake Called before another is made; rejects when it may not be.
   */
  open(
    userId: string,
    people: readonly string[],
    mayMake: () => Promise<void>,
  ): Promise<ConversationOutcome<{ conversation: ConversationView; isNew: boolean }>>;
  /** The user's conversations, the newest first. */
  list(userId: string, limit: number): Promise<ConversationView[]>;
  view(id: string, userId: string): Promise<ConversationOutcome<{ conversation: ConversationView }>>;
  /** `isListed`: the conversation came into the person's list by this call. */
  add(id: string, userId: string, person: string): Promise<ConversationOutcome<{ conversation: ConversationView; isListed: boolean }>>;
  /** @returns Whether nobody is left: then erase the room and `forget` it. */
  leave(id: string, userId: string): Promise<ConversationOutcome<{ isEmpty: boolean }>>;
  /** The people of a conversation who are notified of its messages; null when the room is none. */
  listenersOf(id: string): Promise<readonly string[] | null>;
  /** A message was sent. */
  touched(id: string): Promise<void>;
  /** Removes what `Boards.forget` does not know. Idempotent. */
  forget(id: string): Promise<void>;
}

export interface ConversationsOptions {
  records: Records;
  users: Pick<BoardUsers, 'get'>;
  /** Whether the user may address this person. */
  mayAddress(userId: string, person: string): Promise<boolean>;
  /** Whether the person has blocked the user. Rejects when that cannot be read now. */
  hasBlocked(person: string, userId: string): Promise<boolean>;
  isErased(room: string): Promise<boolean>;
  /** ms since 1970. */
  wallClock(): number;
  randomBytes(count: number): Uint8Array;
}

export const MAX_PEOPLE = 50;
/** More are not listed, so a person cannot be flooded with them. */
export const MAX_CONVERSATIONS = 500;
const TOUCHED_AGAIN_MS = 60_000;
const MAX_ATTEMPTS = 10;
/** Rooms that are known to be no conversation: about 1 MB. */
const MAX_REMEMBERED = 10_000;

const notFound = { ok: false, code: 'conversation_not_found' } as const;
const busy = { ok: false, code: 'busy' } as const;

export function createConversations(options: ConversationsOptions): Conversations {
  return new RecordedConversations(options);
}

class RecordedConversations implements Conversations {
  readonly #options: ConversationsOptions;
  readonly #records: Records;
  readonly #others = new Set<string>();

  constructor(options: ConversationsOptions) {
    this.#options = options;
    this.#records = options.records;
  }

  async open(
    userId: string,
    given: readonly string[],
    mayMake: () => Promise<void>,
  ): Promise<ConversationOutcome<{ conversation: ConversationView; isNew: boolean }>> {
    const people = [...new Set(given)].filter((person) => person !== userId);
    if (people.length === 0) return { ok: false, code: 'person_not_found' };
    if (people.length >= MAX_PEOPLE) return { ok: false, code: 'too_many_people' };
    const pair = people.length === 1 ? hashedKey('pair', ...[userId, ...people].sort()) : null;
    if (!(await this.#mayOpen(userId, people, pair))) return { ok: false, code: 'person_not_found' };
    if ((await this.#listed(userId)).length >= MAX_CONVERSATIONS) return { ok: false, code: 'too_many_conversations' };
    // Before the inboxes of up to 49 people are opened.
    if (pair === null) await mayMake();
    const willing = await this.#willing(userId, people);
    const id = pair === null ? this.#mint() : await this.#idOfPair(pair, mayMake);
    if (id === null) return busy;
    const nowMs = this.#options.wallClock();
    const facts: BoardFacts = { owner: '', createdAt: nowMs, everyone: 'none', links: [], conversation: pair ?? 'group' };
    const isNew = (await this.#records.put(boardKey(id), encodeFacts(facts), 0)) !== null;
    for (const person of [userId, ...people]) {
      await this.#putMember(id, person, nowMs);
      if (person === userId || willing.has(person)) await this.#enlist(id, person, nowMs);
    }
    if (!isNew) await this.#raise(id);
    const viewed = await this.view(id, userId);
    return viewed.ok ? { ...viewed, isNew } : viewed;
  }

  async list(userId: string, limit: number): Promise<ConversationView[]> {
    const newest = (await this.#listed(userId)).sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1)).slice(0, limit);
    const views: ConversationView[] = [];
    const known = new Map<string, PersonView>();
    for (const { id, at } of newest) {
      const view = await this.#viewed(id, userId, at, known);
      if (view !== null) views.push(view);
    }
    return views;
  }

  async view(id: string, userId: string): Promise<ConversationOutcome<{ conversation: ConversationView }>> {
    const entry = await this.#records.get(talkKey(userId, id));
    const conversation = await this.#viewed(id, userId, entry === null ? 0 : atOf(entry), new Map());
    return conversation === null ? notFound : { ok: true, conversation };
  }

  async add(
    id: string,
    userId: string,
    person: string,
  ): Promise<ConversationOutcome<{ conversation: ConversationView; isListed: boolean }>> {
    const [facts, members] = await Promise.all([this.#facts(id), this.#members(id)]);
    if (facts === null || !members.includes(userId)) return notFound;
    if (facts.conversation !== 'group') return { ok: false, code: 'conversation_direct' };
    const isNew = !members.includes(person);
    if (isNew && members.length >= MAX_PEOPLE) return { ok: false, code: 'too_many_people' };
    if (isNew && !(await this.#options.mayAddress(userId, person))) return { ok: false, code: 'person_not_found' };
    const willing = await this.#willing(userId, [person]);
    if (isNew) await this.#putMember(id, person, this.#options.wallClock());
    const isListed = willing.has(person) && (await this.#enlist(id, person, this.#options.wallClock()));
    await this.#raise(id);
    const viewed = await this.view(id, userId);
    return viewed.ok ? { ...viewed, isListed } : viewed;
  }

  async leave(id: string, userId: string): Promise<ConversationOutcome<{ isEmpty: boolean }>> {
    const [facts, members] = await Promise.all([this.#facts(id), this.#members(id)]);
    if (facts === null || !members.includes(userId)) return notFound;
    await removeRecord(this.#records, talkKey(userId, id));
    await removeRecord(this.#records, memberKey(id, userId));
    await this.#raise(id);
    return { ok: true, isEmpty: (await this.#members(id)).length === 0 };
  }

  async listenersOf(id: string): Promise<readonly string[] | null> {
    if (this.#others.has(id) || (await this.#facts(id)) === null) {
      this.#others.add(id);
      const [oldest] = this.#others;
      if (this.#others.size > MAX_REMEMBERED && oldest !== undefined) this.#others.delete(oldest);
      return null;
    }
    const members = await this.#members(id);
    const entries = await Promise.all(members.map((person) => this.#records.get(talkKey(person, id))));
    return members.filter((_, i) => entries[i] !== null);
  }

  async touched(id: string): Promise<void> {
    const nowMs = this.#options.wallClock();
    for (const person of await this.#members(id)) {
      const entry = await this.#records.get(talkKey(person, id));
      if (entry === null || Math.abs(nowMs - atOf(entry)) < TOUCHED_AGAIN_MS) continue;
      // If another relay was faster, its time is as good.
      await this.#records.put(entry.key, encoded({ at: nowMs }), entry.version);
    }
  }

  async forget(id: string): Promise<void> {
    const facts = await this.#facts(id);
    if (facts === null) return;
    for (const person of await this.#members(id)) await removeRecord(this.#records, talkKey(person, id));
    const pair = facts.conversation === 'group' ? null : await this.#records.get(pairKey(facts.conversation));
    if (pair !== null && idOf(pair) === id) await this.#records.remove(pair.key, pair.version);
  }

  /** People who are in a conversation of two find it again, also when they share nothing else any more. */
  async #mayOpen(userId: string, people: readonly string[], pair: string | null): Promise<boolean> {
    const record = pair === null ? null : await this.#records.get(pairKey(pair));
    const known = record === null ? null : idOf(record);
    if (known !== null && (await this.#members(known)).length === 2) return true;
    for (const person of people) if (!(await this.#options.mayAddress(userId, person))) return false;
    return true;
  }

  /** Those who have not blocked the user. Asked before anything is written: it fails while an inbox cannot be read. */
  async #willing(userId: string, people: readonly string[]): Promise<ReadonlySet<string>> {
    const isBlocked = await Promise.all(people.map((person) => this.#options.hasBlocked(person, userId)));
    return new Set(people.filter((_, i) => isBlocked[i] === false));
  }

  async #viewed(id: string, userId: string, at: number, known: Map<string, PersonView>): Promise<ConversationView | null> {
    const [facts, members] = await Promise.all([this.#facts(id), this.#members(id)]);
    if (facts === null || !members.includes(userId)) return null;
    for (const person of members) if (!known.has(person)) known.set(person, await this.#person(person));
    const people = members.flatMap((person) => known.get(person) ?? []);
    const { createdAt } = facts;
    return { id, isDirect: facts.conversation !== 'group', people, createdAt, at: Math.max(at, createdAt) };
  }

  async #person(id: string): Promise<PersonView> {
    const { name, picture } = (await this.#options.users.get(id)) ?? {};
    return { id, ...(name === undefined ? {} : { name }), ...(picture === undefined ? {} : { picture }) };
  }

  /** The facts of a conversation; null for a board and for nothing. */
  async #facts(id: string): Promise<(BoardFacts & { conversation: string }) | null> {
    const record = isBoardId(id) ? await this.#records.get(boardKey(id)) : null;
    const facts = record === null ? null : decodeBoard(record);
    return facts?.conversation === undefined ? null : { ...facts, conversation: facts.conversation };
  }

  async #members(id: string): Promise<string[]> {
    if (!isBoardId(id)) return [];
    const prefix = membersPrefix(id);
    const page = await this.#records.list({ prefix, limit: 2 * MAX_PEOPLE });
    return page.filter((record) => decodeMember(record).role !== undefined).map(({ key }) => key.slice(prefix.length));
  }

  async #putMember(id: string, person: string, since: number): Promise<void> {
    // A record that is there is that of a member: members who leave have none.
    await this.#records.put(memberKey(id, person), encodeFacts({ role: 'editor', since }), 0);
  }

  /** @returns False when the person has it in their list already, or the list is full. */
  async #enlist(id: string, person: string, at: number): Promise<boolean> {
    if ((await this.#listed(person)).length >= MAX_CONVERSATIONS) return false;
    return (await this.#records.put(talkKey(person, id), encoded({ at }), 0)) !== null;
  }

  async #listed(userId: string): Promise<{ id: string; at: number }[]> {
    const prefix = talksPrefix(userId);
    const page = await this.#records.list({ prefix, limit: MAX_CONVERSATIONS });
    return page.map((record) => ({ id: record.key.slice(prefix.length), at: atOf(record) }));
  }

  /** Members read their own records again. */
  async #raise(id: string): Promise<void> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const record = await this.#records.get(boardKey(id));
      if (record === null || (await this.#records.put(record.key, record.value, record.version)) !== null) return;
    }
  }

  /** Null when others keep changing it. An id whose room an operator erased is replaced. */
  async #idOfPair(pair: string, mayMake: () => Promise<void>): Promise<string | null> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const record = await this.#records.get(pairKey(pair));
      const known = record === null ? null : idOf(record);
      if (known !== null && !(await this.#options.isErased(known))) return known;
      if (attempt === 0) await mayMake();
      const id = this.#mint();
      if ((await this.#records.put(pairKey(pair), encoded({ id }), record?.version ?? 0)) !== null) return id;
    }
    return null;
  }

  #mint(): string {
    return Buffer.from(this.#options.randomBytes(16)).toString('base64url');
  }
}

function talksPrefix(userId: string): string {
  return `talk/${hashedKey('user', userId)}/`;
}

function talkKey(userId: string, id: string): string {
  return talksPrefix(userId) + id;
}

function pairKey(pair: string): string {
  return `pair/${pair}`;
}

function encoded(fields: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(fields));
}

/** A damaged record of a list counts as old: it is only about the order. */
function atOf(record: StoredRecord): number {
  const { at } = looseFields(record.value);
  return typeof at === 'number' ? at : 0;
}

function idOf(record: StoredRecord): string | null {
  const { id } = looseFields(record.value);
  return typeof id === 'string' && isBoardId(id) ? id : null;
}
