/**
 * Document messages that bring structs of another user's id, and wait until its owner has said which clock it has reached
 * (`struct-ownership.ts` decides). All later document messages of that sender wait behind it, in order.
 *
 *     message of S brings structs of O ──▶ held, O is asked (SyncStep1)
 *     O's answer (SyncStep2) has been applied ──▶ S's message is judged again: applied, or refused
 *     O leaves ──▶ applied            O does not answer for `ownerAnswerMs` ──▶ S is closed, to come back
 *
 * An owner's own messages vouch for its id even while they wait: after a server lost its data every member brings the
 * structs of all, and each would wait for all others. Vouched structs are taken from the owner's message and not from the
 * other one (`brought`), so that no other version of them comes first.
 *
 * One question to an owner at a time, however many messages wait for it: each question costs the owner an answer.
 */

import type { Environment } from '../ports/environment.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { Journal } from '../journal/journal.ts';
import type { Seat } from '../member/seat.ts';
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
  ask(seat: Seat, document: RoomDocument): void;
  /** Asks another node about an id of one of its members. @returns False when the bus cannot send now. */
  askNode(node: string, id: number, clientId: number): boolean;
}

interface Question {
  readonly id: number;
  readonly clientId: number;
  readonly owner: PresencePeer;
  word: Word;
  /** SyncStep2 messages of the owner up to the one that answers; null before it is asked. */
  answersLeft: number | null;
  /** When the question was made. */
  readonly sinceMs: number;
  /** The asked node has confirmed that it has such a member, and asks it. */
  isConfirmed: boolean;
}

interface Queue {
  messages: HeldMessage[];
  bytes: number;
  isPaused: boolean;
  /** When the first message became the first. */
  sinceMs: number;
  /** Questions about the first message, by client id. */
  questions: Map<number, Question>;
}

const NOTHING_SAID: Word = { clock: 0, isFinal: false, isAbsent: false };
const ABSENT: Word = { clock: 0, isFinal: false, isAbsent: true };

export class HeldUpdates {
  readonly #context: HeldUpdatesContext;
  readonly #facts: Facts;
  readonly #queues = new Map<Seat, Queue>();
  /** Questions of other nodes, each with the callback for the answer. */
  readonly #proxied = new Map<Question, (answer: OwnerAnswer) => void>();
  /** Number of SyncStep1 messages that a member has not answered. */
  readonly #unanswered = new Map<Seat, number>();
  #lastId = 0;

  constructor(context: HeldUpdatesContext) {
    this.#context = context;
    this.#facts = new Facts(context.owners);
  }

  /** True when no message waits here, and no question of another node. */
  get isIdle(): boolean {
    return this.#queues.size === 0 && this.#proxied.size === 0;
  }

  get seats(): Seat[] {
    return [...this.#queues.keys()];
  }

  isHolding(seat: Seat): boolean {
    return this.#queues.has(seat);
  }

  /** To be called for every SyncStep1 sent to the member: its answers come in order. */
  asked(seat: Seat): void {
    this.#unanswered.set(seat, (this.#unanswered.get(seat) ?? 0) + 1);
  }

  /** True while the member has a SyncStep1 to answer. */
  isAsked(seat: Seat): boolean {
    return (this.#unanswered.get(seat) ?? 0) > 0;
  }

  /** Judges the first of the member's held messages, or one that is not held. */
  judge(document: RoomDocument, seat: Seat, { inspected }: HeldMessage): Decision {
    this.#facts.document = document;
    this.#facts.questions = this.#queues.get(seat)?.questions ?? null;
    return judge(inspected.summary.clocks, seat.member, this.#facts);
  }

  /** Queues a message behind those of the member that wait already. */
  push(seat: Seat, message: HeldMessage): void {
    let queue = this.#queues.get(seat);
    if (queue === undefined) {
      queue = { messages: [], bytes: 0, isPaused: false, sinceMs: this.#context.environment.now(), questions: new Map() };
      this.#queues.set(seat, queue);
    }
    queue.messages.push(message);
    queue.bytes += message.inspected.update.length;
    if (queue.isPaused || queue.bytes <= this.#context.limits.maxWaitingBytes) return;
    queue.isPaused = true;
    seat.member.pause();
  }

  /** The first message of the member waits for these owners. Asks them. */
  waitFor(document: RoomDocument, seat: Seat, claims: readonly Claim[]): void {
    const queue = this.#queues.get(seat);
    if (queue === undefined) return;
    for (const { client, owner } of claims) {
      if (!isSameOwner(queue.questions.get(client)?.owner, owner)) queue.questions.set(client, this.#question(client, owner));
    }
    this.#ask(document, [...queue.questions.values()]);
  }

  first(seat: Seat): HeldMessage | null {
    return this.#queues.get(seat)?.messages[0] ?? null;
  }

  /** Removes the first message of the member, which was applied or refused. */
  shift(seat: Seat): void {
    const queue = this.#queues.get(seat);
    const message = queue?.messages.shift();
    if (queue === undefined || message === undefined) return;
    queue.bytes -= message.inspected.update.length;
    queue.questions.clear();
    queue.sinceMs = this.#context.environment.now();
    if (queue.messages.length === 0) this.drop(seat);
  }

  /** Drops all messages of the member that wait. */
  drop(seat: Seat): void {
    const queue = this.#queues.get(seat);
    if (queue === undefined) return;
    this.#queues.delete(seat);
    if (queue.isPaused) seat.member.resume();
  }

  left(seat: Seat): void {
    this.#queues.delete(seat);
    this.#unanswered.delete(seat);
  }

  /** Notes which clocks the member has reached at least, by an update it has sent. */
  heard(seat: Seat, { summary }: Inspected): void {
    if (this.isIdle) return;
    for (const question of this.#questions()) if (question.owner === seat.member) vouch(question, summary.clocks);
  }

  /** The member has answered a SyncStep1, and its answer has been applied or refused, or waits. */
  answered(seat: Seat, document: RoomDocument): void {
    const unanswered = this.#unanswered.get(seat) ?? 0;
    if (unanswered > 0) this.#unanswered.set(seat, unanswered - 1);
    if (this.isIdle) return;
    for (const question of this.#questions()) {
      if (question.owner !== seat.member || question.answersLeft === null || question.answersLeft === 0) continue;
      question.answersLeft -= 1;
      if (question.answersLeft === 0) question.word = { ...question.word, isFinal: true };
    }
    this.#ask(document, this.#questions());
  }

  /** Another node has sent the owner's clock, or that it asks the owner, or that the owner is not there. */
  answeredByNode(node: string, id: number, answer: OwnerAnswer): void {
    for (const question of this.#questions()) {
      if (question.id !== id || question.owner.node !== node) continue;
      if (answer === 'asking') question.isConfirmed = true;
      else question.word = answer === 'absent' ? ABSENT : { clock: answer, isFinal: true, isAbsent: false };
    }
  }

  /** Another node asks which clock a member of this node has reached with its id. */
  askFor(document: RoomDocument, clientId: number, tell: (answer: OwnerAnswer) => void): void {
    const owner = this.#context.owners.ownerOf(clientId);
    const seat = owner === null ? null : this.#context.owners.seatOf(owner);
    if (seat === null) return tell('absent');
    tell('asking');
    const question = this.#question(clientId, seat.member);
    this.#proxied.set(question, tell);
    this.#ask(document, [question]);
  }

  /** Answers other nodes whose questions are decided, once the structs in the answer are published. */
  tellNodes(document: RoomDocument, journal: Journal): void {
    for (const [question, tell] of this.#proxied) {
      const isThere = this.#context.owners.ownerOf(question.clientId) === question.owner;
      if (isThere && !question.word.isFinal) continue;
      this.#proxied.delete(question);
      const answer = isThere ? Math.max(question.word.clock, document.clockOf(question.clientId)) : 'absent';
      // Durable structs are published.
      void journal.whenDurable(journal.lastSeq).then((isDurable) => {
        if (isDurable) tell(answer);
      });
    }
  }

  /** Drops questions that will get no answer. @returns Seats of members whose first message has waited too long. */
  late(nowMs: number): Seat[] {
    const { ownerAnswerMs, repairTimeoutMs } = this.#context.limits;
    for (const question of this.#proxied.keys()) if (nowMs - question.sinceMs >= ownerAnswerMs) this.#proxied.delete(question);
    for (const question of this.#questions()) {
      // A node that does not confirm is gone, or does not know the question.
      const isUnheard = question.owner.node !== undefined && !question.isConfirmed && nowMs - question.sinceMs >= repairTimeoutMs;
      if (isUnheard && !question.word.isFinal) question.word = ABSENT;
    }
    return [...this.#queues].filter(([, { sinceMs }]) => nowMs - sinceMs >= ownerAnswerMs).map(([seat]) => seat);
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
    const seat = this.#context.owners.seatOf(owner);
    // Its own messages that wait vouch for it too.
    if (seat !== null) {
      for (const { inspected } of this.#queues.get(seat)?.messages ?? []) vouch(question, inspected.summary.clocks);
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
      const seat = this.#context.owners.seatOf(owner);
      if (seat === null || busy.has(owner)) continue;
      if (!askedNow.has(owner)) {
        askedNow.add(owner);
        this.#context.ask(seat, document);
      }
      question.answersLeft = this.#unanswered.get(seat) ?? 1;
    }
  }

  *#questions(): Generator<Question> {
    for (const queue of this.#queues.values()) yield* queue.questions.values();
    yield* this.#proxied.keys();
  }
}

/** Reused, because every incoming update is judged. */
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

/** The stand-in for a node is made anew with every message of the node, so nodes are compared by name. */
function isSameOwner(a: PresencePeer | undefined, b: PresencePeer): boolean {
  return a === b || (a?.node !== undefined && a.node === b.node);
}

function vouch(question: Question, clocks: Inspected['summary']['clocks']): void {
  for (const { client, to } of clocks) {
    if (client === question.clientId && to > question.word.clock) question.word = { ...question.word, clock: to };
  }
}
