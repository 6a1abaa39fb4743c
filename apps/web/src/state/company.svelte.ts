/**
 * The company of others on a board beyond seeing them: following, presenting, raised hands, the marks at the edge. Its code
 * is fetched after the first paint, see features/people/Company.svelte.
 */
import * as m from '$words/state-company';
import { createSubscriber } from 'svelte/reactivity';
import { nextTicket, placesOf } from '../core/hands.ts';
import { cursorsOf, parsePresence, type Participant } from '../core/participants.ts';
import { edgePointers, type EdgePointer, type Insets } from '../core/edge-pointers.ts';
import { cameraAround } from '../core/view-camera.ts';
import { nameInSentence } from '../core/sentences.ts';
import { watchActivity } from '../browser/activity.ts';
import { pageGlide } from '../browser/page-glide.ts';
import { scheduleTimeout } from '../browser/timers.ts';
import type { BoardSession } from '../session/board-session.ts';
import { CameraGlide } from '../session/camera-glide.ts';
import { Following, type Followed, type FollowEnd } from '../session/following.ts';
import { Invitations } from '../session/invitations.ts';
import type { Stage } from '@wetink/canvas';
import type { People } from './people.svelte.ts';
import { Signs } from './signs.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** Marks at the edge follow their pointers this often, ms: they are signposts, and each move of one is work for the page. */
const EDGE_EVERY_MS = 120;

export interface CompanyPorts {
  readonly session: BoardSession;
  readonly stage: Stage;
  readonly people: People;
  readonly toasts: Toasts;
}

const pageEnvironment = { ...pageGlide, schedule: scheduleTimeout };

export class Company {
  readonly #ports: CompanyPorts;
  readonly #following: Following;
  readonly #glide: CameraGlide;
  /** Reactions, words beside the cursor, notices. */
  readonly signs: Signs;
  readonly #stops: readonly (() => void)[];
  #subscribe: () => void;
  #subscribeEdge: () => void;

  constructor(ports: CompanyPorts) {
    const { session, stage } = ports;
    this.#ports = ports;
    this.#glide = new CameraGlide(stage, pageEnvironment);
    this.#following = new Following({
      session,
      stage,
      environment: pageEnvironment,
      onEnd: (followed, end) => this.#sayEnd(followed, end),
    });
    this.signs = new Signs(ports);
    this.#subscribe = createSubscriber((update) => this.#following.onChange(update));
    this.#subscribeEdge = createSubscriber((update) => this.#watchEdge(update));
    const invitations = new Invitations({ ...ports, now: pageEnvironment.now, accept: (clientId, id) => this.follow(clientId, id) });
    this.#stops = [
      watchActivity({ page: document, onRest: (rest) => session.announce({ rest: rest ?? undefined }), ...pageEnvironment }),
      () => this.signs.close(),
      () => invitations.close(),
      () => this.#glide.stop(),
      () => this.#following.close(),
    ];
  }

  /** The person whose view I follow, as the list has them. */
  get followed(): (Pick<Participant, 'name' | 'hue' | 'userId' | 'isMe' | 'picture' | 'face'> & { isPresenting: boolean }) | null {
    this.#subscribe();
    const { followed } = this.#following;
    if (followed === null) return null;
    const person = this.#ports.people.list.find(({ userId }) => userId === followed.userId);
    return {
      userId: followed.userId,
      name: person?.name ?? followed.name,
      hue: person?.hue ?? 0,
      isMe: person?.isMe ?? false,
      picture: person?.picture ?? null,
      face: person?.face ?? null,
      isPresenting: followed.presentation !== null,
    };
  }
  get isPresenting(): boolean {
    this.#subscribe();
    return this.#following.presents !== null;
  }
  /** Names of the people whose view I lead. */
  get followers(): readonly string[] {
    this.#subscribe();
    const { followers } = this.#following;
    return this.#ports.people.list.filter(({ userId, isMe }) => !isMe && followers.includes(userId)).map(({ name }) => name);
  }
  isFollowingMe(userId: string): boolean {
    this.#subscribe();
    return this.#following.followers.includes(userId);
  }
  follow(clientId: number, presentation: string | null = null): void {
    this.#glide.stop();
    if (this.#following.follow(clientId, presentation)) return;
    const name = this.#ports.people.nameOfClient(clientId);
    this.#ports.toasts.say(name === null ? m.theyHaveLeft() : m.followsYouAlready({ name: nameInSentence(name) }));
  }
  /** @returns Whether there was anything to stop. */
  stopFollowing(): boolean {
    const isFollowing = this.#following.followed !== null;
    this.#following.stop();
    return isFollowing;
  }
  /** Asks everyone to follow me, or stops that. */
  togglePresenting(): void {
    if (this.#following.presents !== null) return this.#following.stopPresenting();
    this.#following.present(crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36) ?? '0');
  }

  /** Place of each person with a raised hand, by user id. */
  get places(): ReadonlyMap<string, number> {
    return placesOf(this.#ports.people.list);
  }
  /** My hand is up, on this page. */
  get isHandUp(): boolean {
    this.#ports.people.watch();
    return this.#mine?.hand !== undefined;
  }
  toggleHand(): void {
    const raised = this.#ports.people.list.flatMap(({ hand }) => (hand === null ? [] : [{ hand }]));
    this.#ports.session.announce({ hand: this.isHandUp ? undefined : nextTicket(raised) });
  }

  /** Marks of pointers out of view. @param insets Read at each look: bars change with the page. */
  edge(insets: Insets): readonly EdgePointer[] {
    this.#subscribeEdge();
    const { stage } = this.#ports;
    return edgePointers(this.#peers(), stage.state.camera, stage.size, insets);
  }
  /** Brings the pointer of a client to the middle of the view. */
  goTo(clientId: number): void {
    const { stage } = this.#ports;
    const at = this.#peers().find((peer) => peer.clientId === clientId)?.cursor;
    if (at === undefined || at === null) return;
    this.stopFollowing();
    this.#glide.to(cameraAround(at, stage.state.camera.zoom, stage.size));
  }
  close(): void {
    for (const stop of this.#stops) stop();
  }

  get #mine(): ReturnType<typeof parsePresence> {
    const { awareness } = this.#ports.session.room;
    return parsePresence(awareness.getLocalState(), awareness.clientID);
  }
  #peers(): ReturnType<typeof cursorsOf> {
    const { session } = this.#ports;
    return cursorsOf(session.room.awareness.getStates(), session.room.awareness.clientID, session.me.id, session.board.page);
  }
  #watchEdge(update: () => void): () => void {
    const { session, stage } = this.#ports;
    let cancel: (() => void) | null = null;
    const soon = (): void => {
      cancel ??= scheduleTimeout(() => {
        cancel = null;
        update();
      }, EDGE_EVERY_MS);
    };
    const stops = [session.onPresence(soon), stage.onState(soon)];
    return () => {
      cancel?.();
      stops.forEach((stop) => stop());
    };
  }
  #sayEnd({ name }: Followed, end: FollowEnd): void {
    const shown = nameInSentence(name);
    if (end === 'left') this.#ports.toasts.say(m.hasLeftYouNoLonger({ shown }));
    if (end === 'over') this.#ports.toasts.say(m.hasStoppedPresenting({ shown }));
    if (end === 'ring') this.#ports.toasts.say(m.followsYouNow({ shown }));
  }
}
