/**
 * The rights of one connection: the answer of `authorize`, for as long as it holds.
 *
 *     token -> authorize -> granted -+-- every 10 s, or when rights may have changed: recheck -> confirmed | refused
 *                                    +-- a minute before it expires: expiring, then refused with token_expired
 *                                    +-- another token -> authorize -> granted anew, or refused
 *
 * An answer in flight while rights change may be stale, so it is asked again: a first answer before it counts, a recheck
 * right after it. So at most one question is open, however many changes are reported.
 */

import type { Role } from '@wetink/protocol';
import type { Admission, AuthorizeAnswer, RecheckAnswer, Refusal } from '../ports/authorize.ts';
import type { Environment } from '../ports/environment.ts';
import type { Alarms, Sleeper } from './alarms.ts';

/** Shared by all connections. */
export interface AuthorizationClocks {
  environment: Pick<Environment, 'now' | 'random'>;
  alarms: Alarms;
  /** ms since 1970. */
  wallClock(): number;
}

export interface AuthorizationPorts {
  readonly clocks: AuthorizationClocks;
  authorize(token: string): Promise<AuthorizeAnswer>;
}

export interface AuthorizationEvents {
  /** Let in, or let in anew with another token. */
  granted(admission: Admission, role: Role, token: string): void;
  /** Still has access, perhaps with another role. */
  confirmed(role: Role): void;
  /** Has no access, or no longer. No event follows. */
  refused(refusal: Refusal): void;
  /** Ends in `leftMs` unless another token comes. */
  expiring(leftMs: number): void;
  /** `authorize` threw. No event follows. */
  failed(error: unknown): void;
  /** `recheck` threw. It is tried again. */
  unanswered(error: unknown): void;
}

/** On average. With the bus down a change of rights gets here only this way, so the longest pause and an answer stay below 15 s. */
const RECHECK_MS = 10_000;
/** Share of `RECHECK_MS`, either way: connections that came together are not asked about together for ever. */
const RECHECK_JITTER = 1 / 4;
const RECHECK_AGAIN_MS = 1_000;
/** After this long without an answer the last one no longer holds. */
const MAX_UNANSWERED_MS = 15_000;
/**
 * Time to fetch another token. At most half of what is left when a token comes: a client whose tokens last a minute, or
 * that sends the same one again, would otherwise get a notice in answer to each.
 */
const EXPIRY_NOTICE_MS = 60_000;
/** Users reported as changed while one answer is in flight; beyond it every user counts as changed. */
const MAX_CHANGED_USERS = 1_000;
const NO_ALARM = -1;

export class Authorization implements Sleeper {
  readonly #ports: AuthorizationPorts;
  readonly #events: AuthorizationEvents;
  #admission: Admission | null = null;
  #isAuthorizing = false;
  /** The newest token that came while another was asked about. */
  #nextToken: string | null = null;
  /** Number of reports that rights may have changed. */
  #changes = 0;
  /** Users reported as changed while this connection's user is not known yet. Null: none. */
  #changedUserIds: Set<string> | null = null;
  #question: { isOvertaken: boolean } | null = null;
  #unansweredSinceMs: number | null = null;
  #recheckAtMs = Infinity;
  /** By the environment's clock, from the wall clock when the answer came: setting that clock later changes nothing. */
  #expiresAtMs = Infinity;
  #noticeMs = EXPIRY_NOTICE_MS;
  #isExpiryTold = false;
  /** Slot of its alarm. */
  #alarm = NO_ALARM;
  #isClosed = false;

  constructor(ports: AuthorizationPorts, events: AuthorizationEvents) {
    this.#ports = ports;
    this.#events = events;
  }

  /** Asks about this token. While another is asked about, the newest waits. */
  authenticate(token: string): void {
    if (this.#isAuthorizing) this.#nextToken = token;
    else void this.#authorize(token);
  }

  /**
   * Rights may have changed: every answer until now is asked again.
   * @param userId Only this user's rights. Changes of other users delay no connection that is being let in: some user's
   *   rights always change.
   */
  changed(userId?: string): void {
    if (userId === undefined || (this.#changedUserIds?.size ?? 0) >= MAX_CHANGED_USERS) this.#changes += 1;
    else if (this.#isAuthorizing) (this.#changedUserIds ??= new Set()).add(userId);
    const admission = this.#admission;
    if (admission !== null && (userId === undefined || userId === admission.userId)) this.#recheck();
  }

  rings(): void {
    this.#alarm = NO_ALARM;
    const nowMs = this.#nowMs();
    const leftMs = this.#leftMs();
    if (leftMs <= 0) return this.#refuse({ ok: false, code: 'UNAUTHENTICATED', reason: 'token_expired' });
    if (nowMs - (this.#unansweredSinceMs ?? nowMs) >= MAX_UNANSWERED_MS) return this.#refuse({ ok: false, code: 'UNAVAILABLE' });
    if (leftMs <= this.#noticeMs && !this.#isExpiryTold) {
      this.#isExpiryTold = true;
      this.#events.expiring(leftMs);
    }
    if (nowMs >= this.#recheckAtMs) this.#recheck();
    else this.#arm();
  }

  /** Final. */
  close(): void {
    this.#isClosed = true;
    this.#turnOff();
    this.#nextToken = null;
  }

  async #authorize(token: string): Promise<void> {
    this.#isAuthorizing = true;
    const told = await this.#answerTo(token).then(
      (answer) => () => this.#answered(answer, token),
      (error: unknown) => () => this.#events.failed(error),
    );
    this.#isAuthorizing = false;
    this.#changedUserIds = null;
    if (this.#isClosed) return;
    const next = this.#nextToken;
    this.#nextToken = null;
    told();
    if (next !== null && !this.#isClosed) this.authenticate(next);
  }

  /** The role of the admission is the newest known. */
  async #answerTo(token: string): Promise<Refusal | { ok: true; admission: Admission; role: Role }> {
    let changes = this.#changes;
    this.#changedUserIds = null;
    const admission = await this.#ports.authorize(token);
    if (!admission.ok) return admission;
    let { role } = admission;
    while ((changes !== this.#changes || this.#hasChanged(admission.userId)) && canBeAsked(admission)) {
      changes = this.#changes;
      this.#changedUserIds = null;
      const again = await admission.recheck();
      if (!again.ok) return again;
      role = again.role;
    }
    return { ok: true, admission, role };
  }

  #hasChanged(userId: string): boolean {
    return this.#changedUserIds?.has(userId) === true;
  }

  #answered(answer: Refusal | { ok: true; admission: Admission; role: Role }, token: string): void {
    if (!answer.ok) return this.#refuse(answer);
    const { clocks } = this.#ports;
    this.#admission = answer.admission;
    this.#expiresAtMs = this.#nowMs() + ((answer.admission.expiresAtMs ?? Infinity) - clocks.wallClock());
    this.#question = null;
    this.#unansweredSinceMs = null;
    this.#isExpiryTold = false;
    this.#noticeMs = Math.min(EXPIRY_NOTICE_MS, this.#leftMs() / 2);
    this.#recheckAtMs = canBeAsked(answer.admission) ? this.#nextRecheckAtMs() : Infinity;
    this.#arm();
    this.#events.granted(answer.admission, answer.role, token);
  }

  #recheck(): void {
    const admission = this.#admission;
    if (this.#isClosed || admission === null || !canBeAsked(admission)) return;
    if (this.#question !== null) {
      this.#question.isOvertaken = true;
      return;
    }
    const question = (this.#question = { isOvertaken: false });
    this.#unansweredSinceMs ??= this.#nowMs();
    this.#recheckAtMs = Infinity;
    this.#arm();
    ask(admission).then(
      (answer) => this.#rechecked(question, answer),
      (error: unknown) => {
        if (this.#isClosed || this.#question !== question) return;
        this.#question = null;
        this.#recheckAtMs = this.#nowMs() + RECHECK_AGAIN_MS;
        this.#arm();
        this.#events.unanswered(error);
      },
    );
  }

  #rechecked(question: { isOvertaken: boolean }, answer: RecheckAnswer): void {
    if (this.#isClosed || this.#question !== question) return;
    this.#question = null;
    this.#unansweredSinceMs = null;
    if (!answer.ok) return this.#refuse(answer);
    this.#recheckAtMs = this.#nextRecheckAtMs();
    this.#arm();
    this.#events.confirmed(answer.role);
    if (question.isOvertaken) this.#recheck();
  }

  #nextRecheckAtMs(): number {
    const { environment } = this.#ports.clocks;
    return environment.now() + RECHECK_MS * (1 + RECHECK_JITTER * (2 * environment.random() - 1));
  }

  /** The next alarm is for what is due first. Without a recheck and an expiry there is none. */
  #arm(): void {
    this.#turnOff();
    if (this.#isClosed) return;
    const noticeAtMs = this.#isExpiryTold ? this.#expiresAtMs : this.#expiresAtMs - this.#noticeMs;
    const dueAtMs = Math.min(this.#recheckAtMs, (this.#unansweredSinceMs ?? Infinity) + MAX_UNANSWERED_MS, noticeAtMs);
    if (dueAtMs !== Infinity) this.#alarm = this.#ports.clocks.alarms.set(this, dueAtMs);
  }

  #turnOff(): void {
    if (this.#alarm !== NO_ALARM) this.#ports.clocks.alarms.turnOff(this, this.#alarm);
    this.#alarm = NO_ALARM;
  }

  #leftMs(): number {
    return this.#expiresAtMs - this.#nowMs();
  }

  #nowMs(): number {
    return this.#ports.clocks.environment.now();
  }

  #refuse(refusal: Refusal): void {
    this.close();
    this.#events.refused(refusal);
  }
}

function canBeAsked(admission: Admission): admission is Admission & Required<Pick<Admission, 'recheck'>> {
  return admission.recheck !== undefined;
}

/** A `recheck` that throws is a rejected answer. */
async function ask(admission: Required<Pick<Admission, 'recheck'>>): Promise<RecheckAnswer> {
  return admission.recheck();
}
