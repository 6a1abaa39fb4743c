/**
 * Document messages that wait until the owner of an id they bring structs of has said how far it is
 * (`struct-ownership.ts` decides). A member whose message waits has everything behind it wait too, in order.
 *
 *     message of S brings structs of O ──▶ held, O is asked (SyncStep1)
 *     O's answer (SyncStep2) has been applied ──▶ S's message is judged again: applied, or refused
 *     O leaves ──▶ applied            O says nothing for `ownerAnswerMs` ──▶ S is sent away, to come back
 *
 * An owner's own messages vouch for its id even while they wait themselves: after a server lost its data everybody brings
 * everything of everybody, and each would wait for all others. What is vouched for so is taken from the owner's message
 * and not from the other one (`brought`), so that nobody's version of it comes first.
 *
 * One question to an owner at a time, however many wait for it: what it is asked costs it an answer.
 */

import type { Environment } from '../ports/environment.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { Journal } from '../journal/journal.ts';
import type { Member } from '../member/member.ts';
import type { Owners } from './owners.ts';
import type { PresencePeer } from '../presence/presence.ts';
import type { Inspected, RoomDocument } from '../document/room-document.ts';
import { judge, type Claim, type Decision, type OwnerAnswer, type OwnershipFacts, type Word } from './struct-ownership.ts';

/** A document message, by its number on its connection. */
export interface HeldMessage {
  inspected: Inspected;
  count: number;
}

export interface HeldUpdatesContext {
  owners: Owners;
  environment: Environment;
  limits: Pick<RelayLimits, 'maxWaitingBytes' | 'ownerAnswerMs' | 'repairTimeoutMs'>;
  /** Sends the member a SyncStep1. */
  ask(member: Member, document: RoomDocument): void;
  /** Asks another node about an id of one of its members. @returns False when that cannot be done now. */
  askNode(node: string, id: number, clientId: number): boolean;
}

interface Question {
  readonly id: number;
  readonly clientId: number;
  readonly owner: PresencePeer;
  word: Word;
  /** SyncStep2 of the owner until the one that answers; null while it is not asked. */
  answersLeft: number | null;
  /** When it was made. */
  readonly sinceMs: number;
  /** The node that was asked has such a member, and asks it. */
  isConfirmed: boolean;
}

interface Queue {
  messages: HeldMessage[];
  bytes: number;
  isPaused: boolean;
  /** When the first of them became the first. */
  sinceMs: number;
  /** About the first of them, by client id. */
  questions: Map<number, Question>;
}

const NOTHING_SAID: Word = { clock: 0, isFinal: false, isAbsent: false };
const ABSENT: Word = { clock: 0, isFinal: false, isAbsent: true };

export class HeldUpdates {
  readonly #context: HeldUpdatesContext;
  readonly #facts: Facts;
  readonly #queues = new Map<Member, Queue>();
  /** Asked on behalf of other nodes, by whom to tell. */
  readonly #proxied = new Map<Question, (answer: OwnerAnswer) => void>();
  /** SyncStep1 that a member has not answered. */
  readonly #unanswered = new Map<Member, number>();
  #lastId = 0;

  constructor(context: HeldUpdatesContext) {
    this.#context = context;
    this.#facts = new Facts(context.owners);
  }

  /** Nothing waits here. */
  get isIdle(): boolean {
    return this.#queues.size === 0 && this.#proxied.size === 0;
  }

  get members(): Member[] {
    return [...this.#queues.keys()];
  }

  isHolding(member: Member): boolean {
    return this.#queues.has(member);
  }

  /** A SyncStep1 was sent to the member, for whatever reason: its answers come in order. */
  asked(member: Member): void {
    this.#unanswered.set(member, (this.#unanswered.get(member) ?? 0) + 1);
  }

  /** The first of the member's messages, or one that is not held. */
  judge(document: RoomDocument, member: Member, { inspected }: HeldMessage): Decision {
    this.#facts.document = document;
    this.#facts.questions = this.#queues.get(member)?.questions ?? null;
    return judge(inspected.summary.clocks, member, this.#facts);
  }

  /** Behind what the member has waiting, if anything. */
  push(member: Member, message: HeldMessage): void {
    let queue = this.#queues.get(member);
    if (queue === undefined) {
      queue = { messages: [], bytes: 0, isPaused: false, sinceMs: this.#context.environment.now(), questions: new Map() };
      this.#queues.set(member, queue);
    }
    queue.messages.push(message);
    queue.bytes += message.inspected.update.length;
    if (queue.isPaused || queue.bytes <= this.#context.limits.maxWaitingBytes) return;
    queue.isPaused = true;
    member.pause();
  }

  /** The first message of the member waits for these. */
  waitFor(document: RoomDocument, member: Member, claims: readonly Claim[]): void {
    const queue = this.#queues.get(member);
    if (queue === undefined) return;
    for (const { client, owner } of claims) {
      if (!isSameOwner(queue.questions.get(client)?.owner, owner)) queue.questions.set(client, this.#question(client, owner));
    }
    this.#ask(document, [...queue.questions.values()]);
  }

  first(member: Member): HeldMessage | null {
    return this.#queues.get(member)?.messages[0] ?? null;
  }

  /** The first message of the member is dealt with. */
  shift(member: Member): void {
    const queue = this.#queues.get(member);
    const message = queue?.messages.shift();
    if (queue === undefined || message === undefined) return;
    queue.bytes -= message.inspected.update.length;
    queue.questions.clear();
    queue.sinceMs = this.#context.environment.now();
    if (queue.messages.length === 0) this.drop(member);
  }

  /** What the member has waiting is of no use any more. */
  drop(member: Member): void {
    const queue = this.#queues.get(member);
    if (queue === undefined) return;
    this.#queues.delete(member);
    if (queue.isPaused) member.resume();
  }

  left(member: Member): void {
    this.#queues.delete(member);
    this.#unanswered.delete(member);
  }

  /** The member has sent this, which tells how far its ids are at least. */
  heard(member: Member, { summary }: Inspected): void {
    if (this.isIdle) return;
    for (const question of this.#questions()) if (question.owner === member) vouch(question, summary.clocks);
  }

  /** The member has answered a SyncStep1, and its answer has been dealt with, or waits. */
  answered(member: Member, document: RoomDocument): void {
    const unanswered = this.#unanswered.get(member) ?? 0;
    if (unanswered > 0) this.#unanswered.set(member, unanswered - 1);
    if (this.isIdle) return;
    for (const question of this.#questions()) {
      if (question.owner !== member || question.answersLeft === null || question.answersLeft === 0) continue;
      question.answersLeft -= 1;
      if (question.answersLeft === 0) question.word = { ...question.word, isFinal: true };
    }
    this.#ask(document, this.#questions());
  }

  /** Another node has said how far the owner is, that it is asking it, or that it is not there. */
  answeredByNode(node: string, id: number, answer: OwnerAnswer): void {
    for (const question of this.#questions()) {
      if (question.id !== id || question.owner.node !== node) continue;
      if (answer === 'asking') question.isConfirmed = true;
      else question.word = answer === 'absent' ? ABSENT : { clock: answer, isFinal: true, isAbsent: false };
    }
  }

  /** Another node asks how far a member of this one is with its id. */
  askFor(document: RoomDocument, clientId: number, tell: (answer: OwnerAnswer) => void): void {
    const owner = this.#context.owners.ownerOf(clientId);
    const member = owner === null ? null : this.#context.owners.memberOf(owner);
    if (member === null) return tell('absent');
    tell('asking');
    const question = this.#question(clientId, member);
    this.#proxied.set(question, tell);
    this.#ask(document, [question]);
  }

  /** Tells other nodes what is known by now, once the others have it. */
  tellNodes(document: RoomDocument, journal: Journal): void {
    for (const [question, tell] of this.#proxied) {
      const isThere = this.#context.owners.ownerOf(question.clientId) === question.owner;
      if (isThere && !question.word.isFinal) continue;
      this.#proxied.delete(question);
      const answer = isThere ? Math.max(question.word.clock, document.clockOf(question.clientId)) : 'absent';
      // Durable is published.
      void journal.whenDurable(journal.lastSeq).then((isDurable) => {
        if (isDurable) tell(answer);
      });
    }
  }

  /** Gives up questions that nobody will answer. @returns Those whose first message has waited too long. */
  late(nowMs: number): Member[] {
    const { ownerAnswerMs, repairTimeoutMs } = this.#context.limits;
    for (const question of this.#proxied.keys()) if (nowMs - question.sinceMs >= ownerAnswerMs) this.#proxied.delete(question);
    for (const question of this.#questions()) {
      // A node that does not even say that it asks is gone, or does not know the question.
      const isUnheard = question.owner.node !== undefined && !question.isConfirmed && nowMs - question.sinceMs >= repairTimeoutMs;
      if (isUnheard && !question.word.isFinal) question.word = ABSENT;
    }
    return [...this.#queues].filter(([, { sinceMs }]) => nowMs - sinceMs >= ownerAnswerMs).map(([member]) => member);
  }

  #question(clientId: number, owner: PresencePeer): Question {
    const question: Question = {
      id: (this.#lastId += 1),
      clientId,
      owner,
      word: NOTHING_SAID,
      answersLeft: null,
      sinceMs: this.#context.environment.now(),
      isConfirmed: false,
    };
    const member = this.#context.owners.memberOf(owner);
    // What it sent before and waits itself.
    if (member !== null) {
      for (const { inspected } of this.#queues.get(member)?.messages ?? []) vouch(question, inspected.summary.clocks);
    }
    return question;
  }

  #ask(document: RoomDocument, questions: Iterable<Question>): void {
    const busy = new Set<PresencePeer>();
    for (const { owner, answersLeft } of this.#questions()) if (answersLeft !== null && answersLeft > 0) busy.add(owner);
    const askedNow = new Set<PresencePeer>();
    for (const question of questions) {
      const { owner, word } = question;
      if (question.answersLeft !== null || word.isFinal || word.isAbsent) continue;
      if (owner.node !== undefined) {
        question.answersLeft = 0;
        if (!this.#context.askNode(owner.node, question.id, question.clientId)) question.word = ABSENT;
        continue;
      }
      const member = this.#context.owners.memberOf(owner);
      if (member === null || busy.has(owner)) continue;
      if (!askedNow.has(owner)) {
        askedNow.add(owner);
        this.#context.ask(member, document);
      }
      question.answersLeft = this.#unanswered.get(member) ?? 1;
    }
  }

  *#questions(): Generator<Question> {
    for (const queue of this.#queues.values()) yield* queue.questions.values();
    yield* this.#proxied.keys();
  }
}

/** For one judgement after the other: every update that anybody sends is judged. */
class Facts implements OwnershipFacts {
  document: RoomDocument | null = null;
  questions: ReadonlyMap<number, Question> | null = null;
  readonly #owners: Owners;

  constructor(owners: Owners) {
    this.#owners = owners;
  }

  clockOf(client: number): number {
    return this.document?.clockOf(client) ?? 0;
  }

  ownerOf(client: number): PresencePeer | null {
    return this.#owners.ownerOf(client);
  }

  wordOf(client: number, owner: PresencePeer): Word | null {
    const question = this.questions?.get(client);
    return question !== undefined && isSameOwner(question.owner, owner) ? question.word : null;
  }
}

/** What stands for a node is made anew with everything the node says. */
function isSameOwner(a: PresencePeer | undefined, b: PresencePeer): boolean {
  return a === b || (a?.node !== undefined && a.node === b.node);
}

function vouch(question: Question, clocks: Inspected['summary']['clocks']): void {
  for (const { client, to } of clocks) {
    if (client === question.clientId && to > question.word.clock) question.word = { ...question.word, clock: to };
  }
}
