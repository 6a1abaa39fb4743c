/**
 * Following another person's view, being followed, and presenting.
 *
 *   I follow   my camera glides to the view that my leader tells; anything I do with the camera or a pen ends it
 *   followed   I tell my view, as long as somebody's chain of following leads to me and I follow nobody
 *   presents   I ask everybody to follow; those who accept follow until they or I stop
 */
import type { Camera, Stage } from '@wetink/canvas';
import { followersOf, leaderOf, mustLetGo, type Follows } from '../core/follow-chain.ts';
import { parsePresence, participantsOf, type PresenceState } from '../core/participants.ts';
import type { View } from '../core/presence-parts.ts';
import { cameraFor, viewOf } from '../core/view-camera.ts';
import type { BoardSession } from './board-session.ts';
import { CameraGlide, type GlideEnvironment } from './camera-glide.ts';
import { Listeners } from './listeners.ts';

export interface Followed {
  readonly clientId: number;
  readonly userId: string;
  readonly name: string;
  /** The presentation that was accepted; null when they were followed without being asked. */
  readonly presentation: string | null;
}

/** `own`: by an act of mine. `left`: they are gone. `over`: they stopped presenting. `ring`: they follow me. */
export type FollowEnd = 'own' | 'left' | 'over' | 'ring';

export interface FollowingOptions {
  readonly session: Pick<BoardSession, 'room' | 'me' | 'announce' | 'onPresence' | 'board' | 'showPage'>;
  readonly stage: Pick<Stage, 'state' | 'size' | 'setCamera' | 'onState'>;
  readonly environment: GlideEnvironment & { schedule(run: () => void, delayMs: number): () => void };
  readonly onEnd: (followed: Followed, end: FollowEnd) => void;
}

/** A person who reloads or whose connection is cut is back within this. */
export const LEFT_AFTER_MS = 10_000;

export class Following {
  readonly #options: FollowingOptions;
  readonly #glide: CameraGlide;
  readonly #changed = new Listeners<[]>();
  readonly #stops: readonly (() => void)[];
  #followed: Followed | null = null;
  #presents: string | null = null;
  /** User ids as JSON. */
  #followers = '';
  #toldCamera: Camera | null = null;
  #cancelLeave: (() => void) | null = null;
  /** The change that the stage reports now is a turn to the leader's page. */
  #isTurning = false;

  constructor(options: FollowingOptions) {
    this.#options = options;
    this.#glide = new CameraGlide(options.stage, options.environment);
    this.#stops = [options.session.onPresence(() => this.#look()), options.stage.onState(() => this.#onStage())];
    this.#look();
  }

  get followed(): Followed | null {
    return this.#followed;
  }
  get presents(): string | null {
    return this.#presents;
  }
  /** User ids of the people whose view I lead. */
  get followers(): readonly string[] {
    return this.#followers === '' ? [] : (JSON.parse(this.#followers) as string[]);
  }
  onChange(callback: () => void): () => void {
    return this.#changed.add(callback);
  }

  /** @returns False when they follow me already, or have left. */
  follow(clientId: number, presentation: string | null = null): boolean {
    const presence = this.#presence(clientId);
    const follows = this.#follows();
    follows.delete(this.#myId);
    if (presence === null || leaderOf(follows, clientId) === this.#myId) return false;
    this.#presents = null;
    this.#followed = { clientId, userId: presence.user.id, name: presence.user.name, presentation };
    this.#glide.begin();
    this.#announce();
    this.#look();
    return true;
  }
  stop(end: FollowEnd = 'own'): void {
    const followed = this.#followed;
    if (followed === null) return;
    this.#cancelLeave?.();
    this.#cancelLeave = null;
    this.#glide.stop();
    this.#followed = null;
    this.#announce();
    this.#options.onEnd(followed, end);
  }
  present(id: string): void {
    this.stop();
    this.#presents = id;
    this.#announce();
  }
  stopPresenting(): void {
    this.#presents = null;
    this.#announce();
  }
  close(): void {
    this.#cancelLeave?.();
    this.#glide.stop();
    for (const stop of this.#stops) stop();
  }

  get #myId(): number {
    return this.#options.session.room.awareness.clientID;
  }
  #presence(clientId: number): PresenceState | null {
    return parsePresence(this.#options.session.room.awareness.getStates().get(clientId), clientId);
  }
  #follows(): Map<number, number> {
    const follows = new Map<number, number>();
    for (const [clientId, state] of this.#options.session.room.awareness.getStates()) {
      const target = parsePresence(state, clientId)?.follows;
      if (target !== undefined && target !== clientId) follows.set(clientId, target);
    }
    return follows;
  }

  /** The others have changed. */
  #look(): void {
    const follows = this.#follows();
    this.#count(follows);
    if (this.#followed === null) return;
    if (mustLetGo(follows, this.#myId)) return this.stop('ring');
    const followed = this.#find(this.#followed);
    const presence = followed === null ? null : this.#presence(followed.clientId);
    if (followed === null || presence === null) {
      this.#cancelLeave ??= this.#options.environment.schedule(() => this.stop('left'), LEFT_AFTER_MS);
      return;
    }
    this.#cancelLeave?.();
    this.#cancelLeave = null;
    if (followed.presentation !== null && presence.presents !== followed.presentation) return this.stop('over');
    this.#go(follows, followed.clientId);
  }
  #go(follows: Follows, clientId: number): void {
    const leader = leaderOf(follows, clientId);
    const presence = leader === null || leader === this.#myId ? null : this.#presence(leader);
    const { session, stage } = this.#options;
    const { view, page = '' } = presence ?? {};
    const { size } = stage;
    // A page that has not arrived yet is shown with the next change of the leader's.
    if (view !== undefined && page !== session.board.page && session.board.pages().some(({ id }) => id === page)) {
      this.#glide.stop();
      this.#isTurning = true;
      session.showPage(page);
      stage.setCamera(cameraFor(view, size));
      this.#isTurning = false;
      this.#glide.begin();
    }
    if (view !== undefined && size.width > 0 && size.height > 0) this.#glide.to(cameraFor(view, size));
  }
  /** They may go on in another tab, or with a new client id after a reload. */
  #find(followed: Followed): Followed | null {
    if (this.#presence(followed.clientId)?.user.id === followed.userId) return followed;
    const { session } = this.#options;
    const person = participantsOf(session.room.awareness.getStates(), session.me).find(({ userId }) => userId === followed.userId);
    const clientId = person?.clients.find((client) => client.clientId !== this.#myId)?.clientId;
    if (clientId === undefined) return null;
    this.#followed = { ...followed, clientId };
    this.#announce();
    return this.#followed;
  }
  #count(follows: Follows): void {
    const ids = followersOf(follows, this.#myId).flatMap((clientId) => this.#presence(clientId)?.user.id ?? []);
    const followers = ids.length === 0 ? '' : JSON.stringify([...new Set(ids)]);
    if (followers === this.#followers) return;
    this.#followers = followers;
    this.#announce();
  }

  #onStage(): void {
    const { stage } = this.#options;
    if (this.#isTurning) return;
    if (this.#followed !== null && !this.#glide.isMoving && (stage.state.isBusy || this.#glide.wasMovedByOthers)) this.stop();
    if (this.#isLeading) this.#tellView();
  }
  get #isLeading(): boolean {
    return this.#followed === null && (this.#presents !== null || this.#followers !== '');
  }
  #tellView(): void {
    const { session, stage } = this.#options;
    if (stage.state.camera === this.#toldCamera) return;
    this.#toldCamera = stage.state.camera;
    session.announce({ view: this.#view });
  }
  get #view(): View | undefined {
    const { state, size } = this.#options.stage;
    return this.#isLeading && size.width > 0 ? viewOf(state.camera, size) : undefined;
  }
  #announce(): void {
    this.#options.session.announce({ follows: this.#followed?.clientId, presents: this.#presents ?? undefined, view: this.#view });
    this.#changed.tell();
  }
}
